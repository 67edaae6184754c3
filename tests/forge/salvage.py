"""What `salvor recover` may make of a damaged file and what it must, told by a reader of its own.

The truth is the undamaged file. A row is intact where its key and value stand in the damaged bytes, as a
whole, wherever. Then must hold: each intact row is given back; nothing is given back that never was, and
nothing that was gone already, unless it is marked as uncertain; the bytes of all classes are the file's.
"""

import json
import struct
import subprocess

# Written anew by recover where the history has holes.
COMPACTION = (b"scheduledCompactRev", b"finishedCompactRev")
ROW = "key"  # the bucket of revisions


class Rows:
    """{bucket: {key: (value, offset of the key, or of the value's bucket)}}, of an undamaged file."""

    def __init__(self, data):
        self.data = data
        metas = [
            struct.unpack_from("<IIIIQQQQQ", data, at + 16)
            for at in (0, struct.unpack_from("<I", data, 24)[0])
        ]
        meta = max(metas, key=lambda m: m[8])
        self.page_size, self.root_page = meta[2], meta[4]
        self.pages, self.rows = {}, {}
        for name, value, at in self.walk(meta[4], "root"):
            root = struct.unpack_from("<Q", value)[0]
            found = self.walk(root, name.decode()) if root else self.elements(at + len(name) + 16)
            self.rows[name.decode()] = {key: (value, at) for key, value, at in found}

    def elements(self, page):
        _, flags, count, _ = struct.unpack_from("<QHHI", self.data, page)
        for i in range(count):
            here = page + 16 + 16 * i
            if flags == 1:
                pos, ksize, child = struct.unpack_from("<IIQ", self.data, here)
                yield self.data[here + pos : here + pos + ksize], child, here
            else:
                _, pos, ksize, vsize = struct.unpack_from("<IIII", self.data, here)
                at = here + pos
                yield self.data[at : at + ksize], self.data[at + ksize : at + ksize + vsize], at

    def walk(self, page, owner):
        at = page * self.page_size
        number, flags, _, overflow = struct.unpack_from("<QHHI", self.data, at)
        assert number == page and flags in (1, 2), f"page {page}: id {number}, flags {flags}"
        for i in range(overflow + 1):
            self.pages[page + i] = owner
        for key, value, where in self.elements(at):
            if flags == 1:
                yield from self.walk(value, owner)
            else:
                yield key, value, where


def is_intact(truth, damaged, key, shift=0):
    value, at = truth.rows[ROW][key]
    whole = key + value
    return damaged[max(at - shift, 0) : at - shift + len(whole)] == whole or whole in damaged


def recover(salvor, source, made, *more):
    """(exit status, the JSON document, the rows by their lines, stderr)"""
    words = [salvor, "recover", source, *more]
    done = subprocess.run(
        [*words, "--to", made, "-o", "json"], capture_output=True, text=True, timeout=60
    )
    if done.returncode not in (0, 1):
        return done.returncode, None, [], done.stderr
    lines = subprocess.run(
        [*words, "--dry-run", "-o", "jsonl"], capture_output=True, text=True, timeout=60
    )
    return done.returncode, json.loads(done.stdout), list(map(json.loads, lines.stdout.splitlines())), done.stderr


def revision_of(key):
    return f"{int.from_bytes(key[:8], 'big')}/{int.from_bytes(key[9:17], 'big')}"


def was_damaged_unseen(truth, damaged, whole):
    """These very bytes stand in the damaged file and never stood in the undamaged one."""
    return whole in damaged and whole not in truth.data


def complaints(truth, damaged, status, said, lines, made, shift=0):
    """Every sentence is something that should not be. `made`: the recovered file's bytes."""
    if said["bytes"]["file"] != len(damaged):
        yield f"the file has {len(damaged)} bytes, not {said['bytes']['file']}"
    classes = {name: size for name, size in said["bytes"].items() if name != "file"}
    if sum(classes.values()) != len(damaged):
        yield f"the classes of bytes do not make up the file: {classes}"
    uncertain = {line["revision"] for line in lines if line["bucket"] == ROW and not line["certain"]}
    unsure = {(line["bucket"], line["key"]) for line in lines if not line["certain"]}
    given = Rows(made).rows
    live = truth.rows[ROW]
    # Of a row key that was damaged into another one nothing but its copies tells.
    values = {value for value, _ in given[ROW].values()}
    lost = [
        key
        for key, (value, _) in live.items()
        if key not in given[ROW] and value not in values and is_intact(truth, damaged, key, shift)
        # Within what reads as another row's value nothing tells that it is not.
        and not any(key + value in other for other in values)
    ]
    for key in lost[:5]:
        yield f"row {revision_of(key)} is intact and was not given back ({len(lost)} such)"
    unseen, gone = False, []
    for key, (value, _) in given[ROW].items():
        if key in live and live[key][0] == value:
            continue
        if was_damaged_unseen(truth, damaged, key + value) or was_damaged_unseen(truth, damaged, value):
            unseen = True
            continue
        if key + value not in truth.data:
            yield f"row {revision_of(key)} never was"
        elif revision_of(key) not in uncertain:
            gone.append(revision_of(key))
    # A state that was once whole, where no meta says which one was the last.
    head = max(int.from_bytes(key[:8], "big") for key in live)
    if gone and not (said["root"]["by"] != "meta" and said["revision"] < head):
        yield f"{len(gone)} rows were gone, and are given back as certain: {gone[:5]}"
    for bucket, rows in given.items():
        for key, (value, _) in rows.items():
            if bucket == ROW or truth.rows.get(bucket, {}).get(key, (None,))[0] == value:
                continue
            if key in COMPACTION and said["compactedAt"] is not None:
                continue
            if was_damaged_unseen(truth, damaged, key + value):
                unseen = True
            elif not any(name == bucket for name, _ in unsure):
                yield f"bucket {bucket}: {key!r} is not what it was"
    if status == 0 and not said["whole"]:
        yield "exit 0, and it says that not all is there"
    if said["whole"] and not unseen:
        missing = [key for key in live if key not in given[ROW]]
        if missing:
            yield f"says that all is there: {len(missing)} rows are not, {revision_of(missing[0])} first"
    if said["made"]["backup"] != "sound" and not unseen:
        yield "what was made is flawed"
