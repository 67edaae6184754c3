#!/usr/bin/env python3
"""Measures salvor beside etcdutl, openssl and cp on one large snapshot, and writes the table into FIGURES.md beside this
file. The two sides of a row run in turn, warm, and the best of ROUNDS counts. A time is a figure and never a verdict: what
can fail is that a command was not measured, gave another answer than its peer, or needed more private memory than allowed.
Ends with `N passed, N failed`.

usage: run.py --salvor PATH [--peers FOLDER] [--snapshot FILE] [--rounds N] [--figures FILE]

Without --snapshot it makes one of 300,000 keys under build/, with a real etcd, once.
"""
import argparse, os, pathlib, platform, re, shutil, subprocess, sys, tempfile, time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LINE = "etcd-v3.7.1"
LEAST_SIZE = 600_000_000
MEMORY_BOUND = 64 << 20
SAMPLE_SECONDS = 0.002


class Side:
    """A command that is measured; `make` is what it builds, removed before and after each run."""
    def __init__(self, name, command, make=None):
        self.name, self.command, self.make = name, [str(word) for word in command], make
        self.wall, self.cpu, self.output = [], [], None

    def clear(self):
        if self.make:
            shutil.rmtree(self.make, ignore_errors=True)

    def run(self):
        self.clear()
        start = time.monotonic()
        child = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        output = child.stdout.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        child.stdout.close()
        self.wall.append(time.monotonic() - start)
        self.cpu.append(usage.ru_utime + usage.ru_stime)
        self.clear()
        if child.returncode != 0:
            raise RuntimeError(f"{self.name}: exit {child.returncode}: {' '.join(self.command)}")
        self.output = output

    def private_peak(self):
        """RssAnon + RssShmem at its highest; VmHWM would count the mapped file as well."""
        self.clear()
        child = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        peak = samples = 0
        while child.poll() is None:
            try:
                status = pathlib.Path(f"/proc/{child.pid}/status").read_text()
            except OSError:
                break
            kilobytes = sum(int(n) for n in re.findall(r"^Rss(?:Anon|Shmem):\s+(\d+) kB$", status, re.M))
            peak, samples = max(peak, kilobytes * 1024), samples + (kilobytes > 0)
            time.sleep(SAMPLE_SECONDS)
        child.wait()
        self.clear()
        if child.returncode != 0 or not samples:
            raise RuntimeError(f"{self.name}: memory: exit {child.returncode}, {samples} samples")
        return peak, samples


class Row:
    """Ours against a peer; `goal` bounds the ratio ours/peer from above, or peer/ours from below where it is `faster`."""
    def __init__(self, ours, peer, goal, faster=False):
        self.ours, self.peer, self.goal, self.faster = ours, peer, goal, faster

    def ratio(self, figures):
        mine, theirs = min(getattr(self.ours, figures)), min(getattr(self.peer, figures))
        return theirs / mine if self.faster else mine / theirs

    def met(self):
        return self.ratio("wall") >= self.goal if self.faster else self.ratio("wall") <= self.goal

    def text(self):
        sign = "x faster, goal >= {}x" if self.faster else "x the time, goal <= {}x"
        return f"{self.ratio('wall'):.2f}{sign.format(self.goal)}"


def groups(salvor, etcdutl, snapshot, scratch):
    """Rows whose sides run in turn. etcdutl gets a copy of its own: its hashkv writes to the file that it is given."""
    copied = scratch / "snapshot.db"
    status = Side("`salvor snapshot status`", [salvor, "snapshot", "status", snapshot, "-w", "json"])
    hashkv = Side("`salvor hashkv`", [salvor, "hashkv", snapshot, "-w", "json"])
    verify = Side("`salvor verify`", [salvor, "verify", snapshot])
    restore = Side("`salvor restore`", [salvor, "restore", snapshot, "--member", "bench", "--data-dir", scratch / "ours"], scratch / "ours")
    copy = Side("`cp --reflink=never` + fsync", ["sh", "-c", 'mkdir "$2" && cp --reflink=never "$1" "$2/db" && sync "$2/db" "$2"', "sh", snapshot, scratch / "copy"],
                scratch / "copy")
    upstream = Side("`etcdutl snapshot restore`", [etcdutl, "snapshot", "restore", copied, "--data-dir", scratch / "theirs"], scratch / "theirs")
    return [
        [Row(status, Side("`etcdutl snapshot status`", [etcdutl, "snapshot", "status", copied, "-w", "json"]), 5, faster=True)],
        [Row(hashkv, Side("`etcdutl hashkv`", [etcdutl, "hashkv", copied, "-w", "json"]), 5, faster=True)],
        [Row(verify, Side("`openssl dgst -sha256`", ["openssl", "dgst", "-sha256", snapshot]), 1.2)],
        [Row(restore, copy, 1.2), Row(restore, upstream, 0.4)],
    ]


def others(salvor, snapshot):
    """Commands without a peer here, whose private memory is measured alone."""
    return [Side("`salvor info`", [salvor, "info", snapshot]), Side("`salvor keys`", [salvor, "keys", snapshot])]


def measure(rows, rounds):
    sides = list(dict.fromkeys(side for row in rows for side in (row.ours, row.peer)))
    for side in sides:
        side.run()  # warms the caches, and is not counted
        side.wall.clear()
        side.cpu.clear()
    for _ in range(rounds):
        for side in sides:
            side.run()


def same_answer(row):
    return not row.faster or row.ours.output == row.peer.output


def machine():
    info = pathlib.Path("/proc/cpuinfo").read_text()
    model = re.search(r"^model name\s*:\s*(.*)$", info, re.M)
    flags = re.search(r"^(?:flags|Features)\s*:\s*(.*)$", info, re.M)
    sha = {"sha_ni", "sha2"} & set(flags[1].split() if flags else [])
    return [("CPU", model[1] if model else platform.machine()), ("cores", len(os.sched_getaffinity(0))),
            ("SHA extensions", "yes (" + sha.pop() + ")" if sha else "no"), ("kernel", platform.release())]


def circumstances():
    """What else the machine did, and whether this run was put before it: a table is no better than that."""
    group = pathlib.Path("/proc/self/autogroup")
    words = f"nice {os.nice(0)}" + (f", its session {group.read_text().split()[-1]}" if group.exists() else "")
    return [("load average when it began", f"{os.getloadavg()[0]:.1f}"), ("priority of the run", words)]


def first_line(command):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True).stdout.splitlines()[0]


def file_system(path):
    return first_line(["findmnt", "-n", "-o", "FSTYPE", "-T", path])


def document(rows, peaks, around, snapshot, salvor, etcdutl, rounds):
    facts = [*machine(), *around, ("file system of the restores", file_system(snapshot.parent)), ("salvor", first_line([salvor, "version"])),
             ("etcdutl", first_line([etcdutl, "version"])), ("openssl", first_line(["openssl", "version"])),
             ("snapshot", f"{os.path.getsize(snapshot):,} bytes")]
    lines = ["# Figures", "", "Written by `tests/bench/run.py`; the snapshot is made by `make_snapshot.py` with a real etcd 3.7.",
             f"Warm, the sides of a row in turn, the best of {rounds} runs. CPU is user and system time together.", ""]
    lines += [f"- {name}: {value}" for name, value in facts]
    lines += ["", "| ours | wall s | CPU s | peer | wall s | CPU s | ratio of wall times | goal |", "|---|---|---|---|---|---|---|---|"]
    for row in rows:
        mine, theirs = row.ours, row.peer
        lines.append(f"| {mine.name} | {min(mine.wall):.3f} | {min(mine.cpu):.3f} | {theirs.name} | {min(theirs.wall):.3f} | "
                     f"{min(theirs.cpu):.3f} | {row.text()} | {'met' if row.met() else '**missed**'} |")
    lines += ["", f"Private memory (RssAnon + RssShmem), highest of samples {SAMPLE_SECONDS * 1000:.0f} ms apart in a run of its own; "
              f"bound {MEMORY_BOUND >> 20} MiB:", "", "| command | MiB | |", "|---|---|---|"]
    for side, (peak, samples) in peaks.items():
        lines.append(f"| {side.name} | {peak / (1 << 20):.1f} | {samples} samples, {'held' if peak <= MEMORY_BOUND else '**broken**'} |")
    missed = [f"{row.ours.name} against {row.peer.name}" for row in rows if not row.met()]
    lines += ["", "Missed: " + ("; ".join(missed) if missed else "none") + ".", ""]
    return "\n".join(lines)


def snapshot_of(args):
    path = args.snapshot or ROOT / "build/bench/snapshot.db"
    if not path.exists():
        subprocess.run([sys.executable, HERE / "make_snapshot.py", args.peers / LINE, path], check=True)
    if path.stat().st_size < LEAST_SIZE:
        sys.exit(f"{path} has {path.stat().st_size} bytes, and the goals are for {LEAST_SIZE} at least")
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--salvor", required=True, type=lambda p: pathlib.Path(p).resolve())
    parser.add_argument("--peers", type=pathlib.Path, default=os.environ.get("SALVOR_PEERS") or None)
    parser.add_argument("--snapshot", type=lambda p: pathlib.Path(p).resolve())
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--figures", type=pathlib.Path, default=HERE / "FIGURES.md")
    args = parser.parse_args()
    if not args.peers:
        parser.error("--peers, or SALVOR_PEERS: the folder of tests/peers/build")
    args.peers = pathlib.Path(args.peers)
    snapshot, etcdutl = snapshot_of(args), args.peers / LINE / "etcdutl"
    before = first_line(["sha256sum", snapshot])
    failures, checks, rows, peaks, around = [], 0, [], {}, circumstances()
    with tempfile.TemporaryDirectory(prefix="salvor-bench-", dir=snapshot.parent) as scratch:
        scratch = pathlib.Path(scratch)
        for group in groups(args.salvor, etcdutl, snapshot, scratch):
            shutil.copyfile(snapshot, scratch / "snapshot.db")
            os.sync()
            measure(group, args.rounds)
            peaks[group[0].ours] = group[0].ours.private_peak()
            rows += group
            for row in group:
                checks += 1
                print(f"{row.ours.name} {min(row.ours.wall):.3f} s, {row.peer.name} {min(row.peer.wall):.3f} s: {row.text()}", flush=True)
                if not same_answer(row):
                    failures.append(f"{row.ours.name}: {row.ours.output!r}, {row.peer.name}: {row.peer.output!r}")
    for side in others(args.salvor, snapshot):
        peaks[side] = side.private_peak()
    for side, (peak, _) in peaks.items():
        checks += 1
        if peak > MEMORY_BOUND:
            failures.append(f"{side.name}: {peak:,} bytes of private memory, {MEMORY_BOUND:,} allowed")
    args.figures.write_text(document(rows, peaks, around, snapshot, args.salvor, etcdutl, args.rounds))
    checks += 1
    if first_line(["sha256sum", snapshot]) != before:
        failures.append(f"{snapshot} was changed")
    print("\n".join(failures) if failures else f"figures in {args.figures}")
    print(f"{checks - len(failures)} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
