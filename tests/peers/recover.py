#!/usr/bin/env python3
"""What `salvor recover` gives back of 41 damaged copies of one snapshot, of pieces of a disk and of a live db, held against the
undamaged file by a reader of its own (tests/forge/salvage.py); each result is then read by upstream: etcdutl's status, bbolt's
check, and a server of that line that starts on a restore of it and answers with every live key.

usage: recover.py --salvor PATH [--only WORD]
Ends with `recover: N passed, N failed, N skipped`.
"""
import argparse, json, pathlib, shutil, subprocess, sys, tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from forge import salvage
from checks import Checks
from etcd_server import Peers, Server, free_port, plain_environment

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
DAMAGED = ROOT / "build/testdata/flawed/damaged/damaged"
# All is given back, and it is known to be: what was damaged holds no row, or the row is there twice.
WHOLE = {"base", "04", "05", "09", "10", "11", "35", "39", "40", "41"}
PAGE = 4096


def pieces(base):
    """Name, bytes, and how many bytes of the beginning are gone."""
    yield "cut-at-a-sector", base[300 * 512:], 300 * 512
    yield "between-other-bytes", b"\x5a" * (7 * 512) + base + b"\xa5" * 5000, -7 * 512
    yield "page-size-wrong", base[:24] + (8192).to_bytes(4, "little") + base[28:PAGE + 24] + (512).to_bytes(4, "little") + base[PAGE + 28:], 0
    yield "metas-and-root-zeroed", bytes(2 * PAGE) + base[2 * PAGE:69 * PAGE] + bytes(PAGE) + base[70 * PAGE:], 0
    yield "branches-zeroed", b"".join(bytes(PAGE) if is_branch(base, at) else base[at:at + PAGE] for at in range(0, len(base), PAGE)), 0
    # In two pieces that changed places, as a disk has a file that is not in one stretch.
    half = 400 * PAGE
    yield "two-stretches", base[half:-32] + base[:half], 0


def is_branch(data, at):
    return int.from_bytes(data[at + 8:at + 10], "little") == 1


def sources():
    for path in sorted(DAMAGED.glob("*.db")):
        yield path.stem, path.read_bytes(), 0
    yield from pieces((DAMAGED / "base.db").read_bytes())


def run(*words):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, env=plain_environment(), timeout=120)


def upstream_says(peers, made, work, count, name, given):
    """etcdutl and bbolt pass it, and a server starts on it."""
    copy = work / "copy.db"
    shutil.copy(made, copy)
    status = run(peers.find("3.6", "etcdutl"), "snapshot", "status", copy, "-w", "json")
    count.same(f"{name}: etcdutl status", (0, ""), (status.returncode, status.stderr[-300:] if status.returncode else ""))
    check = run(peers.bbolt(), "check", copy)
    count.same(f"{name}: bbolt check", (0, "OK"), (check.returncode, check.stdout.strip()))
    peer, data = f"http://127.0.0.1:{free_port()}", work / "data"
    shutil.rmtree(data, ignore_errors=True)
    restored = run(peers.find("3.6", "etcdutl"), "snapshot", "restore", copy, "--data-dir", data, "--name", "m1", "--initial-cluster",
                   f"m1={peer}", "--initial-advertise-peer-urls", peer)
    count.same(f"{name}: etcdutl restore", 0, restored.returncode)
    with Server(peers.find("3.6", "etcd"), data, "m1", peer, f"m1={peer}") as server:
        told = server.call("kv/range", key="AA==", range_end="AA==", count_only=True)
        count.same(f"{name}: live keys of a server on it", len(given), int(told.get("count", 0)))


def live_keys(rows):
    live = set()
    for key, (value, _) in sorted(rows.items()):
        if not value:
            continue
        size, at, shift = 0, 1, 0
        while True:
            size |= (value[at] & 127) << shift
            at, shift = at + 1, shift + 7
            if value[at - 1] < 128:
                break
        name = value[at:at + size]
        (live.discard if len(key) == 18 else live.add)(name)
    return live


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--salvor", required=True)
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    salvor, peers, count = str(pathlib.Path(args.salvor).resolve()), Peers(), Checks("wanted", "is")
    base = salvage.Rows((DAMAGED / "base.db").read_bytes())
    with_freelist = salvage.Rows((DAMAGED / "base-with-freelist.db").read_bytes())
    boots = {"13", "14", "30", "33", "36", "06", "metas", "cut"}
    with tempfile.TemporaryDirectory(prefix="salvor-recover-") as folder:
        work = pathlib.Path(folder)
        for name, damaged, shift in sources():
            if args.only not in name:
                continue
            truth = with_freelist if "freelist" in name and name != "base" else base
            source, made = work / f"{name}.db", work / "made.db"
            made.unlink(missing_ok=True)
            source.write_bytes(damaged)
            status, said, lines, stderr = salvage.recover(salvor, source, made)
            count.same(f"{name}: it is done", True, said is not None or stderr)
            if said is None:
                continue
            found = list(salvage.complaints(truth, damaged, status, said, lines, made.read_bytes(), shift))
            count.same(f"{name}: nothing is wrong with it", [], found)
            if name.split("-")[0] in WHOLE:
                count.same(f"{name}: all of it", 0, status)
            given = salvage.Rows(made.read_bytes()).rows[salvage.ROW]
            print(f"{name}: exit {status}, {len(given)} of {len(truth.rows[salvage.ROW])} rows, {len(said['uncertain'])} uncertain, "
                  f"{len(said['lost'])} places lost")
            if name.split("-")[0] in boots and peers.find("3.6", "etcd"):
                upstream_says(peers, made, work, count, name, live_keys(given))
    print(f"recover: {count.passed} passed, {count.failed} failed, {count.skipped} skipped")
    return 1 if count.failed or not count.passed else 0


if __name__ == "__main__":
    sys.exit(main())
