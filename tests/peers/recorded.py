#!/usr/bin/env python3
"""Compares `salvor keys`, `leases`, `users`, `roles`, `members`, `alarms` with what etcdctl recorded beside the
snapshots: those of testdata, and where there is a folder ../shared/data beside the checkout (or where SALVOR_DATA names
one) those of it as well, at every revision that was dumped. Ends with `N passed, N failed`.

usage: recorded.py --salvor PATH
"""
import argparse, json, os, pathlib, re, subprocess, sys, tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
REAL = ROOT / "build" / "testdata" / "real"
SHARED = pathlib.Path(os.environ.get("SALVOR_DATA") or ROOT.parent / "shared" / "data")
UNKNOWABLE = ("cluster_id", "member_id", "raft_term")


def pairs():
    """(snapshot, folder of answers)"""
    for top in [REAL, *([SHARED] if SHARED.is_dir() else [])]:
        for folder in sorted(top.glob("etcd-3.*")):
            for answers in sorted((folder / "answers").iterdir()):
                if (folder / (answers.name + ".db")).exists():
                    yield folder / (answers.name + ".db"), answers


def packed_pairs(work):
    """Snapshots of the shared data that lie in archives."""
    if not SHARED.is_dir():
        return
    def unpack(archive, name):
        folder = work / archive.parent.name
        folder.mkdir(exist_ok=True)
        subprocess.run(f"zstd -dc --long=27 '{archive}' | tar -x -C '{folder}'", shell=True, check=True)
        return next(folder.rglob(name))
    yield SHARED / "forms/plain.db", SHARED / "forms/answers"
    yield unpack(SHARED / "damaged/damaged.tar.zst", "base.db"), SHARED / "damaged/answers"
    for name, zst, answers in [("tail", "member-3.5-tail/truth/snapshot.db.zst", "member-3.5-tail/truth"),
                               ("three", "member-3.6-three/truth/restarted.snapshot.db.zst", "member-3.6-three/truth/restarted")]:
        if (SHARED / zst).exists():
            snapshot = work / f"{name}.db"
            snapshot.write_bytes(subprocess.run(["zstd", "-dc", "--long=27", SHARED / zst], check=True, capture_output=True).stdout)
            yield snapshot, SHARED / answers


def read(path):
    if path.suffix == ".zst":
        return json.loads(subprocess.run(["zstd", "-dc", "--long=27", path], check=True, capture_output=True).stdout)
    return json.loads(path.read_text())


def knowable(document):
    """The answer less what no file knows, and less the time left of a lease, which runs."""
    if isinstance(document, list):
        return [knowable(item) for item in document]
    if isinstance(document, dict):
        return {name: knowable(value) for name, value in document.items() if name not in UNKNOWABLE and name != "ttl"}
    return document


class Comparison:
    def __init__(self, salvor):
        self.salvor, self.passed, self.failed = salvor, 0, 0

    def run(self, *words):
        done = subprocess.run([self.salvor, *words, "-o", "json"], capture_output=True)
        return json.loads(done.stdout)

    def same(self, what, expected, found):
        if expected == found:
            self.passed += 1
        else:
            self.failed += 1
            print(f"{what}:\n  recorded {str(expected)[:300]}\n  salvor   {str(found)[:300]}")

    def dumps(self, snapshot, answers):
        for path in sorted(answers.glob("dump-*.json*")):
            at = re.match(r"dump-rev-(\d+)", path.name)
            expected, found = knowable(read(path)), self.run("keys", snapshot, *(["--rev", at[1]] if at else []))
            # A dump was taken when the server had come as far as its header says.
            expected["header"] = found["header"]
            self.same(f"keys of {path}", expected, found)

    def small(self, snapshot, answers):
        def recorded(kind):
            return knowable(read(answers / f"{kind}.json"))
        if not (answers / "leases.json").exists():
            return
        self.lists(snapshot, answers, recorded)
        members = recorded("members")
        if members.get("members"):
            self.same(f"members of {answers}", members["members"], self.run("members", snapshot).get("members"))
        self.same(f"alarms of {answers}", sorted(map(str, recorded("alarms").get("alarms", []))),
                  sorted(map(str, self.run("alarms", snapshot).get("alarms", []))))

    def lists(self, snapshot, answers, recorded):
        leases = recorded("leases")
        found = self.run("leases", snapshot, "--keys")["leases"]
        self.same(f"leases of {answers}", {lease["id"] for lease in leases["list"].get("leases") or []}, {lease["id"] for lease in found})
        for lease in found:
            theirs = leases["timetolive_with_keys"].get(str(lease["id"]))
            if theirs:
                self.same(f"lease {lease['id']} of {answers}", (theirs["granted-ttl"], set(theirs["keys"] or [])),
                          (lease["granted-ttl"], set(lease["keys"] or [])))
        for kind, of_each in [("users", "roles"), ("roles", "perm")]:
            theirs = recorded(kind)
            if "list" not in theirs:
                continue
            self.same(f"{kind} of {answers}", theirs["list"].get(kind, []), self.run(kind, snapshot).get(kind, []))
            for name, value in theirs.get("get", {}).items():
                if name != "root" or value.get(of_each):  # before 3.6 a server did not say what root may do
                    self.same(f"{kind} {name} of {answers}", value.get(of_each), self.run(kind, snapshot, name).get(of_each))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--salvor", required=True, type=pathlib.Path)
    comparison = Comparison(parser.parse_args().salvor.resolve())
    with tempfile.TemporaryDirectory(prefix="salvor-recorded-") as work:
        for snapshot, answers in [*pairs(), *packed_pairs(pathlib.Path(work))]:
            comparison.dumps(snapshot, answers)
            comparison.small(snapshot, answers)
    print(f"{comparison.passed} passed, {comparison.failed} failed")
    return 1 if comparison.failed else 0


if __name__ == "__main__":
    sys.exit(main())
