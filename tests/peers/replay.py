#!/usr/bin/env python3
"""What `salvor replay` makes of a killed member's disk, and what the member itself says after it was started again.

Recorded: the disks of ../shared/data (of testdata where that is all there is), against what the real etcd answered.
Live: for each line rounds of a real etcd that takes random writes (puts, deletes, transactions, leases, compactions,
alarms, users, members) with its db held back, until it is killed at a random moment; then a copy of it starts again and is
asked. Compared are the rows of every bucket, and HashKV, leases, users, roles and alarms of a server on our snapshot.

usage: replay.py --salvor PATH [--rounds N] [--seed N] [--line LINE]...
The last line is `replay: N passed, N failed, N skipped`.
"""
import argparse, json, pathlib, random, re, shutil, signal, subprocess, sys, tempfile, threading, time, urllib.error
import db_pages, recorded
from checks import Checks
from etcd_server import LINES, Peers, Server, b64, free_port

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TESTDATA = ROOT / "build/testdata/real"
SHARED = recorded.SHARED
HELD_BACK = ["--backend-batch-interval", "1h", "--backend-batch-limit", "1000000"]
# What a server that starts writes by itself: its election, its own name and addresses, the version.
OF_A_START = {"meta": {b"consistent_index", b"term", b"storageVersion"}, "cluster": {b"clusterVersion"}}


def replay(salvor, disk, to, *more):
    done = subprocess.run([salvor, "replay", disk, "--to", to, "-o", "json", *more], capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f"replay {disk}: exit {done.returncode}: {done.stderr}")
    return json.loads(done.stdout)


def unpack(archive, to):
    to.mkdir()
    subprocess.run(f"zstd -dc --long=27 '{archive}' | tar -x -C '{to}'", shell=True, check=True)
    return next(to.rglob("snap")).parent.parent


def hash_kv(salvor, snapshot, revision):
    told = subprocess.run([salvor, "hashkv", snapshot, "--rev", str(revision), "-w", "json"], capture_output=True, check=True)
    return json.loads(told.stdout)["hash"]


def lone_recorded(salvor, work, count):
    """member-3.5-tail: killed with its db far behind, and with an older db still."""
    truth = SHARED / "member-3.5-tail/truth"
    truth = truth if truth.is_dir() else TESTDATA / "member-3.5/answers/truth"
    for name, answers in (("as-killed", truth), ("older-db", truth / "older-db")):
        made = work / f"{name}.db"
        said = replay(salvor, TESTDATA / "member-3.5" / name / "member-data", made)
        count.same(f"{name}: certainty", "loneVoter", said["certainty"])
        count.same(f"{name}: entries beyond", 0, said["beyond"])
        comparison = recorded.Comparison(salvor)
        comparison.dumps(made, truth)
        comparison.small(made, answers)
        count.passed += comparison.passed
        count.failed += comparison.failed
        for at, told in json.loads((answers / "hashkv-live.json").read_text()).items():
            revision = 0 if at == "head" else int(at)
            count.same(f"{name}: HashKV at {at}", told[0]["HashKV"]["hash"], hash_kv(salvor, made, revision))


def changes(writes):
    for write in writes:
        for op in write.get("ops", [write]):
            yield op["key"], op.get("value") if op["op"] == "put" else None


def three_recorded(salvor, work, count):
    """member-3.6-three: what was acknowledged is in the longest log; each alone proves a part."""
    folder = SHARED / "member-3.6-three"
    if not folder.is_dir():
        count.skipped += 1
        print("SKIPPED member-3.6-three: there is no ../shared/data here")
        return
    told = subprocess.run(["zstd", "-dc", "--long=27", folder / "truth/writes.jsonl.zst"], capture_output=True, check=True)
    writes = [json.loads(line) for line in told.stdout.splitlines()]
    sure = [write for write in writes if not write.get("in_flight") and not write.get("not_acknowledged")]
    unsure = {key for key, _ in changes(w for w in writes if w.get("in_flight") or w.get("not_acknowledged"))}
    wanted = dict(changes(sure))
    restarted = json.loads((folder / "truth/summary.json").read_text())["cluster_restarted"]["restarted"]["members"]["m1"]["hashkv"]
    reached = {}
    for name in ("m1", "m2", "m3"):
        disk = unpack(folder / f"{name}.tar.zst", work / name)
        lone = recorded.read(folder / f"truth/lone-{name}-dump-head.json.zst")
        said = replay(salvor, disk, work / f"{name}.db")
        count.same(f"{name}: certainty", ("committed", 0), (said["certainty"], said["unproven"]))
        keys = json.loads(subprocess.run([salvor, "keys", work / f"{name}.db", "--prefix", "", "-w", "json"],
                                         capture_output=True, check=True).stdout)
        count.same(f"{name}: what it says alone, by force-new-cluster", lone["kvs"], keys["kvs"])
        all_of_it = replay(salvor, disk, work / f"{name}-all.db", "--include-uncommitted")
        count.same(f"{name}: entries beyond", said["beyond"], all_of_it["unproven"])
        reached[name] = (all_of_it["replayed"]["index"], work / f"{name}-all.db")
    longest = max(reached.values())[1]
    keys = json.loads(subprocess.run([salvor, "keys", longest, "--prefix", "", "-w", "json"], capture_output=True, check=True).stdout)
    found = {kv["key"]: kv.get("value", "") for kv in keys["kvs"]}
    missing = [key for key, value in wanted.items() if key not in unsure and found.get(key) != value]
    count.same("the longest log has every acknowledged write", [], missing)
    for revision in ("6190", "9177"):
        count.same(f"the longest log: HashKV at {revision}", restarted[revision]["HashKV"]["hash"], hash_kv(salvor, longest, revision))


class Traffic:
    """Random requests, each of which a server may refuse."""
    def __init__(self, server, rng, line):
        self.server, self.rng, self.line = server, rng, line
        self.leases, self.revision, self.root = [], 1, False
        self.users, self.roles, self.learners = [], [], []

    def key(self):
        return f"/k/{self.rng.randrange(60):02}".encode()

    def put_body(self):
        body = {"key": b64(self.key()), "value": b64(self.rng.randbytes(self.rng.choice([0, 8, 90, 900])))}
        if self.rng.random() < 0.3:
            body["lease"] = self.rng.choice(self.leases + [12345])
        if self.rng.random() < 0.08:
            body.update(ignore_value=True, value="")
        elif self.rng.random() < 0.08:
            body.update(ignore_lease=True)
            body.pop("lease", None)
        return body

    def range_body(self):
        low, high = sorted((self.key(), self.key()))
        return {"key": b64(low), "range_end": self.rng.choice(["", b64(high), b64(b"\0")] if self.rng.random() < 0.02 else ["", b64(high)])}

    def compare(self):
        target = self.rng.choice(["VALUE", "VERSION", "CREATE", "MOD", "LEASE"])
        compare = {"key": b64(self.key()), "target": target, "result": self.rng.choice(["EQUAL", "GREATER", "LESS", "NOT_EQUAL"])}
        if self.rng.random() < 0.3:
            compare["range_end"] = b64(b"/k/99")
        if target == "VALUE":
            compare["value"] = b64(self.rng.randbytes(2))
        else:
            compare[{"VERSION": "version", "CREATE": "create_revision", "MOD": "mod_revision", "LEASE": "lease"}[target]] = \
                self.rng.choice([0, 1, 2, self.revision])
        return compare

    def txn_body(self, depth=0):
        def branch():
            ops, keys = [], set()
            for _ in range(self.rng.randrange(4)):
                kind = self.rng.random()
                if kind < 0.55:
                    put = self.put_body()
                    if put["key"] not in keys:
                        keys.add(put["key"])
                        ops.append({"request_put": put})
                elif kind < 0.7:
                    key = b64(b"/d/" + self.key())
                    if key not in keys:
                        ops.append({"request_delete_range": {"key": key, "range_end": ""}})
                elif kind < 0.85:
                    ops.append({"request_range": {**self.range_body(), "revision": self.rng.choice([0, 0, self.revision, 1])}})
                elif depth == 0:
                    ops.append({"request_txn": self.txn_body(1)})
            return ops
        return {"compare": [self.compare() for _ in range(self.rng.randrange(3))], "success": branch(), "failure": branch()}

    def grant(self):
        ident = self.rng.choice([self.rng.randrange(1, 1 << 62), -self.rng.randrange(1, 1 << 30), *self.leases[:1]])
        self.server.call("lease/grant", ID=ident, TTL=self.rng.choice([60, 600, 90000000000]))
        self.leases.append(ident)

    def auth(self):
        name = f"u{self.rng.randrange(6)}"
        role = f"r{self.rng.randrange(4)}"
        perm = {"permType": self.rng.choice(["READ", "WRITE", "READWRITE"]), "key": b64(self.key()),
                "range_end": self.rng.choice(["", b64(b"\0"), b64(b"/k/99")])}
        # 3.4's gateway hands the password on as it is.
        word = {"password": "secret-" + name}
        return self.rng.choice([
            lambda: self.server.call("auth/user/add", name=name, **word),
            lambda: self.server.call("auth/user/delete", name=name),
            lambda: self.server.call("auth/user/changepw", name=name, **word),
            lambda: self.server.call("auth/user/grant", user=name, role=role),
            lambda: self.server.call("auth/user/revoke", name=name, role=role),
            lambda: self.server.call("auth/role/add", name=role),
            lambda: self.server.call("auth/role/delete", role=role),
            lambda: self.server.call("auth/role/grant", name=role, perm=perm),
            lambda: self.server.call("auth/role/revoke", role=role, key=perm["key"], range_end=perm["range_end"])])()

    def member(self):
        url = f"http://127.0.0.1:{9 + self.rng.randrange(3)}"
        if self.learners and self.rng.random() < 0.6:
            ident = self.rng.choice(self.learners)
            if self.rng.random() < 0.5:
                return self.server.call("cluster/member/update", ID=ident, peerURLs=[url])
            self.server.call("cluster/member/remove", ID=ident)
            return self.learners.remove(ident)
        added = self.server.call("cluster/member/add", peerURLs=[url], isLearner=True)
        self.learners.append(added["member"]["ID"])

    def alarm(self):
        self.server.call("maintenance/alarm", action="ACTIVATE", memberID=self.rng.randrange(1, 4), alarm="NOSPACE")
        for _ in range(3):
            self.attempt(self.put)
        for ident in range(1, 4):
            self.server.call("maintenance/alarm", action="DEACTIVATE", memberID=ident, alarm="NOSPACE")

    def put(self):
        self.server.call("kv/put", **self.put_body())

    def one(self):
        return self.rng.choices(
            [self.put, lambda: self.server.call("kv/deleterange", **self.range_body()),
             lambda: self.server.call("kv/txn", **self.txn_body()), self.grant,
             lambda: self.server.call("lease/revoke", ID=self.rng.choice(self.leases + [77])),
             lambda: self.server.call("kv/compaction", revision=self.revision - self.rng.randrange(40)),
             self.auth, self.alarm, self.member],
            [50, 12, 25, 5, 3, 1.5, 8, 1.5, 2])[0]

    def attempt(self, request):
        try:
            request()
        except urllib.error.HTTPError as error:
            error.read()

    def run(self, ended):
        while not ended.is_set():
            try:
                self.attempt(self.one())
                told = self.server.call("kv/range", key=b64(b"none"))
                self.revision = int(told["header"]["revision"])
            except (OSError, json.JSONDecodeError):
                return


def settled_rows(path, line):
    rows = db_pages.Db(path.read_bytes()).rows
    for bucket, keys in OF_A_START.items():
        for key in keys:
            rows.get(bucket, {}).pop(key, None)
    rows["members"] = {key: re.sub(rb',"clientURLs":\[[^]]*\]', b"", value) for key, value in rows.get("members", {}).items()}
    if line == "3.4":
        # It hashes each password anew, and drops a tombstone at the revision of a compaction.
        rows["authUsers"] = {name: None for name in rows.get("authUsers", {})}
        compacted = max((value[:8] for key, value in rows["meta"].items() if key.endswith(b"CompactRev")), default=b"")
        rows["key"] = {key: value for key, value in rows["key"].items() if not (len(key) == 18 and key[:8] == compacted)}
    return {bucket: keys for bucket, keys in rows.items() if keys}


def round_of(salvor, line, program, work, rng, count, what):
    peer = f"http://127.0.0.1:{free_port()}"
    data = work / "data"
    with Server(program, data, "m1", peer, f"m1={peer}", more=HELD_BACK) as server:
        ended = threading.Event()
        traffic = [Traffic(server, random.Random(rng.random()), line) for _ in range(2)]
        threads = [threading.Thread(target=each.run, args=(ended,)) for each in traffic]
        for thread in threads:
            thread.start()
        time.sleep(0.5 + rng.random() * 1.5)
        server.stop(signal.SIGKILL)
        ended.set()
        for thread in threads:
            thread.join()
    killed = work / "killed"
    shutil.copytree(data, killed)
    made = work / "made.db"
    said = replay(salvor, killed, made)
    for _ in range(3):  # a compaction that was begun is finished behind a start, on a busy machine not always before its end
        with Server(program, data, "m1", peer, f"m1={peer}") as server:
            truth = server.state()
        theirs = settled_rows(data / "member/snap/db", line)
        compactions = theirs.get("meta", {})
        if compactions.get(b"finishedCompactRev") == compactions.get(b"scheduledCompactRev"):
            break
    ours = settled_rows(made, line)
    for bucket in sorted(set(ours) | set(theirs)):
        mine, other = ours.get(bucket, {}), theirs.get(bucket, {})
        differing = sorted(key for key in set(mine) | set(other) if mine.get(key) != other.get(key))
        count.same(f"{what}: rows of {bucket}", [(key, other.get(key)) for key in differing[:3]],
                   [(key, mine.get(key)) for key in differing[:3]])
    count.same(f"{what}: revision", int(truth["revision"]), said["replayed"]["revision"])
    count.same(f"{what}: HashKV", truth["hashkv"][0], hash_kv(salvor, made, 0))
    count.same(f"{what}: certainty", ("loneVoter", 0), (said["certainty"], said["beyond"]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--salvor", required=True, type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--line", action="append", choices=LINES)
    args = parser.parse_args()
    salvor, count, peers = args.salvor.resolve(), Checks("etcd", "salvor"), Peers()
    seed = args.seed if args.seed is not None else random.SystemRandom().randrange(1 << 30)
    print(f"seed {seed}")
    with tempfile.TemporaryDirectory(prefix="salvor-replay-") as folder:
        work = pathlib.Path(folder)
        lone_recorded(salvor, work, count)
        three_recorded(salvor, work, count)
        for line in args.line or LINES:
            program = peers.find(line, "etcd")
            if not program:
                count.skipped += 1
                print(f"SKIPPED etcd {line}: not here")
                continue
            for number in range(args.rounds):
                rng = random.Random(f"{seed}/{line}/{number}")
                with tempfile.TemporaryDirectory(dir=work) as own:
                    try:
                        round_of(salvor, line, program, pathlib.Path(own), rng, count, f"etcd {line}, round {number}")
                    except (AssertionError, RuntimeError, OSError) as error:
                        count.failed += 1
                        print(f"FAILED etcd {line}, round {number}: {error}")
    print(f"replay: {count.passed} passed, {count.failed} failed, {count.skipped} skipped")
    return 1 if count.failed else 0


if __name__ == "__main__":
    sys.exit(main())
