#!/usr/bin/env python3
"""Cuts the input short just after a command has mapped it: each must end with a sentence that says so, and restore must
leave nothing.

usage: shrink.py --shim LIBRARY --salvor PATH
"""
import argparse, os, pathlib, shutil, subprocess, sys, tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SOURCE = ROOT / "build/testdata/real/etcd-3.6/rich.db"
# The stand-ins end as etcdutl does on an error.
COMMANDS = {"verify {file}": 2, "info {file}": 2, "keys {file} --prefix": 2, "page {file}": 2,
            "restore {file} --data-dir {dir}/out --member salvor-a --single-member": 2,
            "snapshot status {file}": 1, "hashkv {file}": 1}
# Within the first page; in the middle of the file; but for its last byte, where nothing faults.
SIZES = [100, 1_000_000, SOURCE.stat().st_size - 1]


def wrong_with(options, command, status, size):
    with tempfile.TemporaryDirectory(prefix="salvor-shrink-") as folder:
        file = pathlib.Path(folder) / "snapshot.db"
        shutil.copy(SOURCE, file)
        words = command.replace("{file}", str(file)).replace("{dir}", folder).split()
        done = subprocess.run([options.salvor, *words], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True, timeout=120,
                              env=dict(os.environ, LD_PRELOAD=os.path.abspath(options.shim), SALVOR_SHRINK=f"{file}:{size}"))
        if done.returncode != status:
            return f"exit status {done.returncode}, not {status}: {done.stderr[-300:]}"
        if "shrank" not in done.stderr:
            return f"its sentence does not say it: {done.stderr[-300:]}"
        left = [entry.name for entry in pathlib.Path(folder).iterdir() if entry != file]
        return f"left {left}" if left else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shim", required=True)
    parser.add_argument("--salvor", required=True)
    options = parser.parse_args()
    passed = failed = 0
    for command, status in COMMANDS.items():
        for size in SIZES:
            wrong = wrong_with(options, command, status, size)
            passed, failed = passed + (not wrong), failed + bool(wrong)
            if wrong:
                print(f"{command}, cut to {size}: {wrong}")
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
