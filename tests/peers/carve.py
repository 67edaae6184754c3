#!/usr/bin/env python3
"""What `salvor carve` finds of Secrets that a real etcd was told to delete and to compact away, beside a plain search for their
bytes in the free pages of its snapshot: everything that the search finds, and with key and revision where key and record stand
there whole. Some values are larger than a page, and what was written later overwrites a part of what was freed.

usage: carve.py --salvor PATH [--seed N]
Ends with `carve: N passed, N failed, N skipped`.
"""
import argparse, base64, json, pathlib, random, subprocess, sys, tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from forge import salvage
from checks import Checks
from etcd_server import LINES, Peers, Server, b64, free_port, plain_environment

SECRETS = 400


def write_and_delete(server, chance):
    """{key: its token}, all deleted and compacted; then some more is written."""
    tokens = {}
    for number in range(SECRETS):
        key, token = f"/registry/secrets/shop/s{number:04}".encode(), chance.randbytes(12).hex().encode()
        size = chance.choice((40, 40, 200, 1000, 9000))
        server.put(key, b"token=" + token + b";" + chance.randbytes(size))
        tokens[key] = token
        server.put(f"/registry/pods/shop/p{number % 50}".encode(), chance.randbytes(100))
    for key in tokens:
        server.call("kv/deleterange", key=b64(key))
    head = int(server.put(b"last", b"1")["header"]["revision"])
    server.call("kv/compaction", revision=head, physical=True)
    for number in range(60):
        server.put(f"/registry/pods/shop/p{number % 50}".encode(), chance.randbytes(600))
    return tokens


def snapshot_of(peers, line, work, chance):
    peer, data, saved = f"http://127.0.0.1:{free_port()}", work / f"{line}", work / f"{line}.db"
    with Server(peers.find(line, "etcd"), data, "m1", peer, f"m1={peer}") as server:
        tokens = write_and_delete(server, chance)
        subprocess.run([peers.find(line, "etcdctl"), "--endpoints", server.client, "snapshot", "save", saved], check=True,
                       capture_output=True, env=plain_environment())
    return saved, tokens


def carve(salvor, source, *more):
    done = subprocess.run([salvor, "carve", source, "-o", "jsonl", *more], capture_output=True, text=True, timeout=60)
    assert done.returncode in (0, 1), done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def bytes_of(line):
    return base64.b64decode(line.get("value") or line.get("record") or line.get("fragment") or "")


def compare(count, line, salvor, saved, tokens):
    data = saved.read_bytes()
    rows = salvage.Rows(data)
    size = rows.page_size
    free = b"".join(data[page * size:(page + 1) * size] if page not in rows.pages and page > 1 else bytes(size)
                    for page in range(len(data) // size))
    there = {key for key, token in tokens.items() if token in free}
    found = carve(salvor, saved)
    carved = b"\n".join(map(bytes_of, found))
    print(f"{line}: the search finds {len(there)} of {len(tokens)} tokens in free pages, carve lists {len(found)} rows and fragments")
    count.same(f"{line}: the search finds some", True, len(there) > 20)
    count.same(f"{line}: what the search finds", set(), {key for key in there if tokens[key] not in carved})
    told = {base64.b64decode(row["keyBase64"]): row for row in found if "key" in row and not row["deletion"]}
    # The record's field 5 begins right before the token: the row is whole where it is followed to its end.
    whole = {base64.b64decode(row["keyBase64"]) for row in found if row.get("confidence") in ("whole", "form") and not row["deletion"]}
    for key, row in told.items():
        if key in tokens and key in whole:
            count.same(f"{line}: {key}", True, tokens[key] in bytes_of(row) and row["keyDeleted"] and int(row["revision"].split("/")[0]) > 1)
    by_head = {key for key in there if record_is_whole(free, key, tokens[key])}
    count.same(f"{line}: with key and revision, where the row is whole", set(), by_head - set(told))
    live = {row["key"] for row in carve(salvor, saved, "--only-deleted") if row.get("key", "").startswith("/registry/pods")}
    count.same(f"{line}: --only-deleted leaves out what is live", set(), live)


def record_is_whole(free, key, token):
    """Row key, user key and token stand behind each other, as etcd writes them."""
    at = free.find(b"token=" + token)
    begin = free.rfind(b"\x0a" + bytes([len(key)]) + key, max(0, at - 120), at)
    return begin > 17 and free[begin - 9] == 0x5F


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--salvor", required=True)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    salvor, peers, count = str(pathlib.Path(args.salvor).resolve()), Peers(), Checks("wanted", "is")
    with tempfile.TemporaryDirectory(prefix="salvor-carve-") as folder:
        for line in LINES:
            if not peers.find(line, "etcd") or not peers.find(line, "etcdctl"):
                count.skipped += 1
                continue
            saved, tokens = snapshot_of(peers, line, pathlib.Path(folder), random.Random(f"{args.seed} {line}"))
            compare(count, line, salvor, saved, tokens)
    print(f"carve: {count.passed} passed, {count.failed} failed, {count.skipped} skipped")
    return 1 if count.failed or not count.passed else 0


if __name__ == "__main__":
    sys.exit(main())
