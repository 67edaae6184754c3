#!/usr/bin/env python3
"""Compares what `salvor get -o jsonl` prints as stored, object by object, with what Kubernetes' own types (the Go program
kube_stored/, over k8s.io/client-go of the cluster's release) make of the values that etcdctl dumped: at the head and at
the older revisions of which there is a raw-at-N.json.zst, in the folders kube-* in ../shared/data beside the checkout (or
where SALVOR_DATA names one). Encrypted values are left out here. Without the folder, or Go's modules, all is skipped.
Ends with `N passed, N failed`.

usage: kube_stored.py --salvor PATH
"""
import argparse, json, os, pathlib, re, shutil, subprocess, sys

HERE = pathlib.Path(__file__).resolve().parent
SHARED = pathlib.Path(os.environ.get("SALVOR_DATA") or HERE.parent.parent.parent / "shared" / "data")
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "salvor" / "kube_stored"
RELEASES = {"kube-1.28-etcd-3.5-at-rest": "0.28.15", "kube-1.36-etcd-3.7": "0.36.3"}  # of k8s.io/client-go


def built(release):
    """The program with one release's types; None where its modules cannot be had."""
    folder, source = CACHE / release, (HERE / "kube_stored" / "main.go").read_text()
    program = folder / "kube_stored"
    if program.exists() and (folder / "main.go").read_text() == source:
        return program
    if not shutil.which("go"):
        return None
    folder.mkdir(parents=True, exist_ok=True)
    modules = "".join(f"\tk8s.io/{name} v{release}\n" for name in ("apimachinery", "client-go"))
    (folder / "go.mod").write_text(f"module kube_stored\n\ngo 1.21\n\nrequire (\n{modules})\n")
    for command in (["go", "mod", "tidy"], ["go", "build", "-buildvcs=false", "-o", program, "."]):
        (folder / "main.go").write_text(source)
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        if done.returncode != 0:
            (folder / "main.go").unlink()
            print(f"k8s.io/client-go v{release}: {done.stderr.strip()[-300:]}")
            return None
    return program


def dumps():
    """(folder, snapshot, dump, revision or None for the head)"""
    for folder in sorted(SHARED.glob("kube-*")):
        for answers in sorted(folder.glob("**/answers")):
            for dump in sorted(answers.glob("raw*.json.zst")):
                at = re.search(r"raw-at-(\d+)", dump.name)
                yield folder, answers.parent / "snapshot.db", dump, at and at[1]


def name_of(item):
    """What two objects of a cluster never share."""
    metadata = item["metadata"]
    return item["apiVersion"].rpartition("/")[0], item["kind"], metadata.get("namespace"), metadata.get("name")


def compare(salvor, program, folder, snapshot, dump, revision):
    """(passed, failed)"""
    raw = subprocess.run(["zstd", "-dc", "--long=27", dump], check=True, capture_output=True).stdout
    done = subprocess.run([program], input=raw, check=True, capture_output=True)
    words = ["--rev", revision] if revision else []
    release = "1." + RELEASES[folder.name].split(".")[1]
    shown = subprocess.run([salvor, "get", snapshot, "-o", "jsonl", "--show-managed-fields", "--show-secrets", "--kubernetes-version", release, *words],
                           capture_output=True)
    ours = {name_of(item): item for item in map(json.loads, shown.stdout.splitlines())}
    passed = failed = 0
    for line in done.stdout.splitlines():
        theirs = json.loads(line)
        item = theirs["object"]
        if not item["metadata"].get("name"):
            continue  # an apiserver's own lease or range, which is no object
        same = ours.get(name_of(item)) == item
        passed, failed = passed + same, failed + (not same)
        if not same and failed < 6:
            print(f"{dump.relative_to(SHARED)}: {theirs['key']}\n    ours   {json.dumps(ours.get(name_of(item)), sort_keys=True)[:600]}\n    theirs {json.dumps(item, sort_keys=True)[:600]}")
    print(f"{dump.relative_to(SHARED)}: {passed} equal, {failed} not, {done.stderr.decode().strip()}")
    return passed, failed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--salvor", required=True, type=pathlib.Path)
    arguments = parser.parse_args()
    passed = failed = skipped = 0
    programs = {}
    for folder, snapshot, dump, revision in dumps():
        release = RELEASES[folder.name]
        if release not in programs:
            programs[release] = built(release)
        if not programs[release]:
            skipped += 1
            print(f"SKIPPED: no Go, or no k8s.io/client-go v{release}")
            continue
        good, bad = compare(arguments.salvor.resolve(), programs[release], folder, snapshot, dump, revision)
        passed, failed = passed + good, failed + bad
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else "" if passed else ", 1 skipped"))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
