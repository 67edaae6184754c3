#!/usr/bin/env python3
"""Measures salvor beside etcdutl, openssl and cp on one large snapshot, and beside a Go program of Kubernetes' own types on
one of many Kubernetes objects, and writes the tables into FIGURES.md beside this file. The two sides of a row run in turn, warm, and the best of ROUNDS counts. A time is a figure and never a verdict: what
can fail is that a command was not measured, gave another answer than its peer, or needed more private memory than allowed.
Ends with `N passed, N failed`.

usage: run.py --salvor PATH [--peers FOLDER] [--snapshot FILE] [--kube-snapshot FILE] [--rounds N] [--figures FILE]

Without the snapshots it makes them under build/, with a real etcd, once: one of 300,000 keys, one of 260,000 objects.
"""
import argparse, os, pathlib, platform, re, shutil, subprocess, sys, tempfile, time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LINE = "etcd-v3.7.1"
LEAST_SIZE = 600_000_000
LEAST_KUBE_SIZE = 480_000_000
KUBE_SOURCE = ROOT / "testdata/real/kube-1.36/after.db"
MEMORY_BOUND = 64 << 20
SAMPLE_SECONDS = 0.002


class Side:
    """A command that is measured; `make` is what it builds, removed before and after each run. A `long` answer goes to
    /dev/null: a pipe would be measured, too. `status`: what it exits with."""
    def __init__(self, name, command, make=None, long=False, status=0):
        self.name, self.command, self.make, self.long, self.status = name, [str(word) for word in command], make, long, status
        self.wall, self.cpu, self.output = [], [], None

    def clear(self):
        if self.make:
            shutil.rmtree(self.make, ignore_errors=True)

    def run(self):
        self.clear()
        start = time.monotonic()
        child = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL if self.long else subprocess.PIPE,
                                 stderr=subprocess.DEVNULL)
        output = None if self.long else child.stdout.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.stdout:
            child.stdout.close()
        self.wall.append(time.monotonic() - start)
        self.cpu.append(usage.ru_utime + usage.ru_stime)
        self.clear()
        if child.returncode != self.status:
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
        if child.returncode != self.status or not samples:
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


class Bound:
    """A command without a peer, its best wall time, or the stored megabytes that it answers for in a second of CPU."""
    def __init__(self, side, most_seconds=None, stored=None, least_rate=None):
        self.side, self.most_seconds, self.stored, self.least_rate = side, most_seconds, stored, least_rate

    def rate(self):
        return self.stored / 1e6 / min(self.side.cpu)

    def met(self):
        return min(self.side.wall) <= self.most_seconds if self.most_seconds else self.rate() >= self.least_rate

    def text(self):
        if self.most_seconds:
            return f"goal <= {self.most_seconds * 1000:.0f} ms"
        return f"{self.rate():.0f} MB of stored values per CPU second, goal >= {self.least_rate}"


class Kube:
    """The rows on the snapshot of Kubernetes objects. Of rows that were not asked for the key alone is read: 0.15 us each."""
    def __init__(self, salvor, kube_json, snapshot, later):
        self.lines, self.objects, self.stored = count(kube_json, snapshot)
        self.jsonl = Side("`salvor get -o jsonl`", [salvor, "get", snapshot, "-o", "jsonl"], long=True)
        self.json = Side("`salvor get -o json`", [salvor, "get", snapshot, "-o", "json"], long=True)
        self.go = Side("`kube_json`", [kube_json, snapshot], long=True)
        pod = subprocess.run([salvor, "get", snapshot, "pods", "-o", "name"], capture_output=True, text=True, check=True).stdout.splitlines()[-1]
        self.named = Side("`salvor get pod NAME`", [salvor, "get", snapshot, pod, "-o", "json"])
        self.namespaced = Side("`salvor get pods -n NS`", [salvor, "get", snapshot, "pods", "-n", "kube-system", "-o", "json"])
        self.diff = Side("`salvor diff`, 1 % changed", [salvor, "diff", snapshot, later], long=True, status=1)
        self.cat = Side("`cat` of both", ["cat", snapshot, later], long=True)
        self.verify = Side("`salvor verify`, objects and references", [salvor, "verify", snapshot])
        self.digest = Side("`openssl dgst -sha256` of it", ["openssl", "dgst", "-sha256", snapshot])
        text = pod.partition("/")[2]
        self.search = Side("`salvor search`, a text", [salvor, "search", snapshot, "-F", text], long=True)
        searcher = "rg" if shutil.which("rg") else "grep"
        self.searcher = Side(f"`{searcher} -a -c -F` of it", [searcher, "-a", "-c", "-F", text, snapshot])
        self.top = Side("`salvor top`", [salvor, "top", snapshot])
        self.query = Side("`salvor query`, objects by kind", [salvor, "query", snapshot, "SELECT kind, count(*), sum(value_size) FROM objects GROUP BY kind"])
        self.pods = Side("`salvor query`, pods of a namespace", [salvor, "query", snapshot, "SELECT name, spec ->> '$.nodeName' FROM objects WHERE kind = 'Pod' AND namespace = 'kube-system'"])
        self.sides = [self.jsonl, self.json, self.named, self.namespaced, self.diff, self.verify, self.search, self.top, self.query, self.pods]
        self.held = [Side("`salvor get -o jsonpath=`", [salvor, "get", snapshot, "-o", 'jsonpath={range .items[*]}{.metadata.name}{"\\n"}{end}'], long=True),
                     Side("`salvor get -o custom-columns=`", [salvor, "get", snapshot, "-o", "custom-columns=N:.metadata.name,T:.metadata.creationTimestamp"], long=True)]

    def measure(self, rounds):
        measure([*self.sides, self.go, self.cat, self.digest, self.searcher], rounds)
        unasked = self.objects * 0.15e-6
        self.rows = [Row(self.jsonl, self.go, 0.2), Row(self.diff, self.cat, 2), Row(self.verify, self.digest, 1.5),
                     Row(self.search, self.searcher, 2)]
        self.bounds = [Bound(self.jsonl, stored=self.stored, least_rate=500), Bound(self.json, stored=self.stored, least_rate=200),
                       Bound(self.named, most_seconds=0.040), Bound(self.namespaced, most_seconds=0.040 + unasked), Bound(self.top, most_seconds=1), Bound(self.query, most_seconds=1),
                       Bound(self.pods, most_seconds=0.040 + unasked)]


def count(kube_json, snapshot):
    """Lines that the Go program writes, and what it says of how many objects and bytes they were."""
    done = subprocess.Popen([kube_json, snapshot], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    lines = sum(block.count(b"\n") for block in iter(lambda: done.stdout.read(1 << 20), b""))
    objects, stored = re.match(rb"(\d+) objects, (\d+) bytes", done.stderr.read()).groups()
    done.wait()
    return lines, int(objects), int(stored)


def count_lines(command):
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        return sum(block.count(b"\n") for block in iter(lambda: child.stdout.read(1 << 20), b""))


def sealing(salvor, snapshot, scratch):
    """Ours verifies, packs, encrypts and reads back; its peer is what does each of these by itself, one after the other."""
    key = scratch / "key.txt"
    if not key.exists():
        subprocess.run(["age-keygen", "-o", key], check=True, capture_output=True)
    recipient = first_line(["age-keygen", "-y", key])
    ours = Side("`salvor seal`", ["sh", "-c", 'mkdir "$3" && exec "$1" seal "$2" --to "$3/sealed" -r "$4"', "sh", salvor, snapshot, scratch / "sealed", recipient],
                scratch / "sealed")
    apart = Side("`salvor verify`, `zstd -T0 -3 \\| age`, `age -d \\| zstd -d \\| openssl dgst`",
                 ["sh", "-c", 'mkdir "$3" && "$1" verify "$2" >/dev/null && zstd -qcT0 -3 "$2" | age -r "$4" > "$3/sealed" && '
                  'age -d -i "$5" "$3/sealed" | zstd -dc | openssl dgst -sha256', "sh", salvor, snapshot, scratch / "apart", recipient, key], scratch / "apart")
    return [Row(ours, apart, 1.1)]


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
        sealing(salvor, snapshot, scratch),
    ]


def others(salvor, snapshot):
    """Commands without a peer here, whose private memory is measured alone."""
    return [Side("`salvor info`", [salvor, "info", snapshot]), Side("`salvor keys`", [salvor, "keys", snapshot])]


def sides_of(rows):
    return list(dict.fromkeys(side for row in rows for side in (row.ours, row.peer)))


def measure(sides, rounds):
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


def document(rows, bounds, peaks, around, snapshots, salvor, etcdutl, rounds):
    facts = [*machine(), *around, ("file system of the restores", file_system(snapshots[0].parent)), ("salvor", first_line([salvor, "version"])),
             ("etcdutl", first_line([etcdutl, "version"])), ("openssl", first_line(["openssl", "version"])),
             ("snapshot", f"{os.path.getsize(snapshots[0]):,} bytes"), ("snapshot of Kubernetes objects", f"{os.path.getsize(snapshots[1]):,} bytes")]
    lines = ["# Figures", "", "Written by `tests/bench/run.py`; the snapshots are made by `make_snapshot.py` and `make_kube_snapshot.py` with a real etcd 3.7.",
             "`kube_json` is `kube_json.go` beside this file: `k8s.io/client-go`'s types and `encoding/json` over bbolt.",
             f"Warm, the sides of a row in turn, the best of {rounds} runs. CPU is user and system time together.", ""]
    lines += [f"- {name}: {value}" for name, value in facts]
    lines += ["", "| ours | wall s | CPU s | peer | wall s | CPU s | ratio of wall times | goal |", "|---|---|---|---|---|---|---|---|"]
    for row in rows:
        mine, theirs = row.ours, row.peer
        lines.append(f"| {mine.name} | {min(mine.wall):.3f} | {min(mine.cpu):.3f} | {theirs.name} | {min(theirs.wall):.3f} | "
                     f"{min(theirs.cpu):.3f} | {row.text()} | {'met' if row.met() else '**missed**'} |")
    lines += ["", "| ours | wall s | CPU s | | |", "|---|---|---|---|---|"]
    lines += [f"| {bound.side.name} | {min(bound.side.wall):.3f} | {min(bound.side.cpu):.3f} | {bound.text()} | {'met' if bound.met() else '**missed**'} |"
              for bound in bounds]
    lines += ["", f"Private memory (RssAnon + RssShmem), highest of samples {SAMPLE_SECONDS * 1000:.0f} ms apart in a run of its own; "
              f"bound {MEMORY_BOUND >> 20} MiB:", "", "| command | MiB | |", "|---|---|---|"]
    for side, (peak, samples) in peaks.items():
        lines.append(f"| {side.name} | {peak / (1 << 20):.1f} | {samples} samples, {'held' if peak <= MEMORY_BOUND else '**broken**'} |")
    missed = [f"{row.ours.name} against {row.peer.name}" for row in rows if not row.met()] + [f"{bound.side.name}, {bound.text()}" for bound in bounds if not bound.met()]
    lines += ["", "Missed: " + ("; ".join(missed) if missed else "none") + ".", ""]
    return "\n".join(lines)


def kube_snapshot_of(args):
    path = args.kube_snapshot or ROOT / "build/bench/kube.db"
    if not path.exists():
        subprocess.run([sys.executable, HERE / "make_kube_snapshot.py", "--salvor", args.salvor, args.peers / LINE, KUBE_SOURCE, path], check=True)
    if path.stat().st_size < LEAST_KUBE_SIZE:
        sys.exit(f"{path} has {path.stat().st_size} bytes, and the goals are for {LEAST_KUBE_SIZE} at least")
    return path


def later_snapshot_of(args, earlier):
    path = ROOT / "build/bench/kube-later.db"
    if not path.exists() or path.stat().st_mtime < earlier.stat().st_mtime:
        path.unlink(missing_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, HERE / "make_later_snapshot.py", "--salvor", args.salvor, args.peers / LINE, earlier, path], check=True)
    return path


def kube_json_of(args):
    subprocess.run([ROOT / "tests/peers/build", "kube-json"], check=True, stdout=subprocess.DEVNULL, env={**os.environ, "SALVOR_PEERS": str(args.peers)})
    return args.peers / "kube-json/kube_json"


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
    parser.add_argument("--kube-snapshot", type=lambda p: pathlib.Path(p).resolve())
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--figures", type=pathlib.Path, default=HERE / "FIGURES.md")
    args = parser.parse_args()
    if not args.peers:
        parser.error("--peers, or SALVOR_PEERS: the folder of tests/peers/build")
    args.peers = pathlib.Path(args.peers)
    snapshot, kube_snapshot, etcdutl = snapshot_of(args), kube_snapshot_of(args), args.peers / LINE / "etcdutl"
    snapshots = [snapshot, kube_snapshot]
    before = [first_line(["sha256sum", path]) for path in snapshots]
    failures, checks, rows, peaks, around = [], 0, [], {}, circumstances()
    with tempfile.TemporaryDirectory(prefix="salvor-bench-", dir=snapshot.parent) as scratch:
        scratch = pathlib.Path(scratch)
        for group in groups(args.salvor, etcdutl, snapshot, scratch):
            shutil.copyfile(snapshot, scratch / "snapshot.db")
            os.sync()
            measure(sides_of(group), args.rounds)
            peaks[group[0].ours] = group[0].ours.private_peak()
            rows += group
            for row in group:
                checks += 1
                print(f"{row.ours.name} {min(row.ours.wall):.3f} s, {row.peer.name} {min(row.peer.wall):.3f} s: {row.text()}", flush=True)
                if not same_answer(row):
                    failures.append(f"{row.ours.name}: {row.ours.output!r}, {row.peer.name}: {row.peer.output!r}")
    kube = Kube(args.salvor, kube_json_of(args), kube_snapshot, later_snapshot_of(args, kube_snapshot))
    kube.measure(args.rounds)
    rows += kube.rows
    checks += 1
    if (lines := count_lines(kube.jsonl.command)) != kube.lines:
        failures.append(f"{kube.jsonl.name}: {lines} lines, {kube.go.name}: {kube.lines}")
    for bound in kube.bounds:
        print(f"{bound.side.name} {min(bound.side.wall):.3f} s, CPU {min(bound.side.cpu):.3f} s: {bound.text()}", flush=True)
    for side in [*kube.sides, *kube.held, *others(args.salvor, snapshot)]:
        peaks[side] = side.private_peak()
    for side, (peak, _) in peaks.items():
        checks += 1
        if peak > MEMORY_BOUND:
            failures.append(f"{side.name}: {peak:,} bytes of private memory, {MEMORY_BOUND:,} allowed")
    args.figures.write_text(document(rows, kube.bounds, peaks, around, snapshots, args.salvor, etcdutl, args.rounds))
    for path, digest in zip(snapshots, before):
        checks += 1
        if first_line(["sha256sum", path]) != digest:
            failures.append(f"{path} was changed")
    print("\n".join(failures) if failures else f"figures in {args.figures}")
    print(f"{checks - len(failures)} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
