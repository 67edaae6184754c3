"""Writes a bbolt file and remembers where each part of it lies.

Source of every number: bbolt internal/common/{page,meta,bucket,inode}.go and node.go.
"""

import dataclasses
import struct

from forge.digest import fnv1a64

BRANCH, LEAF, META, FREELIST = 0x01, 0x02, 0x04, 0x10
HEADER = 16
ELEMENT = 16
IS_BUCKET = 0x01
MAGIC = 0xED0CDAED
NOT_STORED = 0xFFFFFFFFFFFFFFFF

# name: offset within the page, size in bytes
PAGE_FIELDS = {"id": (0, 8), "flags": (8, 2), "count": (10, 2), "overflow": (12, 4)}
META_FIELDS = {
    "magic": (16, 4),
    "version": (20, 4),
    "page size": (24, 4),
    "meta flags": (28, 4),
    "root": (32, 8),
    "root sequence": (40, 8),
    "freelist": (48, 8),
    "high-water mark": (56, 8),
    "txid": (64, 8),
    "checksum": (72, 8),
}
LEAF_FIELDS = {
    "element flags": (0, 4),
    "position": (4, 4),
    "key size": (8, 4),
    "value size": (12, 4),
}
BRANCH_FIELDS = {"position": (0, 4), "key size": (4, 4), "child": (8, 8)}


@dataclasses.dataclass
class Bucket:
    """`rows` are bytes to bytes; `inline`: None lets bbolt's rule decide."""

    rows: dict = dataclasses.field(default_factory=dict)
    children: dict = dataclasses.field(default_factory=dict)
    sequence: int = 0
    inline: bool | None = None


@dataclasses.dataclass
class Element:
    at: int  # offset of the element's 16 bytes in the file
    key_at: int
    key: bytes
    value_at: int  # leaf only
    value_size: int
    child: int = 0  # branch only


@dataclasses.dataclass
class Page:
    id: int
    kind: str  # meta, leaf, branch, freelist, free
    bucket: str | None  # "" for the list of buckets, None for what is in no tree
    depth: int
    run: int  # page slots that it takes
    elements: list


class Image:
    """The bytes of the file, and what lies where. Pages by id; an inline bucket's page has the id
    of the page that holds it and stands in `inline` instead."""

    def __init__(self, page_size):
        self.page_size = page_size
        self.data = bytearray(2 * page_size)
        self.pages = {}
        self.inline = {}
        self.high_water = 2

    def offset(self, page_id):
        return page_id * self.page_size

    def allocate(self, slots):
        first = self.high_water
        self.high_water += slots
        self.data.extend(bytes(slots * self.page_size))
        return first

    def read(self, at, size):
        return int.from_bytes(self.data[at : at + size], "little")

    def write(self, at, size, value):
        self.data[at : at + size] = (value & (1 << 8 * size) - 1).to_bytes(size, "little")

    def seal_meta(self, number):
        at = self.offset(number)
        self.write(at + META_FIELDS["checksum"][0], 8, fnv1a64(self.data[at + 16 : at + 72]))

    def of_bucket(self, bucket, kind=None):
        """Its pages in key order."""
        return [
            page
            for page in self.pages.values()
            if page.bucket == bucket and (kind is None or page.kind == kind)
        ]

    def pointer_to(self, page):
        """Where the file names the page: a branch element's child, or a bucket's header."""
        for branch in self.of_bucket(page.bucket, "branch"):
            for element in branch.elements:
                if element.child == page.id:
                    return element.at + BRANCH_FIELDS["child"][0]
        return self.find("", page.bucket.encode("latin-1"))[1].value_at

    def find(self, bucket, key):
        """(page, element) that holds the key, inline pages included."""
        for page in self.of_bucket(bucket, "leaf") + [
            p for p in self.inline.values() if p.bucket == bucket
        ]:
            for element in page.elements:
                if element.key == key:
                    return page, element
        return None


def leaf_bytes(items, page_id, overflow):
    """`items`: (key, value, element flags)."""
    out = bytearray(struct.pack("<QHHI", page_id, LEAF, len(items), overflow))
    data_at = HEADER + ELEMENT * len(items)
    for index, (key, value, flags) in enumerate(items):
        out += struct.pack(
            "<IIII", flags, data_at - (HEADER + ELEMENT * index), len(key), len(value)
        )
        data_at += len(key) + len(value)
    for key, value, _ in items:
        out += key + value
    return out


def branch_bytes(items, page_id, overflow):
    """`items`: (first key, child page id)."""
    out = bytearray(struct.pack("<QHHI", page_id, BRANCH, len(items), overflow))
    data_at = HEADER + ELEMENT * len(items)
    for index, (key, child) in enumerate(items):
        out += struct.pack("<IIQ", data_at - (HEADER + ELEMENT * index), len(key), child)
        data_at += len(key)
    for key, _ in items:
        out += key
    return out


def leaf_elements(items, base):
    found, data_at = [], base + HEADER + ELEMENT * len(items)
    for index, (key, value, _) in enumerate(items):
        found.append(
            Element(base + HEADER + ELEMENT * index, data_at, key, data_at + len(key), len(value))
        )
        data_at += len(key) + len(value)
    return found


def branch_elements(items, base):
    found, data_at = [], base + HEADER + ELEMENT * len(items)
    for index, (key, child) in enumerate(items):
        found.append(Element(base + HEADER + ELEMENT * index, data_at, key, 0, 0, child))
        data_at += len(key)
    return found


def split(sizes, room, least, most):
    """How bbolt's node.split cuts: a page is closed when the next item would pass `room` and it has
    `least`."""
    groups, current, used = [], [], HEADER
    for index, size in enumerate(sizes):
        if len(current) >= least and (used + size > room or len(current) >= most):
            groups.append(current)
            current, used = [], HEADER
        current.append(index)
        used += size
    groups.append(current)
    return groups


class Writer:
    """`fill`: how full a page gets; `fanout`: at most so many elements a page (a deep tree of few
    rows); `free_after`: called between pages, returns the old content of a page to be left free
    there, or None.
    """

    def __init__(
        self, page_size, fill=0.9, fanout=None, inline=True, free_after=lambda page_id: None
    ):
        self.image = Image(page_size)
        self.room = int(page_size * fill)
        self.fanout = fanout or 0xFFFE
        self.inline = inline
        self.free_after = free_after
        self.free = []

    def put_page(self, kind, items, bucket, depth):
        make, map_ = (
            (leaf_bytes, leaf_elements) if kind == "leaf" else (branch_bytes, branch_elements)
        )
        size = len(make(items, 0, 0))
        run = -(-size // self.image.page_size)
        page_id = self.image.allocate(run)
        at = self.image.offset(page_id)
        self.image.data[at : at + size] = make(items, page_id, run - 1)
        self.image.pages[page_id] = Page(page_id, kind, bucket, depth, run, map_(items, at))
        self.leave_free(page_id)
        return page_id

    def leave_free(self, page_id):
        old = self.free_after(page_id)
        if old is None:
            return
        self.put_free(old)

    def put_free(self, old):
        """`old` is a function of the page's id, for an old header holds it."""
        free_id = self.image.allocate(1)
        content = old(free_id)[: self.image.page_size]
        at = self.image.offset(free_id)
        self.image.data[at : at + len(content)] = content
        self.image.pages[free_id] = Page(free_id, "free", None, 0, 1, [])
        self.free.append(free_id)

    def put_tree(self, items, bucket):
        """Leaves, then branches above them until one page is left: the root."""
        sizes = [ELEMENT + len(key) + len(value) for key, value, _ in items]
        level = []
        for group in split(sizes, self.room, 2, self.fanout):
            part = [items[index] for index in group]
            level.append((part[0][0] if part else b"", self.put_page("leaf", part, bucket, 0)))
        depth = 0
        while len(level) > 1:
            depth += 1
            sizes = [ELEMENT + len(key) for key, _ in level]
            above = []
            for group in split(sizes, self.room, 2, self.fanout):
                part = [level[index] for index in group]
                above.append((part[0][0], self.put_page("branch", part, bucket, depth)))
            level = above
        return level[0][1]

    def items_of(self, bucket, name):
        """Elements of a bucket's leaf level, its child buckets written first."""
        path = name + "/" if name else ""
        items = [(key, value, 0) for key, value in bucket.rows.items()]
        for child_name, child in bucket.children.items():
            items.append(
                (
                    child_name,
                    self.bucket_value(child, path + child_name.decode("latin-1")),
                    IS_BUCKET,
                )
            )
        return sorted(items, key=lambda item: item[0])

    def bucket_value(self, bucket, name):
        items = self.items_of(bucket, name)
        size = HEADER + sum(ELEMENT + len(key) + len(value) for key, value, _ in items)
        inline = (
            bucket.inline
            if bucket.inline is not None
            else self.inline and size <= self.image.page_size // 4
        )
        if inline and not bucket.children:
            return struct.pack("<QQ", 0, bucket.sequence) + bytes(leaf_bytes(items, 0, 0))
        return struct.pack("<QQ", self.put_tree(items, name), bucket.sequence)

    def put_freelist(self, long_form):
        """The ids that are free; `long_form`: the count in the first id's place, as for 65535 and
        more."""
        slots = 1
        while HEADER + 8 * (len(self.free) + 1) > slots * self.image.page_size:
            slots += 1
        page_id = self.image.allocate(slots)
        ids = sorted(self.free)
        count = 0xFFFF if long_form else len(ids)
        content = struct.pack("<QHHI", page_id, FREELIST, count, slots - 1)
        content += b"".join(
            struct.pack("<Q", value) for value in ([len(ids)] if long_form else []) + ids
        )
        at = self.image.offset(page_id)
        self.image.data[at : at + len(content)] = content
        self.image.pages[page_id] = Page(page_id, "freelist", None, 0, slots, [])
        return page_id

    def put_meta(self, number, root, freelist, txid):
        at = self.image.offset(number)
        self.image.data[at : at + 72] = struct.pack(
            "<QHHIIIIIQQQQQ",
            number,
            META,
            0,
            0,
            MAGIC,
            2,
            self.image.page_size,
            0,
            root,
            0,
            freelist,
            self.image.high_water,
            txid,
        )
        self.image.pages[number] = Page(number, "meta", None, 0, 1, [])
        self.image.seal_meta(number)


def write(
    buckets,
    page_size,
    *,
    fill=0.9,
    fanout=None,
    inline=True,
    freelist="absent",
    txid=100,
    loose_rows=None,
    raw_buckets=None,
    free_after=lambda page_id: None,
    free_at_end=()
):
    """`buckets`: name to Bucket. `freelist`: absent, stored, long. Metas as a snapshot has them:
    the newer first."""
    writer = Writer(page_size, fill, fanout, inline, free_after)
    items = writer.items_of(Bucket(rows=loose_rows or {}, children=buckets), "")
    items += [(name, value, IS_BUCKET) for name, value in (raw_buckets or {}).items()]
    root = writer.put_tree(sorted(items), "")
    for old in free_at_end:
        writer.put_free(old)
    freelist_id = NOT_STORED if freelist == "absent" else writer.put_freelist(freelist == "long")
    writer.put_meta(0, root, freelist_id, txid)
    writer.put_meta(1, root, freelist_id, txid - 1)
    map_inline(writer.image)
    return writer.image


def map_inline(image):
    """Where the rows of the inline buckets of the top level lie."""
    for page in image.of_bucket("", "leaf"):
        for element in page.elements:
            value = bytes(image.data[element.value_at : element.value_at + element.value_size])
            if len(value) < 32 or value[:8] != bytes(8):
                continue
            name = element.key.decode("latin-1")
            image.inline[name] = Page(
                page.id, "leaf", name, 0, 1, inline_elements(value, element.value_at + 16)
            )


def inline_elements(value, at):
    count = struct.unpack_from("<H", value, 16 + 10)[0]
    found = []
    for index in range(count):
        start = 16 + HEADER + ELEMENT * index
        _, position, key_size, value_size = struct.unpack_from("<IIII", value, start)
        key = value[start + position : start + position + key_size]
        key_at = at - 16 + start + position
        found.append(Element(at - 16 + start, key_at, key, key_at + key_size, value_size))
    return found
