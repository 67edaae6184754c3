#!/usr/bin/env python3
"""Damages real snapshots at random and holds what `salvor recover` makes of them against the undamaged ones (salvage.py).

Damages are those of damage.py, pieces cut out at any sector, and some of them together. Where a meta's root is changed under a
right checksum, nothing can tell that it was: that one kind is left out.

usage: wreck.py --salvor PATH [--count N] [--seed S] [--only N] [--keep FOLDER]
Ends with `wreck: N passed, N failed`.
"""

import argparse
import concurrent.futures
import os
import pathlib
import random
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from forge import damage, salvage  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TESTDATA = ROOT / "build/testdata"
SOURCES = (
    "flawed/damaged/damaged/base.db",
    "flawed/damaged/damaged/base-with-freelist.db",
    "real/etcd-3.4/compacted.db",
    "real/etcd-3.5/rich.db",
    "real/etcd-3.6/compacted.db",
    "real/etcd-3.7/rich.db",
)
STATUSES = (0, 1, 2)


def metas_gone(random, data):
    data[: 2 * 4096] = bytes(min(2 * 4096, len(data)))
    return "both metas zeroed"


def many_sectors(random, data):
    return ", ".join(damage.zero_sectors(random, data) for _ in range(random.randrange(2, 12)))


KINDS = [kind for kind in damage.KINDS if kind is not damage.metas] + [metas_gone, many_sectors]


def wreck(chance, original):
    """(damaged bytes, what was done, how many bytes of the beginning are gone)"""
    data, done, shift = bytearray(original), [], 0
    for _ in range(chance.choice((1, 1, 2, 3, 5))):
        if data:
            done.append(chance.choice(KINDS)(chance, data))
    if chance.random() < 0.2 and len(data) > 1 << 20:
        shift = chance.randrange(len(data) // 2) // damage.SECTOR * damage.SECTOR
        del data[:shift]
        done.append(f"the first {shift} bytes cut off")
    return bytes(data), done, shift


def failures(salvor, number, seed, sources, keep):
    chance = random.Random(f"{seed} {number}")
    name, truth = sources[chance.randrange(len(sources))]
    damaged, done, shift = wreck(chance, truth.data)
    with tempfile.TemporaryDirectory(prefix="salvor-wreck-") as folder:
        source, made = pathlib.Path(folder) / f"{number}.db", pathlib.Path(folder) / "made.db"
        source.write_bytes(damaged)
        status, said, lines, stderr = salvage.recover(salvor, source, made)
        failed = []
        if status not in STATUSES:
            failed.append(f"exit {status}: {stderr[-600:]}")
        elif status == 2:
            failed += ["exit 2 without a word"] if not stderr.strip() else []
            intact = [key for key in truth.rows["key"] if salvage.is_intact(truth, damaged, key, shift)]
            failed += [f"nothing was given back, and {len(intact)} rows are intact"] if intact else []
        else:
            failed += salvage.complaints(truth, damaged, status, said, lines, made.read_bytes(), shift)
        if failed and keep:
            pathlib.Path(keep).mkdir(parents=True, exist_ok=True)
            (pathlib.Path(keep) / source.name).write_bytes(damaged)
    return [f"wreck {number} of seed {seed}: {name}: {', '.join(done)}", *failed] if failed else []


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--salvor", required=True)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--only", type=int, help="the damage of this number alone")
    parser.add_argument("--keep", help="leave the files that failed in this folder")
    args = parser.parse_args()
    salvor = str(pathlib.Path(args.salvor).resolve())
    sources = [(name, salvage.Rows((TESTDATA / name).read_bytes())) for name in SOURCES]
    numbers = range(args.count) if args.only is None else [args.only]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        jobs = [pool.submit(failures, salvor, n, args.seed, sources, args.keep) for n in numbers]
        for job in jobs:
            lines = job.result()
            failed += bool(lines)
            if lines:
                print("\n    ".join(lines), flush=True)
    print(f"wreck: {len(numbers) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
