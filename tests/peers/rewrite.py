#!/usr/bin/env python3
"""What `salvor compact`, `defrag` and `migrate` make of each line's real snapshot, beside what upstream makes of it: a
server of that line on a restored copy compacts at the same revision (rows of its db, HashKV), etcdutl migrates a data
directory (rows of meta), bbolt checks each file. Ends with `rewrite: N passed, N failed, N skipped`.

usage: rewrite.py --salvor PATH
"""
import argparse, json, pathlib, subprocess, sys, tempfile
import db_pages
from checks import Checks
from etcd_server import LINES, Peers, Server, free_port, plain_environment

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
REAL = ROOT / "build/testdata/real"
PASSWORDS = {"3.4": "R00t-601967", "3.5": "R00t-897259", "3.6": "R00t-213192", "3.7": "R00t-025834"}  # thrown away
COMPACT_AT = 1100


def run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, env=plain_environment(), timeout=60)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))}: exit {done.returncode}: {done.stderr or done.stdout}")
    return done.stdout


def rows(path):
    return db_pages.Db(pathlib.Path(path).read_bytes()).rows


def upstream_restore(peers, line, source, data, peer):
    tool = peers.find(line, "etcdutl") or peers.find(line, "etcdctl")
    run(tool, "snapshot", "restore", source, "--data-dir", data, "--name", "m1", "--initial-cluster", f"m1={peer}",
        "--initial-advertise-peer-urls", peer)


def compacted(peers, salvor, line, source, work, count):
    peer, data, made = f"http://127.0.0.1:{free_port()}", work / "data", work / "compacted.db"
    upstream_restore(peers, line, source, data, peer)
    with Server(peers.find(line, "etcd"), data, "m1", peer, f"m1={peer}", user=("root", PASSWORDS[line])) as server:
        server.call("kv/compaction", revision=COMPACT_AT, physical=True)
        server.user = None if line != "3.4" else server.user
        told = server.hash_kv()
    run(salvor, "compact", source, "--rev", COMPACT_AT, "--to", made)
    ours = json.loads(run(salvor, "hashkv", made, "-w", "json"))
    count.same(f"{line}: HashKV after compact {COMPACT_AT}", told, (ours["hash"], ours["compactRevision"]))
    mine, theirs = rows(made)["key"], rows(data / "member/snap/db")["key"]
    if line == "3.4":  # 3.4.23 drops a tombstone at the revision itself
        mine = {key: value for key, value in mine.items() if not (len(key) == 18 and int.from_bytes(key[:8]) == COMPACT_AT)}
    count.same(f"{line}: keys after compact {COMPACT_AT}", sorted(theirs), sorted(mine))
    count.same(f"{line}: rows after compact {COMPACT_AT}", theirs, mine)
    return made


def migrated(peers, salvor, line, target, source, work, count):
    peer, data, made = f"http://127.0.0.1:{free_port()}", work / f"migrated-{target}", work / f"to-{target}.db"
    upstream_restore(peers, line, source, data, peer)
    tool = peers.find(max(line, target), "etcdutl")
    run(tool, "migrate", "--data-dir", data, "--target-version", target, "--force")
    run(salvor, "migrate", source, "--target-version", target, "--to", made)
    theirs = rows(data / "member/snap/db")["meta"].get(b"storageVersion")
    count.same(f"{line} -> {target}: storageVersion", theirs, rows(made)["meta"].get(b"storageVersion"))
    count.same(f"{line} -> {target}: keys", rows(source)["key"], rows(made)["key"])
    return made


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--salvor", required=True, type=pathlib.Path)
    salvor, peers, count = parser.parse_args().salvor.resolve(), Peers(), Checks("upstream", "salvor")
    for line in LINES:
        source = REAL / f"etcd-{line}/rich.db"
        if not peers.find(line, "etcd"):
            count.skipped += 1
            print(f"SKIPPED etcd {line}: not here")
            continue
        with tempfile.TemporaryDirectory(prefix="salvor-rewrite-") as folder:
            work = pathlib.Path(folder)
            try:
                made = [compacted(peers, salvor, line, source, work, count)]
                run(salvor, "defrag", source, "--to", work / "dense.db")
                made.append(work / "dense.db")
                count.same(f"{line}: all rows after defrag", rows(source), rows(made[-1]))
                for target in {"3.5": ["3.6"], "3.6": ["3.5"], "3.7": ["3.6"]}.get(line, []):
                    made.append(migrated(peers, salvor, line, target, source, work, count))
                for path in made if peers.bbolt() else []:
                    count.same(f"{line}: bbolt check of {path.name}", "OK", run(peers.bbolt(), "check", path).split()[-1])
            except (AssertionError, RuntimeError, OSError) as error:
                count.failed += 1
                print(f"FAILED {line}: {error}")
    print(f"rewrite: {count.passed} passed, {count.failed} failed, {count.skipped} skipped")
    return 1 if count.failed else 0


if __name__ == "__main__":
    sys.exit(main())
