"""The sound files that flaws start from.

    snapshot LINE   a snapshot with its trailer, of a cluster of two voters and a learner
    db LINE         the same without a trailer
    directory LINE  a lone member's data directory: db, .snap and WAL segments

LINE is 3.4, 3.5, 3.6 or 3.7. Options follow after `with:`, see OPTIONS.
"""

import dataclasses
import hashlib

from forge import bolt, kube, raftlog
from forge.store import BUCKETS, READ, READWRITE, Member, Store, row_key, u64

PAGE_SIZES = (4096, 16384, 65536)
ALL_PAGE_SIZES = (512, 1024, 2048, 4096, 8192, 16384, 32768, 65536)

# Of the password "salvor", cost 4.
PASSWORD_HASH = "$2a$04$abcdefghijklmnopqrstuux5PubKCsVOfT5lo4aVhk3CyWxxmTWL6"

OPTIONS = {
    "deep tree": "at most three elements a page, so that branches stand above branches",
    "no inline buckets": "each bucket has pages of its own",
    "stored freelist": "the freelist is written, its count in the page header",
    "long freelist": "the freelist is written, its count in the first id's place",
    "no free pages": "as after a defragmentation",
    "empty key bucket": "a store that was never written to",
    "unfinished compaction": "a compaction was scheduled and not finished",
    "Kubernetes": "a small cluster's objects stand below /registry",
    "never compacted": "no compaction was ever asked for",
    "bumped": "as a restore with --bump-revision --mark-compacted leaves it",
    "nested buckets": "a bucket of somebody else with buckets inside it",
    "foreign bucket": "a bucket of somebody else",
    "one member": "a cluster of one (a directory always is)",
    "purged segments": "the first WAL segments are gone, as after a purge",
    "behind": "the db says that it ends in the middle of the log, as after a kill",
    "no snap file": "the directory has no .snap yet",
}


@dataclasses.dataclass
class Base:
    kind: str
    line: str
    options: frozenset
    page_size: int = 4096

    def has(self, option):
        assert option in OPTIONS, option
        return option in self.options


@dataclasses.dataclass
class Forged:
    """A file in the making: the store first, then its image, then the bytes around it."""

    base: Base
    store: Store
    buckets: dict  # name to bolt.Bucket
    image: bolt.Image | None = None
    trailer: bytes | None = None  # None: no trailer
    log: object = None  # raftlog.Directory
    tail: bytes = b""  # what stands behind the image and its trailer
    cut: int | None = None  # the file is cut to so many bytes
    raw_buckets: dict = dataclasses.field(default_factory=dict)  # name to the bytes of its header
    sparse_size: int | None = None  # the file is that long, zeros behind what is written
    loose_rows: dict = dataclasses.field(
        default_factory=dict
    )  # in the list of buckets, and no buckets

    def file_bytes(self):
        whole = bytes(self.image.data) + (self.trailer or b"") + self.tail
        return whole if self.cut is None else whole[: self.cut]


def text(words, size):
    """`size` bytes that look like somebody's data and do not repeat within a file."""
    out = b""
    while len(out) < size:
        out += hashlib.sha256(words.encode() + len(out).to_bytes(4, "big")).hexdigest().encode()
    return out[:size]


def members_of(base):
    if base.kind == "directory" or base.has("one member"):
        return [Member("default", ["http://localhost:2380"], ["http://localhost:2379"])]
    return [
        Member("m1", ["http://127.0.0.1:25101"], ["http://127.0.0.1:25111"]),
        Member("m2", ["http://127.0.0.1:25102"], ["http://127.0.0.1:25112"]),
        Member("m3", ["http://127.0.0.1:25103"], [], is_learner=True),
    ]


LEASE_OF_A, LEASE_OF_B, IDLE_LEASE, NEGATIVE_LEASE = 0x1001, 0x1002, 0x1003, -0x1004
ROWS_OF_LISTS = 24


def fill(store, page_size):
    """A history that has each kind of row: created, changed, deleted, created again, in a txn,
    under a lease."""
    size = page_size // 16
    for lease, ttl in (
        (LEASE_OF_A, 600),
        (LEASE_OF_B, 60),
        (IDLE_LEASE, 3600),
        (NEGATIVE_LEASE, 30),
    ):
        store.grant(lease, ttl)
    for number in range(ROWS_OF_LISTS):
        store.put(b"list/%02d" % number, text(f"first {number}", size))
    store.put(b"leased/a", b"one", LEASE_OF_A)
    store.put(b"leased/b", b"two", LEASE_OF_B)
    store.put(b"leased/n", b"three", NEGATIVE_LEASE)
    store.delete(b"list/00", b"list/04")
    for number in range(4, ROWS_OF_LISTS, 2):
        store.put(b"list/%02d" % number, text(f"second {number}", size))
    store.put(b"large", text("large", page_size * 5 // 2))
    store.txn(
        ("put", b"txn/a", b"1"),
        ("put", b"txn/b", b"2"),
        ("delete", b"list/05"),
        ("put", b"txn/c", b""),
    )
    store.put(b"list/00", b"again")


def later(store, page_size):
    """What came after the compaction."""
    for number in range(8, ROWS_OF_LISTS, 3):
        store.put(b"list/%02d" % number, text(f"third {number}", page_size // 16))
    store.put(b"leased/a", b"four", LEASE_OF_A)
    store.put(b"leased/b", b"loose")
    store.delete(b"txn/b")
    store.put(b"large", text("larger", page_size * 3 // 2))
    store.txn(("put", b"txn/d", b"\x00\xff"), ("put", b"txn/e", b"5"))
    store.delete(b"list/07")
    store.put(b"list/07", b"back")
    store.put(b"\x00odd\xff", b"key of any bytes")


def write_keys(store, base):
    if base.has("empty key bucket"):
        return
    fill(store, base.page_size)
    if not base.has("never compacted"):
        gone = store.delete(b"list/06")
        store.compact(gone)
    later(store, base.page_size)
    if base.has("Kubernetes"):
        for key, value in kube.objects():
            store.put(key, value)
    if base.has("unfinished compaction"):
        store.compact(store.revision - 3, finish=False)


def write_auth(store):
    store.role("root", (READWRITE, b"", b"\0"))
    store.role("reader", (READ, b"leased/", b"leased0"), (READWRITE, b"list/00", b""))
    store.user("root", PASSWORD_HASH, "root")
    store.user("alice", PASSWORD_HASH, "reader")
    store.enable_auth()


def make_store(base):
    store = Store(base.line, members_of(base))
    store.bootstrap()
    store.term = 2
    store.no_op()
    for member in store.members:
        if not member.is_learner:
            store.publish(member)
    store.set_cluster_version(f"{base.line}.0")
    write_keys(store, base)
    write_auth(store)
    store.buckets["members_removed"][b"%x" % 0xDEAD0000DEAD] = b"removed"
    store.finish()
    if base.has("behind"):
        store.buckets["meta"][b"consistent_index"] = u64(len(store.entries) // 2 + 2)
    if base.has("bumped"):
        store.bump(1000)
    return store


def bucket_of(rows):
    return bolt.Bucket(rows=dict(rows))


def make_buckets(base, store):
    """bbolt's buckets of a store; 3.4 has no `meta/term` and the like, but the same ten buckets."""
    buckets = {name.encode(): bucket_of(store.buckets[name]) for name in BUCKETS}
    if base.has("foreign bucket"):
        buckets[b"other"] = bucket_of({b"name": b"somebody else's", b"zero": b""})
    if base.has("nested buckets"):
        inner = bolt.Bucket(rows={b"deep": b"down"}, sequence=7)
        outer = bolt.Bucket(
            rows={b"row": b"1"}, children={b"inner": inner, b"more": bucket_of({b"a": b"b"})}
        )
        buckets[b"other"] = bolt.Bucket(rows={b"x": b"y"}, children={b"outer": outer})
    return buckets


def old_leaf(page_size):
    """A page that was freed: its header is whole and its rows are of older revisions."""
    rows = [(row_key(main), b"\x0a\x03old", 0) for main in range(2, 5)]
    return lambda page_id: bolt.leaf_bytes(rows, page_id, 0)


def free_pages(base):
    """Free pages between others and at the end: an old leaf, the rest of an old run, one never
    written."""
    if base.has("no free pages"):
        return lambda page_id: None, ()
    rest = lambda page_id: text("the rest of a value whose page was freed", base.page_size)
    between = {2: old_leaf(base.page_size), 4: rest}
    return between.get, (lambda page_id: b"", old_leaf(base.page_size))


def make_image(forged):
    base = forged.base
    freelist = (
        "stored"
        if base.has("stored freelist")
        else "long" if base.has("long freelist") else "absent"
    )
    free_after, free_at_end = free_pages(base)
    return bolt.write(
        forged.buckets,
        base.page_size,
        loose_rows=forged.loose_rows,
        raw_buckets=forged.raw_buckets,
        fanout=3 if base.has("deep tree") else None,
        freelist=freelist,
        inline=not base.has("no inline buckets"),
        free_after=free_after,
        free_at_end=free_at_end,
    )


def begin(base):
    """The store and its buckets, before any byte is laid out."""
    store = make_store(base)
    return Forged(base, store, make_buckets(base, store))


def lay_out(forged):
    forged.image = make_image(forged)
    if forged.base.kind == "directory" and forged.log is None:
        forged.log = raftlog.of_store(
            forged.store,
            purged=forged.base.has("purged segments"),
            snap=not forged.base.has("no snap file"),
        )


def close(forged):
    """The trailer over the image as it now is."""
    if forged.base.kind == "snapshot":
        forged.trailer = hashlib.sha256(forged.image.data).digest()
