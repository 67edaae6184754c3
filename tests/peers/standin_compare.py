#!/usr/bin/env python3
"""Runs salvor as etcdutl and etcdutl itself, of each line, on the same words and files, and compares what a script
sees: stdout and exit status to the byte, stderr less the parts that are free. What may differ is a rule below,
with its reason; how often each was needed is told at the end.

Each run works in a folder of its own on a copy of its file; salvor must leave the copy as it was.

usage: standin_compare.py --salvor PATH [--peers DIR] [--line 3.7]... [--only WORDS] [--verbose]
"""
import argparse, collections, concurrent.futures, hashlib, json, os, pathlib, pty, re, shutil, subprocess, sys, tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TESTDATA = ROOT / "build" / "testdata"
RELEASES = {"3.5": "etcd-v3.5.33", "3.6": "etcd-v3.6.14", "3.7": "etcd-v3.7.1"}
PEER_TIMEOUT = 20   # seconds; upstream hangs on some files
TIMEOUT = 60

RULES = {
    "panic": "etcdutl ends in a Go panic or a fault (exit 2): salvor says one sentence and exits 1",
    "fatal": "etcdutl ends by a fatal log line, or silently (exit 1): salvor says one sentence and exits 1",
    "hang": "etcdutl does not end: salvor says one sentence and exits 1",
    "race": "etcdutl's check tells a finding and its walk panics, one of both ends it: salvor tells the finding",
    "random": "etcdutl reads memory beyond its map, and says what happens to be there: salvor says one sentence",
    "remark": "etcdutl calls a damaged file good without a word: salvor says the same and what is wrong",
    "atomic": "etcdutl leaves a half-made data directory behind a failed restore: salvor leaves nothing",
    "own-words": "what an option or command is for is told in our own words",
    "overflow": "etcdutl lets the revision overflow and exits 0: salvor refuses with a sentence",
    "names": "etcdutl asks for a name for half a minute: salvor once",
    "prefix": "Google's protobuf puts a space of its build's choosing behind `proto:`",
}


class Done:
    def __init__(self, exit, stdout, stderr, left):
        self.exit, self.stdout, self.stderr, self.left = exit, stdout, stderr, left


# ---------------------------------------------------------------- files

def sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def with_trailer(image):
    return image + hashlib.sha256(image).digest()


def odd_files(folder, peers):
    """The odd inputs of a restore and of a status, made from one small snapshot."""
    whole = (TESTDATA / "real/etcd-3.7/downgraded.db").read_bytes()
    page = 4096
    image = whole[:-32]
    made = {
        "whole.db": whole,
        "bare.db": image,
        "empty.db": b"",
        "ten.db": b"0123456789",
        "thirty-two.db": b"x" * 32,
        "text.db": b"not a database at all\n" * 1000,
        "zeros.db": bytes(65536),
        "page.db": whole[:page],
        "half.db": whole[: len(whole) // 2 // page * page],
        "last-1000.db": whole[:-1000],
        "trailer-wrong.db": whole[:-1] + bytes([whole[-1] ^ 1]),
        "first-512-zero.db": bytes(512) + whole[512:],
        "first-512-zero-trailer.db": with_trailer(bytes(512) + image[512:]),
        "long.db": image + bytes(8 * page),
        "two-pages.db": whole[: 2 * page],
        "1024.db": whole[:1024],
        "4095.db": whole[:4095],
        "8191.db": whole[:8191],
    }
    made["key-byte.db"] = image[: len(image) // 2] + bytes([image[len(image) // 2] ^ 0x20]) + image[len(image) // 2 + 1 :] + whole[-32:]
    for name, content in made.items():
        (folder / name).write_bytes(content)
    (folder / "dir.db").mkdir()
    os.symlink("whole.db", folder / "link.db")
    bbolt = peers / "bbolt-v1.5.0" / "bbolt"
    if bbolt.exists():
        stored_freelist(folder, bbolt, page)
    return sorted(made) + ["dir.db", "link.db", "missing.db"] + sorted(p.name for p in folder.glob("freelist*.db"))


def stored_freelist(folder, bbolt, page):
    """Snapshots as another embedder of bbolt writes them, with the freelist in the file."""
    out = folder / "freelist.db"
    subprocess.run([bbolt, "surgery", "freelist", "rebuild", folder / "bare.db", "--output", out], check=True, capture_output=True)
    good = bytearray(out.read_bytes())
    metas = [int.from_bytes(good[at + 16 + 32 : at + 16 + 40], "little") for at in (0, page)]
    txids = [int.from_bytes(good[at + 16 + 48 : at + 16 + 56], "little") for at in (0, page)]
    freelist = metas[txids.index(max(txids))]
    at = freelist * page
    count = int.from_bytes(good[at + 10 : at + 12], "little")
    def flawed(name, change):
        copy = bytearray(good)
        change(copy)
        (folder / name).write_bytes(copy)
    def id_at(i):
        return at + 16 + 8 * i
    if count >= 2:
        flawed("freelist-twice.db", lambda b: b.__setitem__(slice(id_at(1), id_at(2)), b[id_at(0) : id_at(1)]))
        flawed("freelist-short.db", lambda b: b.__setitem__(slice(at + 10, at + 12), (count - 1).to_bytes(2, "little")))
    flawed("freelist-reachable.db", lambda b: b.__setitem__(slice(id_at(0), id_at(1)), (3).to_bytes(8, "little")))
    flawed("freelist-long.db", lambda b: b.__setitem__(slice(at + 10, at + 12), b"\xff\xff"))
    flawed("freelist-no-type.db", lambda b: b.__setitem__(slice(at + 8, at + 10), b"\x02\x00"))
    flawed("freelist-beyond.db", lambda b: b.__setitem__(slice(id_at(0), id_at(1)), (1 << 40).to_bytes(8, "little")))


# ---------------------------------------------------------------- running

def run(program, words, folder, timeout, env):
    try:
        done = subprocess.run([program, *words], cwd=folder, env=env, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout)
        exit, stdout, stderr = done.returncode, done.stdout, done.stderr
    except subprocess.TimeoutExpired as hung:
        exit, stdout, stderr = "hang", hung.stdout or b"", hung.stderr or b""
    left = sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if ".salvor-" in p.name or "d" in p.relative_to(folder).parts[:1])
    return Done(exit, stdout.decode("utf-8", "backslashreplace"), stderr.decode("utf-8", "backslashreplace"), left)


def in_folder(case, program, words, timeout, env):
    """Runs on copies; says whether a file was changed, too."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="standin-"))
    try:
        copies = []
        for source in case.files:
            target = folder / source.name
            if source.is_symlink():
                shutil.copy(source, target)
            elif source.is_dir():
                target.mkdir()
            elif source.exists():
                shutil.copy(source, target)
            if target.is_file():
                copies.append((target, sha256(target)))
        for name, kind in case.standing.items():
            (folder / name).mkdir(parents=True) if kind == "dir" else (folder / name).write_text("x")
        done = run(program, words, folder, timeout, env)
        changed = [target.name for target, digest in copies if not target.exists() or sha256(target) != digest]
        return done, changed
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Case:
    def __init__(self, words, files=(), standing=None, lines=("3.5", "3.6", "3.7"), env=None):
        self.words, self.files, self.standing, self.lines, self.env = list(words), list(files), standing or {}, lines, env


# ---------------------------------------------------------------- comparing

LOG = re.compile(r"^\d{4}-\d\d-\d\dT[\d:]+Z?[^\t]*\t(info|warn)\t(?:(bbolt)\t)?[^\t]*\t(.*)$")
OPTION = re.compile(r"^(  (?:-\w,|   ) --[\w-]+(?: \w+)?) {3,}(.*?)( \(default .*\))?$")
COMMAND = re.compile(r"^  (\w[\w-]*) {2,}\S")


def usage_lines(lines):
    """An option's name, type and default, a command's name; not what it is for. Widths follow from names alone."""
    out = []
    for line in lines:
        option = OPTION.match(line)
        command = COMMAND.match(line)
        if option:
            if "--as string" not in line:
                out.append(option[1] + (option[3] or ""))
        elif command:
            out.append("  " + command[1])
        else:
            out.append(line)
    return out


def free_of_names(text):
    return re.sub(r"\bsalvor( snapshot| hashkv|\b)", r"etcdutl\1", text)


def normal_stderr(text):
    lines = []
    for line in text.splitlines():
        log = LOG.match(line)
        if log:
            if not log[2]:
                lines.append(f"{log[1]} {log[3]}")
        elif not line.startswith("salvor: "):
            lines.append(line)
    return usage_lines(free_of_names(line) for line in lines)


def is_sentence(stderr):
    lines = [line for line in normal_stderr(stderr) if not line.startswith("info restoring snapshot")]
    return len(lines) == 1 and lines[0].startswith("Error: ") and len(lines[0]) > len("Error: ") + 10


def judge(case, theirs, ours, changed, used):
    """What is wrong, or None; the rules that were needed go into `used`."""
    if changed:
        return f"salvor changed {changed}"
    if any(".salvor-" in name for name in ours.left):
        return f"salvor left {ours.left}"
    if theirs.exit in (2, "hang") or "\ngoroutine " in theirs.stderr:
        used.append("hang" if theirs.exit == "hang" else "panic")
        if ours.exit == 1 and ours.stdout == "" and is_sentence(ours.stderr) and not ours.left_new(case):
            return None
        if theirs.exit == 2 and ours.exit == 1 and "\npanic: freepages: " in ours.stderr:
            used.append("race")
            return None
        return "not one sentence and exit 1 where etcdutl crashes"
    if theirs.exit == 1 and not re.search("^Error: ", theirs.stderr, re.M):
        used.append("fatal")
        return None if ours.exit == 1 and ours.stdout == "" and is_sentence(ours.stderr) else "no sentence and exit 1"
    findings = theirs.stderr.split("errors found.\n")[1:]
    # Mostly the walk's panic comes first, and salvor's sentence says what that found.
    same_finding = findings and (findings[0].startswith("panic: assertion failed: ") or findings[0].splitlines()[0] in ours.stderr)
    if same_finding and ours.exit == 1 and is_sentence(ours.stderr):
        used.append("race")
        return None
    if is_overflow(case, theirs):
        used.append("overflow")
        return None if ours.exit == 1 and is_sentence(ours.stderr) else "an overflow was not refused"
    if ours.exit == 1 and "the file ends at byte" in ours.stderr:
        used.append("random")
        return None if ours.stdout == "" and is_sentence(ours.stderr) else "no sentence"
    if ours.exit != theirs.exit:
        return "exit"
    a, b = free_of_names(theirs.stdout), free_of_names(ours.stdout)
    if a != b:
        if usage_lines(a.splitlines()) != usage_lines(b.splitlines()):
            return "stdout"
        used.append("own-words")
    if any(line.startswith("salvor: ") for line in ours.stderr.splitlines()):
        used.append("remark")
        if theirs.exit != 0:
            return "remarks where etcdutl says what is wrong itself"
    a, b = normal_stderr(theirs.stderr), normal_stderr(ours.stderr)
    if a != b:
        if [line.replace("\xa0", " ") for line in a] == [line.replace("\xa0", " ") for line in b]:
            used.append("prefix")
        else:
            return "stderr"
    if theirs.exit != 0 and theirs.left_new(case) and not ours.left_new(case):
        used.append("atomic")
    elif bool(theirs.left_new(case)) != bool(ours.left_new(case)):
        return "what is left"
    return None


def left_new(self, case):
    return [name for name in self.left if name not in case.standing]


Done.left_new = left_new


def is_overflow(case, theirs):
    return "bumping latest revision" in theirs.stderr and re.search(r'"(?:bump-amount|new-latest-revision)": -', theirs.stderr)


# ---------------------------------------------------------------- the matrix

def real_files():
    found = sorted(TESTDATA.glob("real/**/*.db")) + sorted(TESTDATA.glob("real/**/snap/db"))
    return found + sorted((TESTDATA / "flawed").glob("**/*.db"))


def word_cases(whole):
    f = [whole]
    n = whole.name
    for words in (
        [], ["--help"], ["help"], ["-h"], ["help", "snapshot"], ["help", "snap", "stat"], ["help", "frob"], ["help", "--nope"],
        ["frobnicate"], ["snapshto"], ["hashk", "x"], ["versio"], ["s"], ["d"], ["v"], ["-w"], ["--write-out"], ["--"], ["-"], [""],
        ["completion"], ["completion", "tcsh"], ["completion", "bash", "zsh"], ["defrag"], ["migrate", "--nope"],
        ["version"], ["version", "further", "words"], ["version", "-w", "nonsense"], ["version", "--nope"], ["--nope"], ["-x"],
    ):
        yield Case(words, f, lines=("etcdutl",))
    for words in (
        ["snapshot"], ["snapshot", "frobnicate"], ["snapshot", "--help"], ["snapshot", "-h", "status"], ["snapshot", "--nope"],
        ["snapshot", "status", "--help"], ["snapshot", "status", "--help=false", n], ["snapshot", "status", "--help=maybe", n],
        ["snapshot", "status"], ["snapshot", "status", n, n], ["snapshot", "status", n, n, "-w", "yaml"],
        ["snapshot", "status", "--nope", n], ["snapshot", "status", "-w"], ["snapshot", "status", n, "-w"], ["snapshot", "status", n, "--write-out"],
        ["snapshot", "status", "-wx", n], ["snapshot", "status", "-xw", n], ["snapshot", "status", "-hw", n], ["snapshot", "status", "-w=json", n],
        ["snapshot", "status", "-wjson", n], ["snapshot", "status", n, "-w", "json"], ["snapshot", "status", "--write-out", "json", n],
        ["snapshot", "status", "--write-out=json", n], ["snapshot", "status", "--write", "json", n], ["snapshot", "status", "--write-out=", n],
        ["snapshot", "status", "-w", "json", "-w", "simple", n], ["snapshot", "status", "--", n], ["snapshot", "status", "--", "-w", "json"],
        ["snapshot", "status", n, "-w", "JSON"], ["snapshot", "status", n, "-w", "yaml"], ["snapshot", "status", n, "-w", "protobuf"],
        ["snapshot", "status", "missing.db", "-w", "yaml"], ["snapshot", "status", "missing.db", "-w", "protobuf"],
        ["snapshot", "status", "-"], ["snapshot", "status", ""], ["snapshot", "status", "--=x", n], ["snapshot", "status", "---x", n],
        ["snapshot", "status", "--skip-hash-check", n], ["snapshot", "status", "--timeout", "5s", n], ["snapshot", "status", "--timeout", "nope", n],
        ["snapshot", "status", "--timeout=5", n], ["snapshot", "status", "--timeout=5x", n], ["snapshot", "status", "--timeout=1h2m3.5s", n],
        ["snapshot", "stat", n], ["snapshot", "st", n], ["snapshot", "s", n], ["snapshot", "save", n], ["snapshot", "sav", "--help"], ["snapshot", "sta", "-w", "fields", n],
        ["snapshot", "-w", "json", "status", n], ["-w", "json", "snapshot", "status", n], ["--write-out=json", "snapshot", "status", n],
        ["--write-out", "json", "snapshot", "status", n], ["snapshot", "status", "-é", n],
        ["snapshot", "rest"], ["snapshot", "restore"], ["snapshot", "restore", n, n], ["snapshot", "restore", "--help"],
    ):
        yield Case(words, f)


def hashkv_cases(files, whole):
    n = whole.name
    for words in (["hashkv"], ["hashkv", n, n], ["hashkv", "--help"], ["hashkv", "missing.db"], ["hashkv", "missing.db", "-w", "yaml"], ["hashkv", n, "-w", "yaml"],
                  ["hashkv", n, "-w", "protobuf"], ["hashkv", n, "--rev", "ten"], ["hashkv", n, "--rev"], ["hashkv", n, "--rev=0x10"], ["hashkv", n, "--rev=-1"],
                  ["hashkv", n, "--rev=9223372036854775808"], ["hashkv", n, "--rev=9223372036854775807"], ["hashkv", n, "--rev=1_0"], ["hashkv", n, "--rev=1"],
                  ["hashkv", n, "--rev=+5"], ["hashkv", n, "--rev="], ["hash", n], ["hashkv", n, "--nope"], ["hashkv", "-w", "json", n], ["hashkv", n, "-w", "fields"],
                  ["hashkv", n, "-w", "table"], ["hashkv", n, "-w="], ["hashkv", n, "--rev=010"], ["hashkv", n, "--rev", "-5"]):
        yield Case(words, [whole])
    for path in files:
        yield Case(["hashkv", path.name], [path], lines=("3.6", "3.7"))
        if "real" in path.parts:
            for rev in ("1", "2", "100", "1053", "1213"):
                yield Case(["hashkv", path.name, "--rev", rev], [path], lines=("3.7",))


def status_cases(files):
    for path in files:
        for shape in ("simple", "json", "fields", "table") if "real" in path.parts or path.name in ("whole.db", "bare.db") else ("simple",):
            yield Case(["snapshot", "status", path.name, "-w", shape], [path])


def restore_cases(files, whole):
    n = whole.name
    def case(*words, standing=None, lines=("3.5", "3.6", "3.7"), file=whole):
        return Case(["snapshot", "restore", *words], [file], standing, lines)
    for path in files:
        yield case(path.name, "--data-dir", "d", file=path)
        yield case(path.name, "--data-dir", "d", "--skip-hash-check", file=path)
    for words in (
        ["--data-dir=", "--name", "default"], ["--wal-dir", "w"], ["--name", "other"], ["--name", ""], ["--initial-cluster", ""], ["--initial-cluster", "default"],
        ["--initial-cluster", "=http://localhost:2380"], ["--initial-cluster", "=http://localhost:2380", "--name", ""], ["--initial-cluster", "default=localhost:2380"],
        ["--initial-cluster", "default=ftp://localhost:2380"], ["--initial-cluster", "default=http://localhost"], ["--initial-cluster", "default=http://localhost:2380/x"],
        ["--initial-cluster", "default=http://localhost:2380,"], ["--initial-cluster", "default=http://localhost:2380,b=http://localhost:2390"],
        ["--initial-cluster", "default=http://localhost:2380, b=http://localhost:2390"], ["--initial-cluster", " default=http://localhost:2380"],
        ["--initial-cluster", "b=http://localhost:2380,default=http://localhost:2380"], ["--initial-cluster", "default=http://localhost:2380,default=http://localhost:2380"],
        ["--initial-cluster", "default=http://localhost:2380,default=http://localhost:2390"],
        ["--initial-cluster", "default=http://localhost:2380,default=http://localhost:2390", "--initial-advertise-peer-urls", "http://localhost:2390,http://localhost:2380"],
        ["--initial-advertise-peer-urls", "http://localhost:2380,http://localhost:2390"], ["--initial-advertise-peer-urls", "http://localhost:2381"],
        ["--initial-advertise-peer-urls", "http://127.0.0.1:2380"], ["--initial-advertise-peer-urls", ""], ["--initial-advertise-peer-urls", "http://localhost:2380,"],
        ["--initial-advertise-peer-urls", "localhost:2380"], ["--initial-advertise-peer-urls", "HTTP://localhost:2380"], ["--initial-advertise-peer-urls", "http://localhost:2380/"],
        ["--initial-advertise-peer-urls", "http://::1:2380"], ["--initial-advertise-peer-urls", "http://[::1:2380"], ["--initial-advertise-peer-urls", "http://local host:2380"],
        ["--initial-advertise-peer-urls", "http://localhost:23x"], ["--initial-advertise-peer-urls", "1.2.3.4:2380"], ["--initial-advertise-peer-urls", ":2380"],
        ["--initial-advertise-peer-urls", "http://ho%zzst:1"], ["--initial-advertise-peer-urls", "http:h:1"], ["--initial-advertise-peer-urls", "unix:/x"],
        ["--initial-advertise-peer-urls", "http://a|b:1"], ["--initial-advertise-peer-urls", " http://localhost:2380 "],
        ["--initial-cluster", "default=http://[::1]:2380", "--initial-advertise-peer-urls", "http://[0:0::1]:2380"],
        ["--initial-cluster", "m=http://nowhere.invalid:1", "--name", "m", "--initial-advertise-peer-urls", "http://nowhere.invalid:1"],
        ["--initial-cluster", "m=https://10.0.0.1:2380,n=https://10.0.0.2:2380,o=https://10.0.0.3:2380", "--name", "n", "--initial-advertise-peer-urls", "https://10.0.0.2:2380"],
        ["--initial-cluster", "m=unix:///x/y:1", "--name", "m", "--initial-advertise-peer-urls", "unix:///x/y:1"],
        ["--initial-cluster-token", ""], ["--initial-cluster-token", "another"], ["--bump-revision", "5"], ["--mark-compacted"], ["--bump-revision", "5", "--mark-compacted"],
        ["--bump-revision", "0", "--mark-compacted"], ["--bump-revision", "ten"], ["--bump-revision", "-5"], ["--bump-revision", "18446744073709551616"],
        ["--bump-revision", "18446744073709551615", "--mark-compacted"], ["--bump-revision", "9223372036854775807", "--mark-compacted"],
        ["--bump-revision", "1000000000", "--mark-compacted=true"], ["--bump-revision", "0x10", "--mark-compacted=t"], ["--mark-compacted=maybe"],
        ["--skip-hash-check", "true"], ["--skip-hash-check=true"], ["--skip-hash-check=nope"], ["--initial-memory-map-size", "0"], ["--initial-memory-map-size", "1048576"],
        ["--initial-memory-map-size", "x"], ["-w", "yaml"], ["-w", "json"], ["--nope"], ["--name"],
    ):
        yield case(n, "--data-dir", "d", *words)
        if words[0] in ("--bump-revision", "--skip-hash-check"):
            yield case(*words, "--data-dir", "d", n)
    yield case(n, lines=("3.5",))
    yield case(n, "--name", "m", lines=("3.6", "3.7"))
    for standing in ({"d": "dir"}, {"d": "file"}, {"d/x": "dir"}, {"d/lost+found": "dir"}, {"w": "dir"}, {"w": "file"}, {"d": "dir", "w": "dir"}):
        yield case(n, "--data-dir", "d", "--wal-dir", "w", standing=standing)
    yield case(n, "--data-dir", "d/e/f")
    yield case(n, "--data-dir", "./d/")
    yield case(n, "--data-dir", "dfile/d", standing={"dfile": "file"})
    yield case(n, "--data-dir", "d", "--wal-dir", "dw/x/y")
    yield case("missing.db", "--data-dir", "d")
    yield case("missing.db", "--data-dir", "d", "--name", "other")


def all_cases(folder, odd):
    whole = folder / "whole.db"
    files = real_files() + [folder / name for name in odd]
    yield from word_cases(whole)
    yield from status_cases(files)
    yield from hashkv_cases(files, whole)
    yield from restore_cases(files, whole)


# ---------------------------------------------------------------- pairs

def pairs(case, peers, names):
    """(title, their program and words, our program and words)"""
    for line in case.lines:
        if line == "etcdutl":
            yield "etcdutl", peers["3.7"], case.words, names["etcdutl"], case.words
            continue
        if line not in peers:
            continue
        if "hashkv" in case.words[:1] and line == "3.5":
            continue
        first = next((i for i, word in enumerate(case.words) if word in ("snapshot", "hashkv", "hash")), 0)
        if case.words[first] != "hash" and not case.words[:first]:
            yield f"as {line}", peers[line], case.words, names["salvor"], [case.words[first], "--as", line, *case.words[first + 1 :]]
        if line == "3.7":
            yield "etcdutl", peers[line], case.words, names["etcdutl"], case.words


def compare(job):
    case, title, their_program, their_words, our_program, our_words, env = job
    theirs, _ = in_folder(case, their_program, their_words, PEER_TIMEOUT, env)
    ours, changed = in_folder(case, our_program, our_words, TIMEOUT, env)
    used = []
    return job, theirs, ours, judge(case, theirs, ours, changed, used), used


def in_a_terminal(program, words, env):
    """stdout and stderr in one stream that is a terminal."""
    out = bytearray()
    pid, fd = pty.fork()
    if pid == 0:
        os.execve(program, [str(program), *words], env)
    try:
        while chunk := os.read(fd, 65536):
            out += chunk
    except OSError:
        pass
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), bytes(out)


def surroundings(names, whole):
    """Facts of a caller's surroundings; yields (claim, holds)."""
    exit, out = in_a_terminal(names["etcdutl"], ["--write-out", "json", "snapshot", "status", str(whole)], {})
    lines = out.decode().splitlines()
    first = next((line for line in lines if "totalKey" in line), "")
    try:
        parsed = json.loads(first)
    except ValueError:
        parsed = {}
    yield "in a terminal without any environment the line with totalKey is JSON", exit == 0 and "hash" in parsed
    yield "in a terminal there is no colour and no carriage return within a line", b"\x1b" not in out and b"\r" not in out.replace(b"\r\n", b"")
    with tempfile.TemporaryDirectory() as folder:
        exit, out = in_a_terminal(names["etcdutl"], ["snapshot", "restore", "--data-dir", f"{folder}/d", str(whole)], {})
        yield "in a terminal without any environment a restore says `added member`", exit == 0 and b"added member" in out and b"\x1b" not in out
        again = subprocess.run([names["etcdutl"], "snapshot", "status", whole], capture_output=True, env={})
        yield "a status leaves the file so that a restore takes it", again.returncode == 0
        (pathlib.Path(folder) / "e").mkdir(mode=0o755)
        done = subprocess.run([names["etcdutl"], "snapshot", "restore", whole, "--data-dir", f"{folder}/e"], capture_output=True, env={})
        yield "an empty data directory is taken with its own mode", done.returncode == 0 and (pathlib.Path(folder) / "e").stat().st_mode & 0o777 == 0o755
    for target in ("closed", "full"):
        command = f'"{names["etcdutl"]}" snapshot status "{whole}" ' + (">&-" if target == "closed" else ">/dev/full")
        done = subprocess.run(["sh", "-c", command], capture_output=True)
        yield f"stdout {target}: nothing said, exit 0", done.returncode == 0 and done.stderr == b""
    held = subprocess.Popen(["flock", "-x", str(whole), "sleep", "30"])
    try:
        subprocess.run(["sh", "-c", "for i in 1 2 3 4 5 6 7 8 9 10; do grep -q . /proc/locks && exit; sleep 0.1; done"])
        done = subprocess.run([names["etcdutl"], "snapshot", "status", whole], capture_output=True, timeout=20)
        yield "a file that another process holds gets a sentence at once", done.returncode == 1 and done.stderr.startswith(b"Error: ") and b"in use by" in done.stderr
    finally:
        held.terminate()
        held.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--salvor", required=True)
    parser.add_argument("--peers", default=os.environ.get("SALVOR_PEERS", os.path.expanduser("~/.cache/salvor/peers")))
    parser.add_argument("--line", action="append", help="compare with these lines alone")
    parser.add_argument("--only", help="only cases whose words contain this text")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--verbose", action="store_true")
    args = parser.parse_args()
    peers_dir = pathlib.Path(args.peers)
    peers = {line: peers_dir / name / "etcdutl" for line, name in RELEASES.items() if (peers_dir / name / "etcdutl").exists() and (not args.line or line in args.line)}
    skipped = len(RELEASES) - len(peers) if not args.line else 0
    if not peers:
        print("stand-in: 0 passed, 0 failed, 1 skipped (no peers: tests/peers/build makes them)")
        return 0
    folder = pathlib.Path(tempfile.mkdtemp(prefix="standin-files-"))
    failed, used_rules = [], collections.Counter()
    passed = 0
    try:
        names = {}
        for name in ("salvor", "etcdutl"):
            names[name] = folder / "bin" / name
            names[name].parent.mkdir(exist_ok=True)
            names[name].symlink_to(pathlib.Path(args.salvor).resolve())
        odd = odd_files(folder, peers_dir)
        env = {"PATH": os.environ["PATH"], "TZ": "UTC"}
        jobs = []
        for case in all_cases(folder, odd):
            if args.only and args.only not in " ".join(case.words):
                continue
            if case.lines == ("etcdutl",) and "3.7" not in peers:
                continue
            jobs += [(case, title, a, b, c, d, env) for title, a, b, c, d in pairs(case, peers, names)]
        with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
            for job, theirs, ours, wrong, used in pool.map(compare, jobs):
                used_rules.update(used)
                if wrong is None:
                    passed += 1
                    continue
                failed.append(job)
                case, title, words = job[0], job[1], job[5]
                print(f"FAILED {title}: {' '.join(words)!r} on {[str(f) for f in case.files]} with {case.standing}: {wrong}")
                for who, done in (("theirs", theirs), ("ours", ours)):
                    text = "\n".join(normal_stderr(done.stderr)[:12])
                    print(f"  {who}: exit {done.exit}, left {done.left[:6]}\n{done.stdout[:1500]}{text[:1500]}")
        if not args.only:
            for claim, holds in surroundings(names, folder / "whole.db"):
                if holds:
                    passed += 1
                else:
                    failed.append(claim)
                    print(f"FAILED {claim}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for rule, count in sorted(used_rules.items()):
        print(f"  rule {rule}: {count} times: {RULES[rule]}")
    print(f"stand-in: {passed} passed, {len(failed)} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
