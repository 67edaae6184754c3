#!/usr/bin/env python3
"""What etcdctl says of a live server that started from a snapshot, and what salvor says of the snapshot itself: for
each line its own snapshot, server and etcdctl. Of etcdctl's answer the header's ids and raft term are taken out, for
no file knows them. Ends with `N passed, N failed`.

usage: etcdctl.py --salvor PATH [--peers FOLDER] [--port P] [LINE...]
"""
import argparse, base64, itertools, json, os, pathlib, re, shutil, subprocess, sys, tempfile, time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
REAL = ROOT / "build" / "testdata" / "real"
VERSIONS = {"3.4": "etcd-v3.4.23", "3.5": "etcd-v3.5.33", "3.6": "etcd-v3.6.14", "3.7": "etcd-v3.7.1"}
# Thrown-away passwords of the servers that made the snapshots; their hashes are in the files.
PASSWORDS = {"3.4": "R00t-601967", "3.5": "R00t-897259", "3.6": "R00t-213192", "3.7": "R00t-025834"}
HEADER_IN_JSON = re.compile(rb'"cluster_id":[^,]+,"member_id":[^,}]+|,"raft_term":\d+')
HEADER_IN_FIELDS = re.compile(rb'\A"ClusterID" : ?\S+\n"MemberID" : ?\S+\n("Revision" : \d+\n)?"RaftTerm" : ?\S+\n')


class Server:
    def __init__(self, folder, line, snapshot, port):
        self.bin, self.line, self.port = folder / VERSIONS[line], line, port
        self.environment = dict(os.environ, ETCDCTL_API="3") if line == "3.4" else dict(os.environ)
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="salvor-etcdctl-"))
        data = self.work / "data"
        tool = self.bin / ("etcdctl" if line == "3.4" else "etcdutl")
        subprocess.run([tool, "snapshot", "restore", snapshot, "--data-dir", data], check=True, capture_output=True,
                       env=self.environment)
        client, peer = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port + 1}"
        self.process = subprocess.Popen([self.bin / "etcd", "--data-dir", data, "--listen-client-urls", client,
                                         "--advertise-client-urls", client, "--listen-peer-urls", peer],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def etcdctl(self, *words):
        command = [self.bin / "etcdctl", "--endpoints", f"http://127.0.0.1:{self.port}", *words]
        return subprocess.run(command, capture_output=True, env=self.environment, timeout=60)

    def wait(self):
        """Until it answers; auth is then off, or each call would have to log in."""
        for _ in range(100):
            off = self.etcdctl("--user", f"root:{PASSWORDS[self.line]}", "auth", "disable")
            if off.returncode == 0 or b"authentication is not enabled" in off.stderr:
                return
            time.sleep(0.2)
        sys.exit(f"etcd {self.line} did not start")

    def stop(self):
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.work)


def without_ids(answer):
    answer = HEADER_IN_FIELDS.sub(rb"\1", answer)
    return HEADER_IN_JSON.sub(b"", answer).replace(b'{,"', b'{"')


def key_cases(few, one):
    """Words of `etcdctl get`. `few` is a prefix of at most twelve keys, for beyond that Go's sort leaves open how
    keys stand that are alike in what is sorted by; `one` is a key."""
    ranges = [["", "--prefix"], ["", "--from-key"], [few, "--prefix"], [few, few + "~"], [one], ["no such key"],
              [one, "--from-key", "--limit", "7"]]
    shapes = [["-w", "simple"], ["-w", "json"], ["-w", "fields"], ["-w", "simple", "--hex"], ["-w", "fields", "--hex"],
              ["-w", "json", "--hex"], ["-w", "simple", "--print-value-only"], ["-w", "simple", "--print-value-only", "--hex"],
              ["-w", "simple", "--keys-only"], ["-w", "json", "--keys-only"], ["-w", "fields", "--keys-only"],
              ["-w", "fields", "--count-only"]]
    for words, shape in itertools.product(ranges, shapes):
        yield words + shape
    for revision, shape in itertools.product(["261", "600", "1052", "1053", "1104"], ["simple", "json"]):
        yield ["", "--prefix", "--rev", revision, "-w", shape]
    for by, order, limit in itertools.product(["CREATE", "KEY", "MODIFY", "VALUE", "VERSION", "modify"],
                                              ["ASCEND", "DESCEND", "descend", ""], ["0", "3", "100"]):
        yield [few, "--prefix", "--sort-by", by, "--order", order, "--limit", limit, "-w", "json"]
    for by in ["CREATE", "VALUE"]:
        yield [few, "--prefix", "--sort-by", by, "--keys-only", "-w", "json"]
    for order in ["ASCEND", "DESCEND"]:
        yield ["", "--prefix", "--order", order, "--limit", "5", "-w", "json"]


def revision_cases(few):
    for bound in ["--min-create-rev", "--max-create-rev", "--min-mod-rev", "--max-mod-rev"]:
        yield ["", "--prefix", bound, "600", "-w", "json"]
        yield [few, "--prefix", bound, "600", "-w", "json", "--limit", "2"]


class Comparison:
    def __init__(self, salvor, server, snapshot):
        self.salvor, self.server, self.snapshot = salvor, server, snapshot
        self.passed = self.failed = 0

    def same(self, theirs, ours, change=lambda answer: answer, source=None):
        expected = self.server.etcdctl(*theirs)
        found = subprocess.run([self.salvor, ours[0], source or self.snapshot, *ours[1:]], capture_output=True)
        want = change(without_ids(expected.stdout))
        if expected.returncode == 0 and found.returncode in (0, 1) and found.stdout == want:
            self.passed += 1
            return
        self.failed += 1
        print(f"{self.server.line}: etcdctl {theirs}: exit {expected.returncode} {expected.stderr[-200:]!r}\n"
              f"  salvor {ours}: exit {found.returncode} {found.stderr!r}")
        at = len(os.path.commonprefix([want, found.stdout]))
        print(f"  they differ at byte {at}: {want[max(0, at - 60):at + 80]!r}\n                  and {found.stdout[max(0, at - 60):at + 80]!r}")

    def refused_by_both(self, theirs, ours):
        expected = self.server.etcdctl(*theirs)
        found = subprocess.run([self.salvor, ours[0], self.snapshot, *ours[1:]], capture_output=True)
        if expected.returncode != 0 and found.returncode == 2 and (not found.stdout or b'"error"' in found.stdout):
            self.passed += 1
        else:
            self.failed += 1
            print(f"{self.server.line}: not refused by both: {theirs} {expected.returncode}, {ours} {found.returncode}")


def without_leases(answer):
    """3.7 answers keys alone out of its index, which knows no leases, and so do we; the lines before it name them."""
    return re.sub(rb'"Lease" : \S+', b'"Lease" : 0', re.sub(rb',"lease":-?\d+', b"", answer))


def compare_keys(comparison, line, few, one):
    for words in list(key_cases(few, one)) + (list(revision_cases(few)) if line >= "3.6" else []):
        if line == "3.4" and "--count-only" in words or line < "3.6" and "--hex" in words and "fields" in words:
            continue  # not there yet; leases not in hex yet
        drop = line < "3.7" and "--keys-only" in words and "VALUE" not in words
        comparison.same(["get", *words], ["keys", *words], without_leases if drop else lambda answer: answer)
    for words in [["", "--prefix", "--rev", "99999"], ["a", "--prefix", "--from-key"], ["a", "b", "--prefix"],
                  ["a", "--keys-only", "--count-only"], ["a", "--order", "UP"], ["a", "--sort-by", "SIZE"], [""],
                  ["a", "--print-value-only", "-w", "json"], ["a", "--count-only"]]:
        comparison.refused_by_both(["get", *words], ["keys", *words])


def compare_leases(comparison, line):
    def full_time(answer):
        """What is left has run down since the server's start; we say what is left at a start."""
        answer = re.sub(rb'"ttl":\d+,"granted-ttl":(\d+)', rb'"ttl":\1,"granted-ttl":\1', answer)
        answer = re.sub(rb'"TTL" : \d+\n"GrantedTTL" : (\d+)', rb'"TTL" : \1\n"GrantedTTL" : \1', answer)
        answer = re.sub(rb"TTL\((\d+)s\), remaining\(\d+s\)", rb"TTL(\1s), remaining(\1s)", answer)
        return in_order(answer)

    def in_order(answer):
        """The keys come out of a Go map."""
        def sort(between):
            return lambda found: found[1] + between.join(sorted(found[2].split(between))) + found[3]
        answer = re.sub(rb'("keys":\[)([^]]+)(\])', lambda found: found[1] + b",".join(
            json.dumps(base64.b64encode(key).decode()).encode() for key in sorted(
                base64.b64decode(word) for word in json.loads(b"[" + found[2] + b"]"))) + found[3], answer)
        answer = re.sub(rb'()((?:"Key" : .*\n?)+)()', sort(b"\n"), answer.rstrip(b"\n")) + b"\n"
        return re.sub(rb"(attached keys\(\[)([^]]*)(\])", sort(b" "), answer)

    shapes = [["-w", "simple"], ["-w", "json"], ["-w", "fields"]] + ([["-w", "fields", "--hex"]] if line >= "3.6" else [])
    for shape in shapes:
        comparison.same(["lease", "list", *shape], ["leases", *shape])
        for lease in comparison.server.etcdctl("lease", "list").stdout.decode().split()[3:] + ["77"]:
            if lease.startswith("-"):
                continue  # no line's etcdctl takes its own name of a negative id
            comparison.same(["lease", "timetolive", lease, *shape], ["leases", lease, *shape], full_time)
            comparison.same(["lease", "timetolive", lease, "--keys", *shape], ["leases", lease, "--keys", *shape], full_time)


def compare_auth(comparison, line):
    for shape in [["-w", "simple"], ["-w", "json"]]:
        comparison.same(["user", "list", *shape], ["users", *shape])
        comparison.same(["role", "list", *shape], ["roles", *shape])
        for user in ["alice", "bob", "carol", "dave", "root", "svc-nopass"]:
            comparison.same(["user", "get", user, *shape], ["users", user, *shape])
        for role in ["blank", "ops", "reader", "temp", "writer", "root"]:
            if role != "root" or line >= "3.6":  # before, the server gave what is stored
                comparison.same(["role", "get", role, *shape], ["roles", role, *shape])
    if line >= "3.6":
        comparison.same(["role", "list", "-w", "fields"], ["roles", "-w", "fields"])
        for role in ["ops", "writer", "root"]:
            comparison.same(["role", "get", role, "-w", "fields"], ["roles", role, "-w", "fields"])


def compare_members(comparison, line):
    """Restored, the server has one member that the snapshot does not know; its own db does."""
    db = comparison.server.work / "data"
    time.sleep(1)  # its db on disk is up to 100 ms behind
    for shape in [["-w", "simple"], ["-w", "json"]] + ([["-w", "fields"]] if line >= "3.6" else []) + (
            [["-w", "table"]] if line == "3.7" else []) + ([["-w", "json", "--hex"], ["-w", "fields", "--hex"]] if line >= "3.6" else []):
        comparison.same(["member", "list", *shape], ["members", *shape], source=db)


def compare_alarms(comparison, line):
    def in_order(answer):
        """They come out of a Go map. 3.4 gives no header with them."""
        answer = answer.replace(b'{"alarms"', b'{"header":{"revision":940},"alarms"')
        answer = re.sub(rb"(\[)({.*})(\])", lambda found: found[1] + b",".join(sorted(re.findall(rb"{.*?}", found[2]))) + found[3], answer)
        if answer.startswith(b'"'):
            head, *blocks = re.split(rb'(?="MemberID")', answer)
            return head + b"".join(sorted(blocks, reverse=True))
        return b"".join(sorted(answer.splitlines(True), reverse=True))

    shapes = [["-w", "json"]]
    if line >= "3.5":
        shapes += [["-w", "fields"]]  # 3.4's panics
    if line >= "3.6":
        shapes += [["-w", "fields", "--hex"]]
    if line < "3.7":
        shapes += [["-w", "simple"]]  # the blanks of 3.7's differ from build to build
    for shape in shapes:
        comparison.same(["alarm", "list", *shape], ["alarms", *shape], in_order)


def run_line(args, line, name, compare):
    snapshot = REAL / name
    server = Server(args.peers, line, snapshot, args.port + 10 * list(VERSIONS).index(line))
    try:
        server.wait()
        comparison = Comparison(args.salvor, server, snapshot)
        compare(comparison)
    finally:
        server.stop()
    return comparison.passed, comparison.failed


def runs(line):
    prefix = "etcd/" if line > "3.4" else ""

    def compare_rich(comparison):
        compare_keys(comparison, line, prefix + "lease/5", prefix + "txn/02/a")
        compare_leases(comparison, line)
        compare_auth(comparison, line)
        if line > "3.4":  # whose restore leaves the old members where they are
            compare_members(comparison, line)

    return [(f"etcd-{line}/rich.db", compare_rich), ("etcd-3.4/alarm-corrupt.db", lambda c: compare_alarms(c, line))]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--salvor", required=True, type=pathlib.Path)
    parser.add_argument("--peers", type=pathlib.Path,
                        default=os.environ.get("SALVOR_PEERS") or pathlib.Path.home() / ".cache/salvor/peers")
    parser.add_argument("--port", type=int, default=22000)
    parser.add_argument("lines", nargs="*")
    args = parser.parse_args()
    args.salvor = args.salvor.resolve()
    passed = failed = 0
    for line in args.lines or VERSIONS:
        for name, compare in runs(line):
            found = run_line(args, line, name, compare)
            passed, failed = passed + found[0], failed + found[1]
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
