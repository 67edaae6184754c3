#!/usr/bin/env python3
"""Folders as gardener's etcd-backup-restore leaves them (made by tests/forge/gardener.py of two real snapshots), in each packing and
layout: what salvor makes of one is what the later snapshot has; where a file is missing or damaged one sentence says so.

usage: gardener.py --salvor PATH
"""
import argparse, json, pathlib, subprocess, sys, tempfile

from checks import Checks

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from forge import gardener  # noqa: E402

REAL = ROOT / "build/testdata/real/kube-1.36"


def keys(salvor, source):
    """Every live key, as etcdctl prints it, less the lease: what is granted after a full snapshot no delta tells of."""
    done = subprocess.run([salvor, "keys", source, "", "--prefix", "-w", "json"], capture_output=True, timeout=300)
    if done.returncode:
        return done.stderr.decode()
    return [{name: value for name, value in kv.items() if name != "lease"} for kv in json.loads(done.stdout)["kvs"]]


def check_whole(count, salvor, work, earlier, later):
    expected = keys(salvor, REAL / "after.db")
    for number, (packing, layout, deltas, behind) in enumerate(
            [("", "v2", 1, 0), (".gz", "v2", 4, 0), (".gz", "v1", 7, 3), (".zlib", "v2", 3, 0), (".Z", "v1", 3, 1), (".gz", "v2", 0, 0)]):
        folder = work / f"store-{number}"
        gardener.write(earlier, later, folder, packing, deltas, layout, behind)
        claim = f"{deltas} deltas, {packing or 'not packed'}, layout {layout}"
        source = REAL / "before.db" if deltas == 0 else None
        count.same(f"{claim}: the live keys", keys(salvor, source) if source else expected, keys(salvor, folder))
        verdict = subprocess.run([salvor, "verify", folder, "-o", "json"], capture_output=True, timeout=300)
        count.same(f"{claim}: it is sound", (0, "sound"), (verdict.returncode, json.loads(verdict.stdout)["backup"]))
        made = work / f"opened-{number}.db"
        subprocess.run([salvor, "open", folder, "--to", made], check=True, capture_output=True, timeout=300)
        count.same(f"{claim}: opened", keys(salvor, folder), keys(salvor, made))


def refused(salvor, folder):
    done = subprocess.run([salvor, "info", folder], capture_output=True, timeout=300)
    return done.returncode, done.stderr.decode().count("\n"), done.stderr.decode()


def check_flawed(count, salvor, work, earlier, later):
    def spoil(paths, what):
        if what == "missing":
            paths[2].unlink()
        elif what == "no full snapshot":
            paths[0].unlink()
        elif what == "cut":
            paths[1].write_bytes(paths[1].read_bytes()[:-40])
        elif what == "flipped":
            data = bytearray(paths[3].read_bytes())
            data[len(data) // 2] ^= 4
            paths[3].write_bytes(data)
        elif what == "another's":
            paths[3].write_bytes(paths[1].read_bytes())
        elif what == "full, flipped":
            data = bytearray(paths[0].read_bytes())
            data[len(data) // 2] ^= 4
            paths[0].write_bytes(data)

    for packing in ("", ".gz", ".zlib", ".Z"):
        for what, word in (("missing", "a delta is missing"), ("no full snapshot", "is a directory without"), ("cut", None), ("flipped", None),
                           ("another's", None), ("full, flipped", None)):
            folder = work / f"flawed-{packing}-{what}"
            spoil(gardener.write(earlier, later, folder, packing), what)
            status, lines, words = refused(salvor, folder)
            count.same(f"{what}, {packing or 'not packed'}: one sentence ({words.strip()})", (2, 1), (status, lines))
            if word:
                count.same(f"{what}: its words", True, word in words)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--salvor", required=True)
    salvor = str(pathlib.Path(parser.parse_args().salvor).resolve())
    count = Checks("etcd", "salvor")
    earlier, later = ((REAL / name).read_bytes() for name in ("before.db", "after.db"))
    with tempfile.TemporaryDirectory(prefix="salvor-gardener-") as folder:
        check_whole(count, salvor, pathlib.Path(folder), earlier, later)
        check_flawed(count, salvor, pathlib.Path(folder), earlier, later)
    print(f"gardener's folders: {count.passed} passed, {count.failed} failed")
    return 1 if count.failed or not count.passed else 0


if __name__ == "__main__":
    sys.exit(main())
