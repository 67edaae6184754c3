#!/usr/bin/env python3
"""Reads a bbolt file anew and computes etcd's answers about it; shares no code with the product.

usage: oracle.py status FILE
       oracle.py hashkv FILE [--rev N]
       oracle.py keys FILE [--rev N]

JSON on stdout: status as etcdutl 3.7's with `totalKey35` beside it; hashkv as etcdutl's; keys as a
list of {key, value, createRevision, modRevision, version, lease}, key and value in hex. A request
that etcd refuses gives {"error": etcd's words}. For sound files: it trusts what it reads.

Sources: bbolt internal/common, etcd etcdutl/snapshot/v3_snapshot.go,
server/storage/mvcc/{hash,key_index,kvstore}.go.
"""

import argparse
import json
import mmap
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from forge import proto  # noqa: E402
from forge.digest import crc32c, fnv1a64  # noqa: E402


class Refused(Exception):
    """etcd answers with an error."""


class Database:
    def __init__(self, path):
        with open(path, "rb") as file:
            self.data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self.page_size, self.root, self.high_water = self._choose_meta()

    def _meta_at(self, at):
        head = self.data[at + 16 : at + 80]
        if len(head) < 64 or struct.unpack_from("<II", head) != (0xED0CDAED, 2):
            return None
        if fnv1a64(head[:56]) != struct.unpack_from("<Q", head, 56)[0]:
            return None
        page_size, _, root, _, _, high_water, txid = struct.unpack_from("<IIQQQQQ", head, 8)
        return txid, page_size, root, high_water

    def _choose_meta(self):
        first = self._meta_at(0)
        sizes = [first[1]] if first else [1024 << shift for shift in range(15)] + [512]
        for size in sizes:
            found = [meta for meta in (first, self._meta_at(size)) if meta and meta[1] == size]
            if found:
                return max(found)[1:]
        raise ValueError("no valid meta")

    def page(self, number):
        """The page's run, its element count and whether it is a leaf."""
        at = number * self.page_size
        _, flags, count, overflow = struct.unpack_from("<QHHI", self.data, at)
        return self.data[at : at + (overflow + 1) * self.page_size], count, bool(flags & 2)

    def _leaf(self, page, count):
        for index in range(count):
            at = 16 + 16 * index
            flags, pos, key_size, value_size = struct.unpack_from("<IIII", page, at)
            key_at = at + pos
            yield page[key_at : key_at + key_size], page[
                key_at + key_size : key_at + key_size + value_size
            ], flags

    def tree(self, number):
        page, count, leaf = self.page(number)
        if leaf:
            yield from self._leaf(page, count)
            return
        for index in range(count):
            yield from self.tree(struct.unpack_from("<Q", page, 16 + 16 * index + 8)[0])

    def bucket(self, value):
        """The elements of the bucket whose header is `value`."""
        root = struct.unpack_from("<Q", value)[0]
        if root:
            yield from self.tree(root)
        else:
            page = value[16:]
            yield from self._leaf(page, struct.unpack_from("<H", page, 10)[0])

    def buckets(self):
        for name, value, flags in self.tree(self.root):
            if flags & 1:
                yield name, value

    def rows(self, name):
        for bucket, value in self.buckets():
            if bucket == name:
                return [(key, data) for key, data, flags in self.bucket(value) if not flags & 1]
        return []


def key_value(data):
    """A KeyValue's fields by number; the last of several wins."""
    found = {1: b"", 2: 0, 3: 0, 4: 0, 5: b"", 6: 0}
    for number, value in proto.fields(data):
        found[number] = proto.signed(value) if isinstance(value, int) else bytes(value)
    return found


def split_row(key):
    main, sub = struct.unpack(">q", key[:8])[0], struct.unpack(">q", key[9:17])[0]
    return main, sub, len(key) == 18


def status(db):
    crc, entries = 0, 0
    for name, value in db.buckets():
        crc = crc32c(name, crc)
        for key, data, flags in db.bucket(value):
            # A nested bucket is walked with its name and no value.
            crc = crc32c(data if not flags & 1 else b"", crc32c(key, crc))
            entries += 1
    live, revision = set(), 0
    for key, data in db.rows(b"key"):
        revision, _, tombstone = split_row(key)
        user_key = key_value(data)[1]
        if tombstone:
            live.discard(user_key)
        else:
            live.add(user_key)
    version = dict(db.rows(b"meta")).get(b"storageVersion", b"").decode()
    return {
        "hash": crc,
        "revision": revision,
        "totalKey": len(live),
        "totalSize": db.page_size * db.high_water,
        "version": version,
        "totalKey35": entries,
    }


class Keyspace:
    """The `key` bucket as a server sees it after it has booted."""

    def __init__(self, db):
        self.rows = [(split_row(key), key, data) for key, data in db.rows(b"key")]
        meta = dict(db.rows(b"meta"))
        marks = [
            struct.unpack(">q", meta[name][:8])[0]
            for name in (b"finishedCompactRev", b"scheduledCompactRev")
            if name in meta
        ]
        self.compacted = max(marks, default=-1)
        self.current = max(self.rows[-1][0][0] if self.rows else 1, self.compacted, 1)
        # user key: list of lives, each a list of (main, sub); a closed one ends with its tombstone
        self.lives = {}
        for (main, sub, tombstone), _, data in self.rows:
            self._index(key_value(data)[1], main, sub, tombstone)

    def _index(self, user_key, main, sub, tombstone):
        lives = self.lives.setdefault(user_key, [[]])
        if tombstone and not lives[-1] and len(lives) > 1:
            return  # a tombstone of a key that is dead already
        lives[-1].append((main, sub))
        if tombstone:
            lives.append([])

    def check(self, revision):
        if 0 < revision < self.compacted:
            raise Refused("mvcc: required revision has been compacted")
        if revision > self.current:
            raise Refused("mvcc: required revision is a future revision")
        return self.current if revision == 0 else revision

    def kept(self, revision):
        """What a compaction at `revision` would keep of each key, less the tombstones that close a
        life."""
        keep = set()
        for lives in self.lives.values():
            last = len(lives) - 1
            which = next((i for i, life in enumerate(lives[:-1]) if life[-1][0] >= revision), last)
            life = lives[which]
            older = [mark for mark in life if mark[0] <= revision]
            if older and not (which != last and older[-1] == life[-1]):
                keep.add(older[-1])
        return keep

    def hash(self, revision):
        at = self.check(revision)
        keep = self.kept(at)
        crc = crc32c(b"key")
        for (main, sub, tombstone), key, data in self.rows:
            if main > at or (keep and main <= self.compacted and (main, sub) not in keep):
                continue
            if main == self.compacted and tombstone:
                continue
            crc = crc32c(data, crc32c(key, crc))
        return {"hash": crc, "hashRevision": at, "compactRevision": self.compacted}

    def at(self, revision):
        """The live keys, but for the empty one of a bump's marker, which no request can name."""
        at = self.check(revision)
        live = {}
        for (main, _, tombstone), _, data in self.rows:
            if main > at:
                break
            found = key_value(data)
            if tombstone:
                live.pop(found[1], None)
            else:
                live[found[1]] = found
        return [
            {
                "key": key.hex(),
                "value": kv[5].hex(),
                "createRevision": kv[2],
                "modRevision": kv[3],
                "version": kv[4],
                "lease": kv[6],
            }
            for key, kv in sorted(live.items())
            if key
        ]


def answer(what, path, revision=0):
    db = Database(path)
    try:
        if what == "status":
            return status(db)
        keys = Keyspace(db)
        return keys.hash(revision) if what == "hashkv" else keys.at(revision)
    except Refused as refused:
        return {"error": str(refused)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("what", choices=["status", "hashkv", "keys"])
    parser.add_argument("file")
    parser.add_argument("--rev", type=int, default=0)
    options = parser.parse_args()
    print(json.dumps(answer(options.what, options.file, options.rev)))


if __name__ == "__main__":
    main()
