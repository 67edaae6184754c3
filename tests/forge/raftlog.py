"""WAL segments and .snap files of a member, and where each record of them lies.

Sources: etcd server/storage/wal/{wal,encoder}.go, wal/walpb/record.proto,
etcdserver/api/snap/snapshotter.go, raft raftpb/raft.proto, server/etcdserver/api/v2store/store.go.
"""

import dataclasses
import json
import struct

from forge.digest import crc32c
from forge.proto import message, message2
from forge.store import cluster_id

METADATA, ENTRY, STATE, CRC, SNAPSHOT = 1, 2, 3, 4, 5
SECTOR = 512
PREALLOCATED = 8192  # of zeros behind the last record; etcd has up to 64,000,000


@dataclasses.dataclass
class Record:
    type: int
    data: bytes | None
    at: int = 0  # of its frame in the segment's file
    size: int = 0  # of its frame
    body_at: int = 0  # of the protobuf record
    body_size: int = 0
    data_at: int = 0  # of the record's data
    crc: int = 0
    index: int = 0  # of an entry


@dataclasses.dataclass
class Segment:
    sequence: int
    first_index: int
    records: list
    tail: int = 0  # zero bytes behind the records
    data: bytearray = dataclasses.field(default_factory=bytearray)

    def name(self):
        return f"{self.sequence:016x}-{self.first_index:016x}.wal"


@dataclasses.dataclass
class SnapFile:
    term: int
    index: int
    data: bytearray

    def name(self):
        return f"{self.term:016x}-{self.index:016x}.snap"


@dataclasses.dataclass
class Directory:
    """Everything beside the db. `names`: a file's name where it is not the right one; `extra`: more
    files."""

    segments: list
    snaps: list
    extra: dict = dataclasses.field(default_factory=dict)
    names: dict = dataclasses.field(default_factory=dict)

    def files(self):
        found = {
            f"member/wal/{self.names.get(s.name(), s.name())}": bytes(s.data) for s in self.segments
        }
        found |= {
            f"member/snap/{self.names.get(s.name(), s.name())}": bytes(s.data) for s in self.snaps
        }
        return found | self.extra


class Encoder:
    """raftpb as a line writes it: up to 3.6 every scalar, in 3.7 only what was set."""

    def __init__(self, line):
        self.line = line
        self.message = message if line == "3.7" else message2

    def entry(self, entry, index):
        data = entry.data if entry.data else None
        return self.message((1, entry.type), (2, entry.term), (3, index), (4, data))

    def hard_state(self, term, vote, commit):
        return self.message((1, term), (2, vote), (3, commit))

    def conf_state(self, voters):
        pairs = [(1, voter) for voter in voters]
        return message2(*pairs) if self.line == "3.7" else message2(*pairs, (5, 0))

    def wal_snapshot(self, index, term, voters):
        state = None if self.line == "3.4" or not index else self.conf_state(voters)
        return message2((1, index), (2, term), (3, state))

    def raft_snapshot(self, data, index, term, voters):
        metadata = message2((1, self.conf_state(voters)), (2, index), (3, term))
        return message2((1, data), (2, metadata))

    def record(self, kind, crc, data):
        return message2((1, kind), (2, crc), (3, data))


def frame(body):
    pad = -len(body) % 8
    length = len(body) | (0x80 | pad) << 56 if pad else len(body)
    return struct.pack("<Q", length) + body + bytes(pad)


def encode_segment(encoder, segment, running):
    """Lays the records out and returns the running sum. The first record carries the sum of the
    segment before."""
    segment.data = bytearray()
    for record in segment.records:
        if record.type != CRC:
            running = crc32c(record.data or b"", running)
        record.crc = running
        body = encoder.record(record.type, running, record.data)
        record.at, record.body_at, record.body_size = (
            len(segment.data),
            len(segment.data) + 8,
            len(body),
        )
        record.data_at = record.body_at + len(body) - len(record.data or b"")
        segment.data += frame(body)
        record.size = len(segment.data) - record.at
    segment.data += bytes(segment.tail)
    return running


def encode(encoder, segments):
    running = 0
    for segment in segments:
        running = encode_segment(encoder, segment, running)


def v2_node(path, value=None, children=None, index=0):
    node = {
        "Path": path,
        "CreatedIndex": index,
        "ModifiedIndex": index,
        "ExpireTime": "0001-01-01T00:00:00Z",
    }
    return node | {"Value": value or "", "Children": children}


def v2_tree(store):
    """The v2 store as a dictionary: the members and the version, nothing of a user's."""
    members = {}
    for index, member in enumerate(store.members, 1):
        path = f"/0/members/{member.id:x}"
        raft = json.dumps({"peerURLs": member.peer_urls}, separators=(",", ":"))
        own = json.dumps(
            {"name": member.name, "clientURLs": member.client_urls}, separators=(",", ":")
        )
        members[f"{member.id:x}"] = v2_node(
            path,
            children={
                "attributes": v2_node(path + "/attributes", own, index=index),
                "raftAttributes": v2_node(path + "/raftAttributes", raft, index=index),
            },
            index=index,
        )
    version = store.buckets["cluster"][b"clusterVersion"].decode()
    zero = {
        "members": v2_node("/0/members", children=members, index=1),
        "version": v2_node("/0/version", version, index=1),
    }
    root = v2_node(
        "/", children={"0": v2_node("/0", children=zero), "1": v2_node("/1", children={})}
    )
    return {"Root": root, "CurrentIndex": len(members), "CurrentVersion": 2}


def snap_file(encoder, store, index, term, tree=None, voters=None):
    """`tree`, `voters`: where they are not the store's own."""
    data = json.dumps(tree or v2_tree(store), separators=(",", ":")).encode()
    voters = [m.id for m in store.members] if voters is None else voters
    body = encoder.raft_snapshot(data, index, term, voters)
    return SnapFile(term, index, bytearray(message2((1, crc32c(body)), (2, body))))


def of_store(store, purged=False, snap=True):
    """A log of three segments. The .snap lies within the second; the last one ends in preallocated
    zeros."""
    encoder = Encoder(store.line)
    node = store.members[0].id
    metadata = Record(
        METADATA, encoder.message((1, node), (2, cluster_id([m.id for m in store.members])))
    )
    last = len(store.entries)
    cuts = [0, last // 3, last * 2 // 3, last]
    snap_at = last // 2 if snap else None
    voters = [member.id for member in store.members]
    segments = []
    for sequence in range(3):
        first, end = cuts[sequence], cuts[sequence + 1]
        records = [Record(CRC, None), dataclasses.replace(metadata)]
        if sequence:
            records.append(
                Record(STATE, encoder.hard_state(store.entries[first - 1].term, node, first))
            )
        else:
            records.append(Record(SNAPSHOT, encoder.wal_snapshot(0, 0, voters)))
        for index in range(first + 1, end + 1):
            entry = store.entries[index - 1]
            records.append(Record(ENTRY, encoder.entry(entry, index), index=index))
            if index in (last // 6, last // 2 + 1, end):
                records.append(Record(STATE, encoder.hard_state(entry.term, node, index)))
            if index == snap_at:
                records.append(Record(SNAPSHOT, encoder.wal_snapshot(index, entry.term, voters)))
        segments.append(Segment(sequence, first + 1 if sequence else 0, records))
    segments[-1].tail = PREALLOCATED
    encode(encoder, segments)
    snaps = [snap_file(encoder, store, snap_at, store.entries[snap_at - 1].term)] if snap else []
    return Directory(segments[1:] if purged else segments, snaps)
