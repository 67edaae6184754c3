#!/usr/bin/env python3
"""Compares `salvor timeline` with every event that etcd's watch gave while the cluster of kube-1.36-etcd-3.7 was made: of each
snapshot those above its compacted revision, of both together those of either. What was deleted has the last state that
the maker kept, and an update the manager of the call that made it. Ends with `N passed, N failed`.

usage: kube_timeline.py --salvor PATH [--data FOLDER]

The data is that of SALVOR_DATA, or ../shared/data beside the tree; without it the suite has nothing to compare.
"""
import argparse, ast, json, os, pathlib, subprocess, sys
from checks import Checks

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CLUSTER = "kube-1.36-etcd-3.7"
PUT_OR_DELETE = {"created": "PUT", "updated": "PUT", "deleted": "DELETE", "expired": "DELETE"}


def timeline(salvor, *words):
    done = subprocess.run([salvor, "timeline", *map(str, words), "-o", "jsonl"], capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.split("\n")[:-1]]


def watched(folder):
    """(revision, verb, key, whether the key was new), as etcd's watch had it."""
    found = []
    for line in (folder / "answers/etcd-events.tsv").read_text().splitlines()[1:]:
        revision, verb, key, created = line.split("\t")[:4]
        found.append((int(revision), verb, key, created == revision))
    return found


def told(events):
    return [(e["revision"], PUT_OR_DELETE[e["verb"]], e["key"], e["verb"] == "created") for e in events if e["verb"] != "compacted"]


def manifest(call):
    """The last state that the maker kept, as it was served."""
    kept = call["lastManifest"]
    return ast.literal_eval(kept) if isinstance(kept, str) else kept


def check_deleted(salvor, sources, history, checks):
    states = {(e["revision"], e["kind"], e.get("namespace", ""), e["name"]): e.get("lastState")
              for e in timeline(salvor, *sources, "--deleted", "--show-secrets") if e["verb"] != "compacted"}
    for call in history["log"]:
        if call["verb"] != "delete" or not call.get("deletionRevision"):
            continue
        subject = (call["deletionRevision"], call["kind"], call["namespace"], call["name"])
        checks.same(f"the last state of {subject}", states.get(subject), manifest(call))


def check_managers(salvor, sources, history, checks):
    """Of an update that is told with a manager it is the caller's, and but few are told without one."""
    events = {e["revision"]: e for e in timeline(salvor, *sources, "--all") if e["verb"] == "updated"}
    calls = [call for call in history["log"] if call["verb"] in ("update", "patch", "apply") and call["fieldManager"]
             and call.get("resourceVersion") and int(call["resourceVersion"]) in events]
    told = 0
    for call in calls:
        manager = events[int(call["resourceVersion"])].get("manager")
        told += manager is not None
        if manager is not None:
            checks.same(f"who wrote revision {call['resourceVersion']}", manager, call["fieldManager"])
    checks.same("updates without a manager", len(calls) - told < len(calls) / 50, True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--salvor", required=True, type=lambda p: pathlib.Path(p).resolve())
    parser.add_argument("--data", type=pathlib.Path, default=pathlib.Path(os.environ.get("SALVOR_DATA", ROOT.parent / "shared/data")))
    args = parser.parse_args()
    checks = Checks("found", "expected")
    if not (args.data / CLUSTER).is_dir():
        print(f"there is no {args.data / CLUSTER}\n0 passed, 0 failed")
        return 0
    before, after = (args.data / CLUSTER / side for side in ("before", "after"))
    history = json.loads((after / "answers/history.json").read_text())
    marks, events = history["marks"], watched(after)
    old, new = before / "snapshot.db", after / "snapshot.db"
    checks.same("timeline --all of before", told(timeline(args.salvor, old, "--all")), watched(before))
    checks.same("timeline --all of after", told(timeline(args.salvor, new, "--all")), [e for e in events if e[0] > marks["compacted"]])
    for sources in ([old, new], [new, old]):
        checks.same(f"timeline --all of both, {sources[0].parent.name} first", told(timeline(args.salvor, *sources, "--all")), events)
    check_deleted(args.salvor, [old, new], history, checks)
    check_managers(args.salvor, [old, new], history, checks)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
