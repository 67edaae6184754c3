#!/usr/bin/env python3
"""Has upstream's bbolt judge the files of formats/bbolt/writer: it checks them, compacts them (and what it
compacted must hold the same), opens them for writing and commits, and checks again.

usage: bbolt_writer.py SALVOR_TESTS
       SALVOR_PEERS names the folder of tests/peers/build
"""
import os, pathlib, subprocess, sys, tempfile

PEERS = pathlib.Path(os.environ.get("SALVOR_PEERS") or pathlib.Path.home() / ".cache/salvor/peers")
BBOLT = sorted(PEERS.glob("bbolt-*/bbolt"))[-1]


def run(*command, **environment):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="backslashreplace", env={**os.environ, **environment})
    return done.returncode == 0, done.stdout.strip()


def judge(tests, folder):
    """Yields what was asked, and upstream's answer where it is not the wanted one."""
    wrote, said = run(tests, "[.peer-write]", SALVOR_PEER_FILES=folder)
    yield "write the files", None if wrote else said
    files = sorted(pathlib.Path(folder).glob("*.db"))
    for file in files:
        good, said = run(BBOLT, "check", file)
        yield f"check {file.name}", None if good and said == "OK" else said
        good, said = run(BBOLT, "compact", "-o", f"{file}.compacted", file)
        yield f"compact {file.name}", None if good else said
    read, said = run(tests, "[.peer-read]", SALVOR_PEER_FILES=folder)
    yield "read what was compacted", None if read else said
    for file in files:
        rebuilt = f"{file}.rebuilt"
        good, said = run(BBOLT, "surgery", "freelist", "rebuild", file, "--output", rebuilt)
        yield f"commit to {file.name}", None if good else said
        good, said = run(BBOLT, "check", rebuilt)
        yield f"check {file.name} after a commit", None if good and said == "OK" else said


def main():
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="salvor-bbolt-") as folder:
        for question, wrong in judge(pathlib.Path(sys.argv[1]).resolve(), folder):
            passed, failed = passed + (wrong is None), failed + (wrong is not None)
            if wrong is not None:
                print(f"FAILED {question}\n{wrong}")
    print(f"bbolt writer: {passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
