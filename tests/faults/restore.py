#!/usr/bin/env python3
"""Lets `salvor restore` and `salvor snapshot restore` fail, be killed or be interrupted at each of their calls that
change files, in every kind of target.

usage: restore.py --shim LIBRARY --salvor PATH [--only WORD] [--faults LIST]

A directory that stands is whole when salvor verify finds the db, the WAL and the .snap in it sound and fitting.
"""
import argparse, pathlib, re, subprocess, sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SOURCE = ROOT / "build/testdata/real/etcd-3.6/downgraded.db"
MEMBER = ["--name", "m", "--initial-cluster", "m=http://10.0.0.1:2380"]
ADVERTISED = ["--initial-advertise-peer-urls", "http://10.0.0.1:2380"]
# Beside those of --faults. NOHUP: a SIGHUP to a command that was started to ignore it.
SIGNALS = ("INT", "HUP", "NOHUP")
AS_ETCDUTL = {"command": ("snapshot", "restore"), "failed": 1, "faults": SIGNALS}
THREE = "a=http://10.0.0.1:2380,b=http://10.0.0.2:2380,c=http://10.0.0.3:2380"


class Target:
    def __init__(self, name, targets, arguments, setup="true", check="{salvor} verify {target}", may_refuse=False,
                 faults=(), command=("restore",), failed=2):
        self.name, self.targets, self.arguments = name, targets, arguments
        self.setup, self.check, self.may_refuse, self.faults = setup, check, may_refuse, faults
        self.command, self.failed = command, failed


TARGETS = [
    Target("a new directory", ["new/d"], [*MEMBER, "--data-dir", "{dir}/new/d"], faults=SIGNALS),
    Target("an empty directory", ["d/member"], [*MEMBER, "--data-dir", "{dir}/d"], setup="mkdir -p {dir}/d/lost+found"),
    Target("dense", ["d"], [*MEMBER, "--data-dir", "{dir}/d", "--compact"]),
    Target("replaced", ["d"], [*MEMBER, "--data-dir", "{dir}/d", "--replace"], setup="mkdir -p {dir}/d/member/old"),
    Target("a WAL elsewhere", ["d", "w"], [*MEMBER, "--data-dir", "{dir}/d", "--wal-dir", "{dir}/w"],
           check="test -s {dir}/w/0000000000000000-0000000000000000.wal"),
    Target("a WAL in an empty folder", ["d"], [*MEMBER, "--data-dir", "{dir}/d", "--wal-dir", "{dir}/w"], setup="mkdir {dir}/w",
           check="test -s {dir}/w/0000000000000000-0000000000000000.wal"),
    Target("three members", ["d/a", "d/b", "d/c"], ["--all-members", "--initial-cluster", THREE, "--data-dir", "{dir}/d"]),
    Target("as etcdutl", ["d"], [*MEMBER, *ADVERTISED, "--data-dir", "{dir}/d"], **AS_ETCDUTL),
    Target("as etcdutl, a WAL elsewhere", ["d", "w"], [*MEMBER, *ADVERTISED, "--data-dir", "{dir}/d", "--wal-dir", "{dir}/w"],
           check="test -s {dir}/w/0000000000000000-0000000000000000.wal", may_refuse=True, **AS_ETCDUTL),
]


def run(options, target):
    command = [sys.executable, ROOT / "tests/faults/run.py", "--shim", options.shim, "--name", f"restore, {target.name}:",
               "--faults", ",".join([options.faults, *target.faults]), "--failed", target.failed, "--setup", target.setup, "--check", target.check.replace("{salvor}", options.salvor)]
    command += ["--may-refuse"] if target.may_refuse else []
    for path in target.targets:
        command += ["--target", "{dir}/" + path]
    command += ["--", options.salvor, *target.command, SOURCE, *target.arguments]
    return subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, text=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shim", required=True)
    parser.add_argument("--salvor", required=True)
    parser.add_argument("--only", default="")
    parser.add_argument("--faults", default="ENOSPC,EIO,KILL,TERM")
    options = parser.parse_args()
    options.salvor = str(pathlib.Path(options.salvor).resolve())
    passed = failed = 0
    for target in TARGETS:
        if options.only not in target.name:
            continue
        done = run(options, target)
        counted = re.search(r"^(\d+) passed, (\d+) failed$", done.stdout, re.M)
        passed, failed = passed + int(counted[1]), failed + int(counted[2])
        print("\n".join(line for line in done.stdout.splitlines()[:-1]), flush=True) if int(counted[2]) else None
        print(f"restore, {target.name}: {counted[0]}", flush=True)
    print(f"restore under faults: {passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
