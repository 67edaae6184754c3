#!/usr/bin/env python3
"""Damages real and forged files at random and runs every reading command of salvor on each.

A command may find anything, but it must end: within 20 seconds, within 512 MB (but for sanitized
builds), with exit status 0, 1 or 2, by no signal and without a sanitizer's report; with a sentence
on stderr when the status is 2 and one JSON document on stdout where JSON was asked for. The input
must be the same afterwards.

usage: storm.py --salvor PATH [--count N] [--seed S] [--keep FOLDER] [--only N]
Ends with `storm: N passed, N failed`. A failed damage is left in the folder, and `--only N --seed S`
makes it again.
"""

import argparse
import concurrent.futures
import functools
import json
import os
import pathlib
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from forge import bases, damage  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SECONDS = 20
BYTES = 512 << 20
STATUSES = (0, 1, 2)
# Go's own "runtime error" is what the stand-in says in etcdutl's place.
CRASHED = re.compile(
    r"Sanitizer|\.[ch]pp:\d+:\d+: runtime error|terminate called|bad_alloc|Assertion `"
)
LARGEST_SOURCE = 4 << 20

# {} is the source. What a command does not know yet is left out, see `known`.
COMMANDS = (
    "verify -o json {}",
    "verify {}",
    "info -o json {}",
    "info {}",
    "keys {} --prefix -w json",
    "keys {} --from-key --rev 30",
    "keys {} list/01 -w fields",
    "keys {} --prefix --count-only",
    "leases {} -o json",
    "users {} -o json",
    "roles {} -o json",
    "members {} -o json",
    "alarms {} -o json",
    "page {}",
    "page {} -o json",
    "page {} 0 1 2 3 4 5",
    "page {} 7 -o json",
    "snapshot status {} -w json",
    "--as 3.5 snapshot status {} -w json",
    "hashkv {} -w json",
    "hashkv {} --rev 20 -w json",
    "recover {} --dry-run -o json",
    "carve {} -o json",
    "restore {} --dry-run --single-member --name a --initial-cluster a=http://127.0.0.1:2380 "
    "--initial-advertise-peer-urls http://127.0.0.1:2380 --data-dir {}.restored --for 3.6 --force",
)


def wants_json(words):
    return any(pair in ("-o json", "-w json") for pair in map(" ".join, zip(words, words[1:])))


def known(salvor):
    """The commands whose first word this salvor has."""
    done = subprocess.run(
        [salvor, "--help"], capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    found = []
    for command in COMMANDS:
        words = [
            word
            for word in command.split()
            if not word.startswith("-") and word not in ("3.5", "json")
        ]
        if words[0] in done.stdout.split():
            found.append(command)
    return found


def limit_memory():
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@functools.cache
def sanitized(salvor):
    """A sanitizer maps terabytes of shadow, so no limit can be set to its memory."""
    return b"__asan_init" in pathlib.Path(salvor).read_bytes()


def complaints(salvor, command, source):
    words = [word.replace("{}", str(source)) for word in command.split()]
    try:
        done = subprocess.run(
            [salvor, *words],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=SECONDS,
            preexec_fn=None if sanitized(salvor) else limit_memory,
        )
    except subprocess.TimeoutExpired:
        yield f"does not end within {SECONDS} s"
        return
    stderr = done.stderr.decode(errors="replace")
    if done.returncode not in STATUSES:
        yield f"exit {done.returncode}: {stderr[-600:]}"
    if CRASHED.search(stderr):
        yield f"stderr: {stderr[:1500]}"
    if done.returncode == 2 and not stderr.strip():
        yield "exit 2 without a word"
    if done.returncode in (0, 1) and wants_json(words) and done.stdout.strip():
        try:
            json.loads(done.stdout)
        except ValueError as error:
            yield f"no JSON: {error}: {done.stdout[:200]!r}"


def sources():
    """Every file to be damaged, as (name, bytes)."""
    for path in sorted((ROOT / "build/testdata/real").rglob("*.db")):
        if path.stat().st_size <= LARGEST_SOURCE:
            yield str(path.relative_to(ROOT / "build/testdata")), path.read_bytes()
    for line, options, size in (
        ("3.6", (), 4096),
        ("3.7", ("deep tree",), 4096),
        ("3.5", ("stored freelist",), 16384),
        ("3.4", ("no inline buckets",), 65536),
        ("3.6", ("nested buckets", "bumped"), 4096),
        ("3.6", ("long freelist",), 512),
        ("3.6", ("unfinished compaction",), 1024),
    ):
        forged = bases.begin(bases.Base("snapshot", line, frozenset(options), size))
        bases.lay_out(forged)
        bases.close(forged)
        yield f"forged {line} {' '.join(options)} {size}", forged.file_bytes()


def run_one(salvor, commands, number, seed, originals, keep):
    """What failed on the damage of this number."""
    chance = random.Random(f"{seed} {number}")
    name, original = originals[chance.randrange(len(originals))]
    data, done = damage.damage(chance, original)
    with tempfile.TemporaryDirectory(prefix="salvor-storm-") as folder:
        source = pathlib.Path(folder) / f"{number}.db"
        source.write_bytes(data)
        failed = []
        for command in commands:
            failed += [f"salvor {command}: {said}" for said in complaints(salvor, command, source)]
        if source.read_bytes() != data:
            failed.append("the input was changed")
        if failed and keep:
            pathlib.Path(keep).mkdir(parents=True, exist_ok=True)
            shutil.copy(source, pathlib.Path(keep) / source.name)
    return [f"damage {number} of seed {seed}: {name}: {', '.join(done)}", *failed] if failed else []


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--salvor", required=True)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--keep", help="leave the files that failed in this folder")
    parser.add_argument("--only", type=int, help="the damage of this number alone")
    args = parser.parse_args()
    salvor = str(pathlib.Path(args.salvor).resolve())
    commands, originals = known(salvor), list(sources())
    numbers = range(args.count) if args.only is None else [args.only]
    failures = 0
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        jobs = [
            pool.submit(run_one, salvor, commands, number, args.seed, originals, args.keep)
            for number in numbers
        ]
        for job in jobs:
            lines = job.result()
            failures += bool(lines)
            if lines:
                print("\n    ".join(lines), flush=True)
    print(f"{len(commands)} commands on each of {len(numbers)} damages")
    print(f"storm: {len(numbers) - failures} passed, {failures} failed")
    return 1 if failures or not commands else 0


if __name__ == "__main__":
    sys.exit(main())
