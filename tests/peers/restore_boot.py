#!/usr/bin/env python3
"""Boots what salvor restored, and what upstream's own tool restored, on real etcds, and compares what they serve.

Sources are the real snapshots of build/testdata and ones made here by each line's etcd. Each is restored for its own
line and for the others; each directory must boot on that line and the next (ETCD_VERIFY=all), and the server must give the
same keys, revision, leases, users, roles, members and HashKV as one whose directory upstream's tool made, and take a
write. db, WAL and .snap are compared with upstream's byte by byte. Three members of --all-members must form a cluster.

usage: restore_boot.py --salvor PATH [--long] [--show] [--only WORD]
    --long   every source, line and server;  --show   the differing byte ranges;  --only   cases whose name has WORD
The last line is `restore boots: N passed, N failed, N skipped`.
"""
import argparse, concurrent.futures, contextlib, json, pathlib, re, shutil, subprocess, sys, tempfile, threading, time
import db_pages
from etcd_server import LINES, Peers, Server, b64, free_port, plain_environment

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
REAL = ROOT / "build/testdata/real"
PEERS = Peers()


class Skip(Exception):
    pass


def need(line, name):
    found = PEERS.find(line, name)
    if not found:
        raise Skip(f"no {name} of {line} here")
    return found


def run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=60,
                          stdin=subprocess.DEVNULL, env=plain_environment(), errors="backslashreplace")
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))}: exit {done.returncode}: {done.stderr or done.stdout}"[:900])
    return done.stdout


def following(line):
    return LINES[LINES.index(line) + 1] if line != LINES[-1] else None


class Source:
    def __init__(self, name, path, line, user=None, trailer=True):
        self.name, self.path, self.line, self.user, self.trailer = name, pathlib.Path(path), line, user, trailer


class Bench:
    """Runs cases; each makes its directories in a folder of its own."""
    def __init__(self, args):
        self.args, self.salvor = args, pathlib.Path(args.salvor).resolve()
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="salvor-boots-"))
        self.lock, self.references, self.folders = threading.Lock(), {}, 0
        self.port = free_port()
        self.peer = f"http://127.0.0.1:{self.port}"

    def folder(self):
        with self.lock:
            self.folders += 1
            folder = self.work / str(self.folders)
        folder.mkdir()
        return folder

    def flags(self, peer):
        return ["--name", "m1", "--initial-cluster", f"m1={peer}", "--initial-advertise-peer-urls", peer,
                "--initial-cluster-token", "boots"]

    def ours(self, source, folder, peer, *more):
        run(self.salvor, "restore", source.path, "--data-dir", folder / "d", *self.flags(peer), *more)
        return folder / "d"

    def theirs(self, source, folder, peer, *more):
        tool = [need("3.4", "etcdctl")] if source.line == "3.4" else [need(source.line, "etcdutl")]
        run(*tool, "snapshot", "restore", source.path, "--data-dir", folder / "d", *self.flags(peer), *more,
            *([] if source.trailer else ["--skip-hash-check"]))
        return folder / "d"

    @contextlib.contextmanager
    def serving(self, line, data_dir, peer, user=None, **more):
        with Server(need(line, "etcd"), data_dir, "m1", peer, f"m1={peer}", "boots", user=user, **more) as server:
            yield server

    def reference(self, source, *more, server=None):
        """What a server says of the directory that upstream's tool made; asked once."""
        key = (source.name, more)
        with self.lock:
            once = self.references.setdefault(key, threading.Lock())
        if isinstance(once, dict):
            return once
        with once:
            if isinstance(self.references[key], dict):
                return self.references[key]
            peer = self.peer_url()
            data = self.theirs(source, self.folder(), peer, *more)
            with self.serving(server or source.line, data, peer, source.user) as server:
                state = server.state()
            self.references[key] = state
            return state

    def peer_url(self):
        return f"http://127.0.0.1:{free_port()}"


def told(state):
    """Ids follow from the port that this run had: told by name alone."""
    return dict(state, members=[member[1:2] + member[3:] for member in state["members"]])


def check_same(ours, theirs, ignore=()):
    ours, theirs = told(ours), told(theirs)
    for what in ours:
        if what not in ignore and ours[what] != theirs[what]:
            raise AssertionError(f"{what}: {str(ours[what])[:300]} and not {str(theirs[what])[:300]}")


def check_files(bench, data):
    """What upstream says of the db before anything was started on it, and the modes."""
    db = data / "member/snap/db"
    if PEERS.bbolt():
        copy = bench.folder() / "db"
        shutil.copy(db, copy)
        assert run(PEERS.bbolt(), "check", copy).strip().endswith("OK")
    run(need("3.7", "etcdutl"), "snapshot", "status", db)
    for path in [data, *data.rglob("*")]:
        mode = path.stat().st_mode & 0o777
        assert mode == (0o700 if path.is_dir() else 0o600), f"{path}: mode {mode:o}"


def boot(bench, source, line, server_line, flags=(), reference=(), ignore=(), write=True, reference_server=None):
    peer = bench.peer_url()
    data = bench.ours(source, bench.folder(), peer, "--for", line, *flags)
    check_files(bench, data)
    wanted = bench.reference(source, *reference, server=reference_server)
    with bench.serving(server_line, data, peer, source.user) as server:
        check_same(server.state(), wanted, ignore)
        if write:
            before = int(wanted["revision"])
            assert int(server.put(b"salvor-boot", b"1")["header"]["revision"]) == before + 1
    shutil.rmtree(data.parent)


def compare_bytes(bench, source, flags=(), reference=(), rewritten=()):
    peer = bench.peer_url()
    ours = bench.ours(source, bench.folder(), peer, "--for", source.line, *flags)
    theirs = bench.theirs(source, bench.folder(), peer, *reference)
    report = []
    for path in sorted(p.relative_to(theirs) for p in theirs.rglob("*") if p.is_file()):
        a, b = (ours / path).read_bytes(), (theirs / path).read_bytes()
        if path.name != "db":
            assert a == b, f"{path} differs: {len(a)} and {len(b)} bytes"
            continue
        ranges, rows = db_pages.differences(a, b, rewritten)
        wanted_rows = {("meta", b"term")} | {row for row in rows if row[0].startswith("members")} if source.line == "3.4" else set()
        if source.name.endswith("-downgraded"):  # upstream leaves it as of the line below; --for says which line it is for
            wanted_rows |= {("cluster", b"downgrade"), ("cluster", b"clusterVersion"), ("meta", b"storageVersion")}
        assert set(rows) <= wanted_rows, f"rows differ: {rows}"
        report += [f"{source.name}: bytes {first} to {end}: {why}" for first, end, why in ranges]
        bare = [(first, end) for first, end, why in ranges if not why]
        assert not bare, f"{source.name}: db differs without a reason at {bare}"
    assert sorted(p.relative_to(ours) for p in ours.rglob("*")) == sorted(p.relative_to(theirs) for p in theirs.rglob("*"))
    return report


def three_members(bench, source, line, server_line):
    """--all-members: three directories, a cluster that elects, takes writes and agrees."""
    peers = {f"m{i}": bench.peer_url() for i in (1, 2, 3)}
    cluster = ",".join(f"{name}={url}" for name, url in peers.items())
    data = bench.folder() / "all"
    run(bench.salvor, "restore", source.path, "--data-dir", data, "--all-members", "--initial-cluster", cluster,
        "--initial-cluster-token", "boots", "--for", line)
    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(Server(need(server_line, "etcd"), data / name, name, url, cluster, "boots",
                                              user=source.user, wait=False)) for name, url in peers.items()]
        for server in servers:
            server.wait_ready()
        revision = int(servers[0].put(b"salvor-boot", b"1")["header"]["revision"])
        states = [server.state() for server in servers]
        assert int(states[0]["revision"]) == revision and len(states[0]["members"]) == 3
        check_same(states[0], states[1])
        check_same(states[0], states[2])
        check_same(states[0], bench.reference(source), ignore=("revision", "keys", "hashkv", "members"))
        assert len(states[0]["keys"]) == len(bench.reference(source)["keys"]) + 1


def snap_of_three(bench, source):
    """On 3.6 and 3.7 upstream's .snap is one of several that the order of a Go map gives: ours is one of them."""
    cluster = "b=http://10.0.0.2:2380,a=http://10.0.0.1:2380,c=http://10.0.0.3:2380"
    flags = ["--name", "a", "--initial-cluster", cluster, "--initial-advertise-peer-urls", "http://10.0.0.1:2380"]
    ours = bench.folder() / "d"
    run(bench.salvor, "restore", source.path, "--data-dir", ours, *flags, "--for", source.line)
    snap, wal = next(ours.rglob("*.snap")), next(ours.rglob("*.wal"))
    seen = set()
    for _ in range(40):
        theirs = bench.folder() / "d"
        run(need(source.line, "etcdutl"), "snapshot", "restore", source.path, "--data-dir", theirs, *flags)
        assert next(theirs.rglob("*.wal")).read_bytes() == wal.read_bytes()
        seen.add(next(theirs.rglob("*.snap")).read_bytes())
        shutil.rmtree(theirs.parent)
        if snap.read_bytes() in seen:
            return
    raise AssertionError(f"ours is none of {len(seen)} that upstream made in 40 runs")


def auth_off(bench, source):
    """--disable-auth: nobody has to know a password, users and roles are kept."""
    peer = bench.peer_url()
    data = bench.ours(source, bench.folder(), peer, "--for", source.line, "--disable-auth")
    with bench.serving(source.line, data, peer) as server:
        check_same(server.state(), bench.reference(source))
        server.put(b"salvor-boot", b"1")


def alarm_cleared(bench, source):
    peer = bench.peer_url()
    data = bench.ours(source, bench.folder(), peer, "--for", source.line, "--clear-alarms")
    with bench.serving(source.line, data, peer, source.user) as server:
        assert server.state()["alarms"] == []
        server.put(b"salvor-boot", b"1")


def watched_is_compacted(bench, source):
    """After an automatic bump a watch of an old revision is told the compact revision, which is exactly the bump's."""
    peer = bench.peer_url()
    data = bench.ours(source, bench.folder(), peer, "--for", source.line, "--bump-revision", "auto")
    with bench.serving(source.line, data, peer, source.user) as server:
        revision = int(server.state()["revision"])
        before = int(bench.reference(source)["revision"])
        assert revision == before + 1_000_000_000, revision
        import urllib.request
        request = urllib.request.Request(f"{server.client}/v3/watch", json.dumps(
            {"create_request": {"key": b64(b"\0"), "range_end": b64(b"\0"), "start_revision": before}}).encode())
        if server.token:
            request.add_header("Authorization", server.token)
        with urllib.request.urlopen(request, timeout=5) as answers:
            for answer in answers:
                result = json.loads(answer)["result"]
                if result.get("canceled"):
                    assert int(result["compact_revision"]) == revision, result
                    return
        raise AssertionError("the watch was not cancelled")


def made_here(bench, line):
    """A snapshot of a store that this line's etcd wrote just now."""
    folder = bench.folder()
    peer = bench.peer_url()
    with bench.serving(line, folder / "d", peer) as server:
        lease = server.call("lease/grant", TTL=600)["ID"]
        for i in range(40):
            server.put(f"key-{i % 13}".encode(), bytes([i]) * (i * 300), **({"lease": lease} if i % 5 == 0 else {}))
        server.call("kv/deleterange", key=b64(b"key-1"), range_end=b64(b"key-3"))
        server.call("kv/compaction", revision="30", physical=True)
        server.call("auth/user/add", name="root", password="pw")
        server.call("auth/role/add", name="root")
        server.call("auth/user/grant", user="root", role="root")
        server.put(b"last", b"")
        run(need(line, "etcdctl"), "--endpoints", server.client, "snapshot", "save", folder / "made.db")
    return Source(f"made-{line}", folder / "made.db", line)


def real_sources():
    sources = {}
    for line in LINES:
        folder = REAL / f"etcd-{line}"
        password = json.loads((folder / "answers/root-password.json").read_text())
        user = (password["user"], password["password"])
        for path in sorted(folder.glob("*.db")):
            name = path.stem
            has_auth = name in ("rich", "compacted", "defragged", "downgrading")
            sources[f"{line}-{name}"] = Source(f"{line}-{name}", path, line, user if has_auth else None)
    sources["kube-1.28"] = Source("kube-1.28", REAL / "kube-1.28/snapshot.db", "3.5")
    sources["kube-1.36"] = Source("kube-1.36", REAL / "kube-1.36/after.db", "3.7")
    return sources


def cases(bench, long):
    """(name, function, arguments)."""
    sources = real_sources()
    def add_boots(source, lines, **more):
        for line in lines:
            for server in [line] + ([following(line)] if following(line) else []):
                yield f"{source.name} for {line} on {server}", boot, (bench, source, line, server), more
    for line in LINES:
        yield from add_boots(sources[f"{line}-rich"], LINES)
    for line in LINES:
        if f"{line}-compacted" in sources:
            yield from add_boots(sources[f"{line}-compacted"], LINES if long else [line])
        made = bench.made.get(line)
        if made:
            yield from add_boots(made, LINES if long else [line])
    for name in ("kube-1.28", "kube-1.36"):
        yield from add_boots(sources[name], LINES if long else [sources[name].line], flags=("--bump-revision", "0"))
    for line in ("3.5", "3.6", "3.7"):
        flags = ("--bump-revision", "1000000", "--mark-compacted")
        yield from add_boots(sources[f"{line}-rich"], [line], flags=flags, reference=flags)
        yield f"{line}-rich with an automatic bump, watched", watched_is_compacted, (bench, sources[f"{line}-rich"]), {}
    for line in LINES:
        yield from add_boots(sources[f"{line}-rich"], [line], flags=("--compact",))
        yield f"{line}-rich without auth", auth_off, (bench, sources[f"{line}-rich"]), {}
    yield from add_boots(sources["3.4-alarm"], ["3.4"], write=False)
    yield "3.4-alarm without its alarm", alarm_cleared, (bench, sources["3.4-alarm"]), {}
    for name in ("3.4-defragged", "3.4-fresh-empty"):
        yield from add_boots(sources[name], ["3.4"])
    yield from add_boots(sources["3.5-downgraded"], ["3.4", "3.5"], reference_server="3.4")
    yield from add_boots(sources["3.6-downgraded"], ["3.5", "3.6"])
    yield from add_boots(sources["3.6-downgrading"], ["3.5", "3.6"])
    yield from add_boots(sources["3.7-downgraded"], ["3.6", "3.7"])
    yield from add_boots(sources["3.7-downgrading"], ["3.6", "3.7"])
    for line in LINES:
        yield f"three members of {line}", three_members, (bench, sources[f"{line}-rich"], line, line), {}
    for source in [*sources.values(), *bench.made.values()]:
        if long or "rich" in source.name or "made" in source.name:
            yield f"bytes of {source.name}", compare_bytes, (bench, source, ("--bump-revision", "0")), {}
    for line in ("3.5", "3.6", "3.7"):
        flags = ("--bump-revision", "77", "--mark-compacted")
        yield f"bytes of {line}-rich with a bump", compare_bytes, (bench, sources[f"{line}-rich"], flags, flags, ("key",)), {}
        if line != "3.5":
            yield f"the .snap of three members of {line}", snap_of_three, (bench, sources[f"{line}-rich"]), {}


def run_case(case):
    name, function, arguments, more = case
    start = time.monotonic()
    try:
        shown = function(*arguments, **more) or []
        return name, "passed", "", shown, time.monotonic() - start
    except Skip as skip:
        return name, "skipped", str(skip), [], time.monotonic() - start
    except Exception as error:  # a case that failed says why; the others go on
        return name, "failed", f"{type(error).__name__}: {error}", [], time.monotonic() - start


def make_sources(bench):
    made = {}
    for line in LINES:
        try:
            made[line] = made_here(bench, line)
        except Skip as skip:
            print(f"SKIPPED a snapshot made by {line}: {skip}")
    return made


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--salvor", required=True)
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    bench = Bench(args)
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    try:
        bench.made = make_sources(bench)
        chosen = [case for case in cases(bench, args.long) if args.only in case[0]]
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            for name, outcome, why, shown, seconds in pool.map(run_case, chosen):
                counts[outcome] += 1
                if outcome != "passed":
                    print(f"{outcome.upper()} {name} ({seconds:.1f} s): {why}", flush=True)
                if args.show:
                    print("\n".join([f"{name}: {seconds:.1f} s", *shown]), flush=True)
    finally:
        shutil.rmtree(bench.work, ignore_errors=True)
    print("restore boots: " + ", ".join(f"{count} {outcome}" for outcome, count in counts.items()))
    return 1 if counts["failed"] or not counts["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
