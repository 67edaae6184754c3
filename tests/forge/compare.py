#!/usr/bin/env python3
"""Random stores, and what salvor, the oracle and (where they are there) the peers say of them.

Each is sound, so `verify` must have neither error nor warning. Compared: `snapshot status` in 3.7's
shape and in 3.5's, `hashkv` at head and at revisions around every edge, `keys` at the same
revisions. A peer is asked on a copy: etcdutl's hashkv changes its file.

usage: compare.py --salvor PATH [--peers FOLDER] [--count N] [--seed S] [--only N]
Ends with `compare: N passed, N failed`. `--only N --seed S` makes one store again and leaves it at
compare-N.db.
"""

import argparse
import base64
import concurrent.futures
import hashlib
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from forge import oracle, wild  # noqa: E402

TIMEOUT = 60


def ask(*words):
    """A program's JSON, or the error that it gives."""
    done = subprocess.run(
        [str(word) for word in words],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=TIMEOUT,
    )
    if done.returncode == 0:
        return json.loads(done.stdout)
    return {"error": done.stderr.strip().splitlines()[-1:] or [f"exit {done.returncode}"]}


def same(ours, theirs):
    """Two answers; of two errors it is enough that one's words stand in the other."""
    if "error" in theirs if isinstance(theirs, dict) else False:
        return isinstance(ours, dict) and "error" in ours and theirs["error"] in str(ours["error"])
    return ours == theirs


def status_of(answer):
    """(3.7's shape, 3.5's shape) of the oracle's."""
    older = {name: answer[name] for name in ("hash", "revision", "totalSize")} | {
        "totalKey": answer["totalKey35"]
    }
    return {name: found for name, found in answer.items() if name != "totalKey35"}, older


def keys_of(document):
    """The oracle's form of etcdctl's JSON."""
    if "error" in document:
        return document
    number = lambda kv, name: int(kv.get(name, 0))  # noqa: E731
    raw = lambda kv, name: base64.b64decode(kv.get(name, "")).hex()  # noqa: E731
    return [
        {
            "key": raw(kv, "key"),
            "value": raw(kv, "value"),
            "createRevision": number(kv, "create_revision"),
            "modRevision": number(kv, "mod_revision"),
            "version": number(kv, "version"),
            "lease": number(kv, "lease"),
        }
        for kv in document.get("kvs", [])
    ]


def revisions(keys):
    """Head, each side of the compaction and of the head, and what lies between."""
    edges = {
        0,
        1,
        keys.compacted - 1,
        keys.compacted,
        keys.compacted + 1,
        keys.current - 1,
        keys.current,
        keys.current + 1,
    }
    between = [mark[0] for mark, _, _ in keys.rows]
    return sorted(
        revision for revision in edges | set(between[:: max(1, len(between) // 6)]) if revision >= 0
    )


def differences(salvor, peers, path):
    for finding in ask(salvor, "verify", "-o", "json", path).get(
        "findings", [{"severity": "error", "message": "no answer"}]
    ):
        if finding["severity"] != "note":
            yield f"verify: {finding}"
    database = oracle.Database(path)
    newer, older = status_of(oracle.status(database))
    yield from differ("status", newer, ask(salvor, "snapshot", "status", path, "-w", "json"))
    yield from differ(
        "status as 3.5", older, ask(salvor, "snapshot", "status", path, "-w", "json", "--as", "3.5")
    )
    if peers:
        yield from differ(
            "etcdutl 3.7 status",
            newer,
            ask(etcdutl(peers, "3.7"), "snapshot", "status", path, "-w", "json"),
        )
        yield from differ(
            "etcdutl 3.5 status",
            older,
            ask(etcdutl(peers, "3.5"), "snapshot", "status", path, "-w", "json"),
        )
    keys = oracle.Keyspace(database)
    for revision in revisions(keys):
        yield from at_revision(salvor, peers, path, revision)


def etcdutl(peers, line):
    return next(pathlib.Path(peers).glob(f"etcd-v{line}.*/etcdutl"))


def at_revision(salvor, peers, path, revision):
    wanted = oracle.answer("hashkv", path, revision)
    yield from differ(
        f"hashkv {revision}", wanted, ask(salvor, "hashkv", path, "-w", "json", "--rev", revision)
    )
    yield from differ(
        f"keys {revision}",
        oracle.answer("keys", path, revision),
        keys_of(ask(salvor, "keys", path, "", "--from-key", "-w", "json", "--rev", revision)),
    )
    if peers:
        yield from differ(
            f"etcdutl hashkv {revision}", wanted, ask_etcdutl(peers, path, revision, wanted)
        )


def ask_etcdutl(peers, path, revision, wanted):
    """A pending compaction is finished in the background meanwhile, and once in hundreds of runs
    its hash is another than in all others (etcdutl 3.7.1): who differs is asked again."""
    for _ in range(5):
        copy = shutil.copy(path, str(path) + ".copy")
        found = ask(etcdutl(peers, "3.7"), "hashkv", copy, "-w", "json", "--rev", revision)
        if same(found, wanted):
            break
    return found


def differ(what, wanted, found):
    if not same(found, wanted):
        yield f"{what}: the oracle says {str(wanted)[:300]}, not {str(found)[:300]}"


def run_one(salvor, peers, number, seed, folder):
    chance = random.Random(f"{seed} {number}")
    image, store = wild.make(chance)
    path = pathlib.Path(folder) / f"compare-{number}.db"
    content = bytes(image.data)
    path.write_bytes(content + hashlib.sha256(content).digest())
    found = list(differences(salvor, peers, path))
    if path.read_bytes()[:-32] != content:
        found.append("the input was changed")
    if not found:
        return []
    about = f"{store.line}, pages of {image.page_size}, revision {store.revision}"
    return [f"store {number} of seed {seed}: {about}", *found]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--salvor", required=True)
    parser.add_argument("--peers", default="")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--only", type=int)
    args = parser.parse_args()
    salvor = str(pathlib.Path(args.salvor).resolve())
    numbers = range(args.count) if args.only is None else [args.only]
    failures = 0
    with tempfile.TemporaryDirectory(prefix="salvor-compare-") as scratch:
        folder = "." if args.only is not None else scratch
        with concurrent.futures.ProcessPoolExecutor(args.jobs) as pool:
            jobs = [
                pool.submit(run_one, salvor, args.peers, number, args.seed, folder)
                for number in numbers
            ]
            for job in jobs:
                lines = job.result()
                failures += bool(lines)
                if lines:
                    print("\n    ".join(lines), flush=True)
    print(f"compare: {len(numbers) - failures} passed, {failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
