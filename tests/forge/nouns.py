"""What a flaw's sentence speaks of: pages, elements, rows, records, numbers and bytes, found in a
forged file."""

import dataclasses
import ast
import re
import struct

from forge import kube, raftlog
from forge.store import row_key
from forge.words import WordsError

ORDER = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}


@dataclasses.dataclass
class Place:
    """Where the flaw is. What is None is not known; all None: the whole file."""

    page: int | None = None
    run: int = 1  # page slots
    start: int | None = None  # offset in the file
    end: int | None = None
    bucket: str | None = None
    key: bytes | None = None
    file: str | None = None  # within a data directory


def place_of_page(forged, page):
    start = forged.image.offset(page.id)
    return Place(
        page.id, page.run, start, start + page.run * forged.image.page_size, page.bucket or None
    )


def place_of_element(forged, page, element):
    place = place_of_page(forged, page)
    place.key = element.key
    return place


def pick(found, word, what):
    try:
        return found[ORDER[word]]
    except IndexError:
        raise WordsError(f"there is no {word} {what}: there are {len(found)}") from None


def page(forged, text):
    """meta 0 | freelist | first free page | first leaf of key | root of key | page 7"""
    pages = forged.image.pages
    if match := re.fullmatch(r"meta ([01])", text):
        return pages[int(match[1])]
    if match := re.fullmatch(r"(\w+) free page", text):
        return pick([p for p in pages.values() if p.kind == "free"], match[1], "free page")
    if text == "freelist":
        return pick([p for p in pages.values() if p.kind == "freelist"], "first", "freelist")
    if match := re.fullmatch(r"root of ([\w/]+)", text):
        return max(forged.image.of_bucket(bucket_name(match[1])), key=lambda p: p.depth)
    if match := re.fullmatch(r"(\w+) (leaf|branch|overflow leaf|low branch) of ([\w/]+)", text):
        kind = match[2].split()[-1]
        found = forged.image.of_bucket(bucket_name(match[3]), kind)
        if match[2] == "overflow leaf":
            found = [p for p in found if p.run > 1]
        if match[2] == "low branch":
            found = [p for p in found if p.depth == 1]
        return pick(found, match[1], f"{match[2]} of {match[3]}")
    raise WordsError(f"no such page: {text!r}")


def bucket_name(text):
    """`buckets` is the list of buckets itself."""
    return "" if text == "buckets" else text


def element(forged, text):
    """element 2 of PAGE | last element of PAGE | element of KEY in BUCKET, inline or not"""
    if match := re.fullmatch(r"element of (.+) in (\w+)", text):
        found = forged.image.find(bucket_name(match[2]), data(forged, match[1]))
        if not found:
            raise WordsError(f"bucket {match[2]} has no key {match[1]}")
        return found
    match = re.fullmatch(r"(?:element (\d+)|(\w+) element) of (.+)", text)
    if not match:
        raise WordsError(f"no such element: {text!r}")
    holder = page(forged, match[3])
    index = int(match[1]) if match[1] else ORDER[match[2]]
    return holder, holder.elements[index]


def number(forged, text):
    """Terms joined by + and -: 7, 0x10, id of PAGE, high-water mark, page size, revision, compacted
    revision..."""
    total, sign = 0, 1
    for term in re.split(r" ([+-]) ", text):
        if term in "+-":
            sign = 1 if term == "+" else -1
        else:
            total += sign * term_value(forged, term)
    return total


def term_value(forged, term):
    if re.fullmatch(r"-?(0x[0-9a-f]+|\d+)", term):
        return int(term, 0)
    if match := re.fullmatch(r"id of (.+)", term):
        return page(forged, match[1]).id
    if match := re.fullmatch(r"(\d+) pages", term):
        return int(match[1]) * forged.base.page_size
    if match := re.fullmatch(r"child of (.+)", term):
        return element(forged, match[1])[1].child
    values = {
        "high-water mark": lambda: forged.image.high_water,
        "page size": lambda: forged.base.page_size,
        "file size": lambda: len(forged.file_bytes()),
        "revision": lambda: forged.store.revision,
        "compacted revision": lambda: forged.store.compacted,
        "last index": lambda: len(forged.store.entries),
    }
    if term not in values:
        raise WordsError(f"no such number: {term!r}")
    return values[term]()


def row(forged, text):
    """row 57.0 | tombstone 43.0 | newest row of "a" | oldest row of "a": the 17 or 18 bytes of its
    key."""
    if match := re.fullmatch(r"(row|tombstone) (-?\d+)\.(-?\d+)", text):
        return row_key(int(match[2]), int(match[3]), match[1] == "tombstone")
    if match := re.fullmatch(r"(row|tombstone) (.+) \. (-?\d+)", text):
        return row_key(number(forged, match[2]), int(match[3]), match[1] == "tombstone")
    if match := re.fullmatch(r"(newest|oldest) row of (.+)", text):
        history = forged.store.history.get(data(forged, match[2]), [])
        kept = [row_key(*mark) for mark in history if row_key(*mark) in forged.buckets[b"key"].rows]
        return pick(kept, {"newest": "last", "oldest": "first"}[match[1]], f"row of {match[2]}")
    raise WordsError(f"no such row: {text!r}")


UNQUOTED = re.compile(r"""\\x([0-9a-f]{2})|\\(["\\])""")


def data(forged, text):
    """ "text with \\x00" | 'as it stands' | hex 00ff | u64 77 | le64 77 | nothing | 9 bytes of "x"
    | fields {2: {10: "node-1"}} | member m1 | row 57.0 | key of ELEMENT | one above key of ELEMENT; several joined by ` then
    `"""
    if " then " in text:
        return b"".join(data(forged, part) for part in text.split(" then "))
    if match := re.fullmatch(r'"((?:[^"\\]|\\.)*)"', text):
        plain = UNQUOTED.sub(lambda m: chr(int(m[1], 16)) if m[1] else m[2], match[1])
        return plain.encode("latin-1")
    if re.fullmatch(r"'[^']*'", text):
        return text[1:-1].encode()
    if match := re.fullmatch(r"hex ([0-9a-f]*)", text):
        return bytes.fromhex(match[1])
    if match := re.fullmatch(r"u64 (.+)", text):
        return struct.pack(">Q", number(forged, match[1]) & 0xFFFFFFFFFFFFFFFF)
    if match := re.fullmatch(r"le64 (.+)", text):
        return struct.pack("<Q", number(forged, match[1]) & 0xFFFFFFFFFFFFFFFF)
    if match := re.fullmatch(r"(one above )?key of (.+)", text):
        key = element(forged, match[2])[1].key
        return (int.from_bytes(key, "big") + 1).to_bytes(len(key), "big") if match[1] else key
    if text == "nothing":
        return b""
    if text.startswith("fields "):
        return kube.fields_of(ast.literal_eval(text.removeprefix("fields ")))
    if text.startswith("object "):
        return kube_object(forged, text).stored()
    if match := re.fullmatch(r"(\d+) bytes of (.+)", text):
        return (data(forged, match[2]) * int(match[1]))[: int(match[1])]
    if match := re.fullmatch(r"member (\w+)", text):
        return b"%x" % member(forged, match[1]).id
    return row(forged, text)


def kube_object(forged, text):
    """object apps/v1 Deployment shop/web | object v1 Node /n1, then: without uid, with uid of object v1 Pod shop/a,
    with DATA (its fields behind metadata)"""
    match = re.fullmatch(r"object (\S+) (\S+) ([^/\s]*)/(\S+?)(?: (with|without) (.+))?", text)
    if not match:
        raise WordsError(f"no such object: {text!r}")
    api_version, kind, namespace, name, word, rest = match.groups()
    found = kube.Object(kind, api_version, namespace, name, kube.uid_of(f"{kind} {namespace} {name}"))
    if (word, rest) == ("without", "uid"):
        found.uid = ""
    elif word == "with" and rest.startswith("uid of "):
        found.uid = kube_object(forged, rest.removeprefix("uid of ")).uid
    elif word == "with":
        found.body = data(forged, rest)
    elif word:
        raise WordsError(f"an object has no {rest!r} to be without")
    return found


def member(forged, name):
    for found in forged.store.members:
        if found.name == name:
            return found
    raise WordsError(f"no member {name!r}")


def segment(forged, text):
    """segment 1 | last segment"""
    if match := re.fullmatch(r"segment (\d)", text):
        return forged.log.segments[int(match[1])]
    if match := re.fullmatch(r"(\w+) segment", text):
        return pick(forged.log.segments, match[1], "segment")
    raise WordsError(f"no such segment: {text!r}")


TYPES = {
    "metadata": raftlog.METADATA,
    "entry": raftlog.ENTRY,
    "state": raftlog.STATE,
    "crc record": raftlog.CRC,
    "snapshot record": raftlog.SNAPSHOT,
}


def record(forged, text):
    """entry 5 | first state of SEGMENT | last entry of SEGMENT...: (segment, record)"""
    if match := re.fullmatch(r"entry (.+)", text):
        index = number(forged, match[1])
        for holder in forged.log.segments:
            for found in holder.records:
                if found.type == raftlog.ENTRY and found.index == index:
                    return holder, found
        raise WordsError(f"no entry {index}")
    match = re.fullmatch(rf"(\w+) ({'|'.join(TYPES)}|record) of (.+)", text)
    if not match:
        raise WordsError(f"no such record: {text!r}")
    holder = segment(forged, match[3])
    return holder, pick(
        [r for r in holder.records if match[2] == "record" or r.type == TYPES[match[2]]],
        match[1],
        match[2],
    )


def place_of_record(holder, found):
    return Place(start=found.at, end=found.at + found.size, file="member/wal/" + holder.name())


def place(forged, text):
    """What `at:` may say: file | bucket NAME | KEY in BUCKET | wal | a page, element, row, record,
    segment, snap."""
    if text == "file":
        return Place()
    if match := re.fullmatch(r"bucket (\w+)", text):
        return Place(bucket=match[1])
    if match := re.fullmatch(r"key (.+) in (\w+)", text):
        return Place(bucket=match[2], key=data(forged, match[1]))
    if text == "snap":
        return Place(file="member/snap/" + forged.log.snaps[0].name())
    for read in (
        lambda: place_of_page(forged, page(forged, text)),
        lambda: place_of_element(forged, *element(forged, text)),
        lambda: place_of_record(*record(forged, text)),
        lambda: Place(file="member/wal/" + segment(forged, text).name()),
        lambda: Place(bucket="key", key=row(forged, text)),
    ):
        try:
            return read()
        except (WordsError, AttributeError):
            continue
    raise WordsError(f"no such place: {text!r}")
