"""Random stores: shapes that no single base has, the same for the same seed."""

import struct

from forge import bases, bolt
from forge.store import BUCKETS, Member, Store

KEYS = [
    b"a",
    b"b",
    b"aa",
    b"\x00",
    b"\xff\xfe",
    b"list/1",
    b"list/2",
    b"list/3",
    "schlüssel".encode(),
    b"k" * 300,
    b"m" * 17,
]


def value(random, page_size):
    size = random.choice((0, 1, 3, 40, 40, page_size // 9, page_size // 2, page_size * 3 // 2))
    return random.randbytes(size)


def step(random, store, page_size, leases):
    """One call. A key or a range that is not there is deleted, too: it leaves nothing."""
    kind = random.choice(
        ("put",) * 8 + ("delete", "delete", "range", "all", "txn", "txn", "grant", "compact")
    )
    key = random.choice(KEYS)
    if kind == "put":
        store.put(key, value(random, page_size), random.choice([0, 0, *leases]))
    elif kind == "delete":
        store.delete(key)
    elif kind == "range":
        store.delete(b"list/", b"list0")
    elif kind == "all" and random.random() < 0.3:
        store.delete(b"\0", b"\0")
    elif kind == "txn":
        chosen = random.sample(KEYS, random.randrange(1, 4))
        store.txn(
            *[
                ("put", k, value(random, 512)) if random.random() < 0.7 else ("delete", k)
                for k in chosen
            ]
        )
    elif kind == "grant":
        leases.append(random.choice((1, -1)) * random.randrange(1, 1 << 63))
        store.grant(leases[-1], random.randrange(1, 100000))
    elif kind == "compact" and store.revision > max(store.compacted, 1):
        compact(random, store)


def compact(random, store):
    """Anywhere above the last one; often just at a deletion, where the lines differ."""
    at = random.randrange(max(store.compacted, 1) + 1, store.revision + 1)
    deletions = [struct.unpack(">q", key[:8])[0] for key in store.buckets["key"] if len(key) == 18]
    deletions = [main for main in deletions if main > store.compacted]
    store.compact(random.choice(deletions) if deletions and random.random() < 0.6 else at)


def leave_unfinished(random, store):
    """A compaction that was scheduled and killed after some of its rows: they go in the order of
    their revisions."""
    at = random.randrange(max(store.compacted, 1) + 1, store.revision + 1)
    store.compact(at, finish=False)
    gone = sorted(store.superseded(at))
    for row in gone[: random.randrange(len(gone) + 1)]:
        del store.buckets["key"][row]


def make(random):
    """(image, store)"""
    page_size = random.choice(bases.ALL_PAGE_SIZES)
    store = Store(
        random.choice(("3.4", "3.5", "3.6", "3.7")),
        [Member("default", ["http://localhost:2380"], [])],
    )
    store.bootstrap()
    store.set_cluster_version(f"{store.line}.0")
    leases = []
    for _ in range(random.choice((0, 1, 5, 30, 120))):
        step(random, store, page_size, leases)
    if store.revision > max(store.compacted, 1) and random.random() < 0.25:
        leave_unfinished(random, store)
    store.finish()
    if store.buckets["key"] and random.random() < 0.15:
        store.bump(random.choice((1, 1000, 1000000000)))
        for _ in range(random.randrange(4)):
            step(random, store, page_size, leases)
    # bbolt opens no file of less than two of the host's pages.
    room = [lambda page_id: b""] * (8192 // page_size)
    buckets = {name.encode(): bolt.Bucket(rows=store.buckets[name]) for name in BUCKETS}
    image = bolt.write(
        buckets,
        page_size,
        fill=random.choice((0.5, 0.9)),
        fanout=random.choice((None, 2, 3, 8)),
        inline=random.random() < 0.7,
        freelist=random.choice(("absent", "stored")),
        free_at_end=room,
    )
    return image, store
