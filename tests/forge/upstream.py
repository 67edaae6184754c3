#!/usr/bin/env python3
"""Is the forge right? Its sound files before etcd's own programs: bbolt's check passes, every
line's etcdutl gives the oracle's status, and a real etcd of the file's line boots what that line's
tool restores from it (or a forged data directory as it is), with the oracle's HashKV, with every
lease, and takes a write.

usage: upstream.py --peers FOLDER [--boots N]
FOLDER is what tests/peers/build made. Ends with `upstream: N passed, N failed`.
"""

import argparse
import contextlib
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from forge import bases, compare, oracle, output  # noqa: E402

BOOT_SECONDS = 20
USER = "root:salvor"  # bases.PASSWORD_HASH
STATUS_OPTIONS = [
    name for name in bases.OPTIONS if name not in ("purged segments", "no snap file", "one member")
]

# kind, options, page size: each booted on every line.
BOOTS = (
    ("directory", (), 4096),
    ("snapshot", ("one member", "bumped", "nested buckets"), 4096),
    ("snapshot", ("one member", "deep tree", "stored freelist", "unfinished compaction"), 16384),
    ("directory", ("purged segments",), 512),
    ("directory", ("no snap file",), 65536),
    ("snapshot", ("one member", "empty key bucket", "no inline buckets"), 4096),
)


class Peers:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.bbolt = next(self.folder.glob("bbolt-*/bbolt"))

    def program(self, line, name):
        if line == "3.4" and name == "etcdutl":
            name = "etcdctl"  # which does the other's work there
        found = sorted(self.folder.glob(f"etcd-v{line}.*/{name}"))
        return found[0] if found else None


def make(kind, line, options, page_size):
    forged = bases.begin(bases.Base(kind, line, frozenset(options), page_size))
    bases.lay_out(forged)
    bases.close(forged)
    return forged


def run(*words):
    return subprocess.run(
        [str(word) for word in words],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "ETCDCTL_API": "3"},
        timeout=60,
    )


def check_status(peers, line, options, page_size, folder):
    """What the programs say of a snapshot, where it is not what it should be."""
    path = output.write(make("snapshot", line, options, page_size), folder)
    checked = run(peers.bbolt, "check", path)
    if checked.returncode != 0 or not checked.stdout.strip().endswith("OK"):
        yield f"bbolt check: {checked.stdout} {checked.stderr[-300:]}"
    newer, older = compare.status_of(oracle.answer("status", path))
    for tool in ("3.4", "3.5", "3.6", "3.7"):
        program = peers.program(tool, "etcdutl")
        if not program:
            continue
        said = run(program, "snapshot", "status", path, "-w", "json")
        wanted = newer if tool in ("3.6", "3.7") else older
        if said.returncode != 0 or json.loads(said.stdout) != wanted:
            yield f"{tool} status: {said.stdout.strip()} {said.stderr[-300:]}, not {wanted}"


def free_port():
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """An etcd on a data directory, ended when the block is left."""

    def __init__(self, peers, line, directory):
        self.ctl, self.log = peers.program(line, "etcdctl"), pathlib.Path(f"{directory}.log")
        self.client = f"http://127.0.0.1:{free_port()}"
        self.command = [
            peers.program(line, "etcd"),
            "--data-dir",
            directory,
            "--listen-client-urls",
            self.client,
            "--advertise-client-urls",
            self.client,
            "--listen-peer-urls",
            f"http://127.0.0.1:{free_port()}",
        ]

    def __enter__(self):
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [str(word) for word in self.command],
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env={**os.environ, "ETCD_VERIFY": "all"},
            )
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def ask(self, *words):
        return run(
            self.ctl, "--endpoints", self.client, "--user", USER, "--command-timeout", "5s", *words
        )

    def serves(self):
        end = time.monotonic() + BOOT_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            if self.ask("get", "none").returncode == 0:
                return True
            time.sleep(0.2)
        return False


def directory_of(peers, kind, line, options, page_size, folder):
    """(the data directory, the file that the oracle reads, what kept the tool from restoring it)"""
    source = output.write(make(kind, line, options, page_size), folder / "source")
    if kind == "directory":
        copy = shutil.copy(source / "member/snap/db", folder / "db")
        return source, copy, ""
    restored = folder / "restored"
    done = run(
        peers.program(line, "etcdutl"), "snapshot", "restore", source, "--data-dir", restored
    )
    return restored, source, done.stderr[-400:] if done.returncode else ""


def check_boot(peers, kind, line, options, page_size, folder):
    directory, file, refused = directory_of(peers, kind, line, options, page_size, folder)
    if refused:
        yield f"restore: {refused}"
        return
    wanted = oracle.answer("hashkv", file)
    leases = oracle.Database(file).rows(b"lease")
    with Server(peers, line, directory) as server:
        if not server.serves():
            yield f"does not serve: {server.log.read_text()[-800:]}"
            return
        said = json.loads(server.ask("endpoint", "hashkv", "-w", "json").stdout)[0]["HashKV"]
        found = (said["hash"], said["header"]["revision"], said.get("compact_revision", 0))
        if found != (wanted["hash"], wanted["hashRevision"], wanted["compactRevision"]):
            yield f"HashKV {found}, not {wanted}"
        listed = server.ask("lease", "list").stdout.split()
        if f"found {len(leases)} leases" != " ".join(listed[:3]):
            yield f"leases: {' '.join(listed)}, not {len(leases)}"
        if server.ask("put", "after", "boot").stdout.strip() != "OK":
            yield "takes no write"


def cases(peers, boots):
    for size in bases.ALL_PAGE_SIZES:
        for options in [(), *[(name,) for name in STATUS_OPTIONS]]:
            line = ("3.4", "3.5", "3.6", "3.7")[len(options and options[0]) % 4]
            yield f"{line} {' '.join(options)} {size}", lambda folder, a=(
                line,
                options,
                size,
            ): check_status(peers, *a, folder)
    for kind, options, size in BOOTS[:boots]:
        for line in ("3.4", "3.5", "3.6", "3.7"):
            if peers.program(line, "etcd"):
                yield (
                    f"boot of {kind} {line} {' '.join(options)} {size}",
                    lambda folder, a=(kind, line, options, size): check_boot(peers, *a, folder),
                )


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--peers", required=True)
    parser.add_argument("--boots", type=int, default=len(BOOTS), help="of the boots, the first N")
    args = parser.parse_args()
    passed = failed = 0
    for name, check in cases(Peers(args.peers), args.boots):
        with tempfile.TemporaryDirectory(prefix="salvor-upstream-") as folder:
            complaints = list(check(pathlib.Path(folder)))
        passed, failed = passed + (not complaints), failed + bool(complaints)
        if complaints:
            print(f"{name}: " + "\n    ".join(complaints), flush=True)
    print(f"upstream: {passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
