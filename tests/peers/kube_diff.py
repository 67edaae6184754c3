#!/usr/bin/env python3
"""Compares `salvor diff` with what is known of the snapshots otherwise: what etcdctl listed of each, what was done between
them by the maker's own log; and that a patch makes one export of the other. Then all pairs of real snapshots: a snapshot
and itself differ in nothing, A and B as B and A.
Ends with `N passed, N failed`.

usage: kube_diff.py --salvor PATH [--data FOLDER]

The data is that of SALVOR_DATA, or ../shared/data beside the tree; without it the suite has nothing to compare.
"""
import argparse, base64, itertools, json, os, pathlib, subprocess, sys, tempfile
from checks import Checks

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CLUSTER = "kube-1.36-etcd-3.7"


def diff(salvor, *words):
    done = subprocess.run([salvor, "diff", *map(str, words), "-o", "json"], capture_output=True, text=True)
    if done.returncode not in (0, 1):
        sys.exit(f"diff {words}: exit {done.returncode}: {done.stderr}")
    answer = json.loads(done.stdout)
    assert done.returncode == (1 if answer["changes"] else 0), f"diff {words}: exit {done.returncode}"
    return answer


def listed(answers):
    """key -> the record, as etcdctl told it of the very revision."""
    raw = subprocess.run(["zstd", "-dcq", answers / "raw.json.zst"], capture_output=True, check=True).stdout
    return {base64.b64decode(kv["key"]).decode(): kv for kv in json.loads(raw)["kvs"]}


def done_between(log, first, last, before, after):
    """(kind, namespace, name) -> what the log's calls of these revisions came to; what was made and is gone again is nothing."""
    touched = set()
    for call in log:
        revision = call.get("deletionRevision") or call.get("resourceVersion")
        # A deletion that a finalizer held back left no revision in the log; the call itself lies between the two.
        if revision is None and call["verb"] == "delete":
            revision = first + 1 if call["time"] > log_time(log, first) else 0
        if revision and first < int(revision) <= last:
            touched.add((call["kind"], call["namespace"], call["name"]))
    change = {}
    for subject in touched:
        was, is_now = subject in before, subject in after
        if was or is_now:
            change[subject] = "added" if not was else "removed" if not is_now else "changed"
    return change


def log_time(log, revision):
    """The time of the last call that is known to lie at or before a revision."""
    return max(call["time"] for call in log if (call.get("resourceVersion") and int(call["resourceVersion"]) <= revision) or
               (call.get("deletionRevision") and call["deletionRevision"] <= revision))


def subjects(salvor, snapshot):
    answer = subprocess.run([salvor, "get", str(snapshot), "-o", "jsonl"], capture_output=True, text=True)
    found = set()
    for line in answer.stdout.split("\n")[:-1]:
        item = json.loads(line)
        found.add((item["kind"], item["metadata"].get("namespace", ""), item["metadata"]["name"]))
    return found


def mirrored(answer):
    swap = {"added": "removed", "removed": "added", "changed": "changed"}
    return [(swap[c["change"]], c["key"], sorted((f["path"], json.dumps(f.get("new")), json.dumps(f.get("old"))) for f in c["fields"]
                                                 if "redacted (" not in json.dumps(f))) for c in answer["changes"]]


def plain(answer):
    return [(c["change"], c["key"], sorted((f["path"], json.dumps(f.get("old")), json.dumps(f.get("new"))) for f in c["fields"]
                                           if "redacted (" not in json.dumps(f))) for c in answer["changes"]]


def check_cluster(salvor, data, checks):
    before, after = (data / CLUSTER / side for side in ("before", "after"))
    old, new = listed(before / "answers"), listed(after / "answers")
    expected = {key: "added" if key not in old else "removed" if key not in new else "changed"
                for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
    found = diff(salvor, before / "snapshot.db", after / "snapshot.db", "--all")
    checks.same("diff --all finds exactly the keys that differ", {c["key"]: c["change"] for c in found["changes"]}, expected)
    checks.same("the two are of one lineage", found["lineage"], {"same": True})
    history = json.loads((after / "answers/history.json").read_text())
    made = done_between(history["log"], history["marks"]["before"], history["marks"]["after"],
                        subjects(salvor, before / "snapshot.db"), subjects(salvor, after / "snapshot.db"))
    found = diff(salvor, before / "snapshot.db", after / "snapshot.db")
    told = {(c["kind"], c.get("namespace", ""), c["name"]): c["change"] for c in found["changes"]}
    checks.same("plain diff finds exactly what somebody did", told, made)
    for revision in (1001, 1092):
        raw = subprocess.run(["zstd", "-dcq", after / f"answers/raw-at-{revision}.json.zst"], capture_output=True, check=True).stdout
        then = {base64.b64decode(kv["key"]).decode(): kv for kv in json.loads(raw)["kvs"]}
        expected = {key for key in then.keys() | new.keys() if then.get(key) != new.get(key)}
        found = diff(salvor, f"{after / 'snapshot.db'}@{revision}", after / "snapshot.db", "--all")
        checks.same(f"diff --all of revision {revision} and the last", {c["key"] for c in found["changes"]}, expected)
        found = diff(salvor, before / "snapshot.db", f"{after / 'snapshot.db'}@{revision}", "--all")
        expected = {key for key in then.keys() | old.keys() if then.get(key) != old.get(key)}
        checks.same(f"diff --all of before and revision {revision}", {c["key"] for c in found["changes"]}, expected)


def check_pairs(salvor, data, checks):
    snapshots = sorted(data.glob("*/*.db")) + sorted(data.glob("kube-*/*/snapshot.db"))
    snapshots = [path for path in snapshots if path.parent.name not in ("forms", "damaged")]
    for path in snapshots:
        checks.same(f"diff of {path} and itself", diff(salvor, path, path, "--all")["changes"], [])
    for a, b in itertools.combinations(snapshots, 2):
        for option in ([], ["--all"]):
            checks.same(f"diff {a} {b} {option} mirrors", mirrored(diff(salvor, b, a, *option)), plain(diff(salvor, a, b, *option)))


def check_patches(salvor, data, checks):
    """For both ways, with the rules and without: the patch makes one export of the other, byte for byte."""
    before, after = (data / CLUSTER / side / "snapshot.db" for side in ("before", "after"))
    for (a, b), (of_export, of_diff) in itertools.product([(before, after), (after, before)], [([], []), (["--raw"], ["--all"])]):
        with tempfile.TemporaryDirectory() as folder:
            for source, name in ((a, "a"), (b, "b")):
                subprocess.run([salvor, "export", source, "--to", name, "--show-secrets", *of_export], cwd=folder, check=True, capture_output=True)
            patch = subprocess.run([salvor, "diff", a, b, "-o", "patch", "--show-secrets", *of_diff], capture_output=True).stdout
            subprocess.run(["patch", "-s", "-p1", "-d", "a"], cwd=folder, input=patch, check=True)
            left = subprocess.run(["diff", "-r", "a", "b"], cwd=folder, capture_output=True, text=True).stdout
            checks.same(f"the patch of {a.parent.name} to {b.parent.name} {of_diff}", left, "")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--salvor", required=True, type=lambda p: pathlib.Path(p).resolve())
    parser.add_argument("--data", type=pathlib.Path, default=pathlib.Path(os.environ.get("SALVOR_DATA", ROOT.parent / "shared/data")))
    args = parser.parse_args()
    checks = Checks("found", "expected")
    if not (args.data / CLUSTER).is_dir():
        print(f"there is no {args.data / CLUSTER}\n0 passed, 0 failed")
        return 0
    check_cluster(args.salvor, args.data, checks)
    check_patches(args.salvor, args.data, checks)
    check_pairs(args.salvor, args.data, checks)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
