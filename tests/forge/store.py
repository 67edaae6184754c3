"""An etcd store that is written to by calls, and the rows and log entries that it leaves.

Sources: etcd server/storage/mvcc/{kvstore_txn,kvstore_compaction,revision}.go,
server/lease/lessor.go, server/auth/store.go, server/etcdserver/api/membership/{member,cluster}.go,
api/etcdserverpb/raft_internal.proto.
"""

import base64
import dataclasses
import hashlib
import json
import struct

from forge.proto import message, message2

LINES = ("3.4", "3.5", "3.6", "3.7")
READ, WRITE, READWRITE = 0, 1, 2
NOSPACE, CORRUPT = 1, 2
BUCKETS = (
    "alarm",
    "auth",
    "authRoles",
    "authUsers",
    "cluster",
    "key",
    "lease",
    "members",
    "members_removed",
    "meta",
)


def row_key(main, sub=0, tombstone=False):
    return struct.pack(">q", main) + b"_" + struct.pack(">q", sub) + (b"t" if tombstone else b"")


def u64(value):
    return struct.pack(">Q", value & 0xFFFFFFFFFFFFFFFF)


def compact_json(value):
    return json.dumps(value, separators=(",", ":")).encode()


@dataclasses.dataclass
class Version:
    """A key's newest state."""

    create: int
    mod: int
    version: int
    value: bytes
    lease: int

    def encode(self, key):
        return message(
            (1, key),
            (2, self.create),
            (3, self.mod),
            (4, self.version),
            (5, self.value),
            (6, self.lease),
        )


@dataclasses.dataclass
class Member:
    name: str
    peer_urls: list
    client_urls: list
    is_learner: bool = False
    id: int = 0

    def attributes(self):
        """As Go's encoding/json orders and omits them."""
        out = {"id": self.id, "peerURLs": self.peer_urls}
        if self.is_learner:
            out["isLearner"] = True
        if self.name:
            out["name"] = self.name
        if self.client_urls:
            out["clientURLs"] = self.client_urls
        return out


def member_id(peer_urls, token="etcd-cluster"):
    return int.from_bytes(
        hashlib.sha1("".join(sorted(peer_urls)).encode() + token.encode()).digest()[:8], "big"
    )


def cluster_id(ids):
    return int.from_bytes(
        hashlib.sha1(b"".join(u64(value) for value in sorted(ids))).digest()[:8], "big"
    )


@dataclasses.dataclass
class Entry:
    """A raft log entry; its index is its place in Store.entries plus one."""

    type: int  # 0 normal, 1 configuration change
    term: int
    data: bytes


class Store:
    def __init__(self, line="3.6", members=()):
        self.line = line
        self.buckets = {name: {} for name in BUCKETS}
        self.revision = 1
        self.compacted = -1
        self.live = {}
        self.history = {}  # key: [(main, sub, tombstone)]
        self.entries = []
        self.term = 1
        self.request_id = 0x1000
        self.members = list(members)
        self.auth_revision = 1

    def propose(self, number, body):
        """One InternalRaftRequest with the field `number` set, and a header without a user."""
        self.request_id += 1
        header = (100, message((1, self.request_id)))
        self.entries.append(Entry(0, self.term, message2(*sorted([(number, body), header]))))

    def no_op(self):
        self.entries.append(Entry(0, self.term, b""))

    def _write(self, key, main, sub, version):
        tombstone = version is None
        value = message((1, key)) if tombstone else version.encode(key)
        self.buckets["key"][row_key(main, sub, tombstone)] = value
        self.history.setdefault(key, []).append((main, sub, tombstone))
        if tombstone:
            self.live.pop(key, None)
        else:
            self.live[key] = version

    def _put(self, key, value, lease, main, sub):
        old = self.live.get(key)
        self._write(
            key,
            main,
            sub,
            Version(old.create if old else main, main, old.version + 1 if old else 1, value, lease),
        )

    def put(self, key, value, lease=0):
        self.propose(4, message((1, key), (2, value), (3, lease)))
        self.revision += 1
        self._put(key, value, lease, self.revision, 0)
        return self.revision

    def delete(self, key, range_end=b""):
        """One revision with a tombstone for each live key of the range; none where there is
        none."""
        self.propose(5, message((1, key), (2, range_end)))
        self._delete(self._range(key, range_end))
        return self.revision

    def _range(self, key, range_end):
        if not range_end:
            return [key] if key in self.live else []
        return sorted(k for k in self.live if k >= key and (range_end == b"\0" or k < range_end))

    def _delete(self, keys):
        if not keys:
            return
        self.revision += 1
        for sub, key in enumerate(keys):
            self._write(key, self.revision, sub, None)

    def txn(self, *operations):
        """("put", key, value) and ("delete", key), all in one revision."""
        requests, main, sub = [], self.revision + 1, 0
        for kind, key, *rest in operations:
            if kind == "put":
                requests.append((2, message2((2, message((1, key), (2, rest[0]))))))
                self._put(key, rest[0], 0, main, sub)
                sub += 1
            else:
                requests.append((2, message2((3, message((1, key))))))
                for found in self._range(key, b""):
                    self._write(found, main, sub, None)
                    sub += 1
        self.propose(6, message(*requests))
        self.revision += 1 if sub else 0
        return self.revision

    def compact(self, at, finish=True):
        """Removes what etcd of this line removes; unfinished: only says that it was scheduled."""
        self.propose(7, message((1, at)))
        self.buckets["meta"][b"scheduledCompactRev"] = row_key(at)
        self.compacted = at
        if not finish:
            return
        for row in self.superseded(at):
            del self.buckets["key"][row]
        self.buckets["meta"][b"finishedCompactRev"] = row_key(at)

    def superseded(self, at):
        """The rows that a compaction at `at` takes away. Source: mvcc/key_index.go compact"""
        gone = []
        for versions in self.history.values():
            older = [v for v in versions if v[0] <= at and row_key(*v) in self.buckets["key"]]
            for main, sub, tombstone in older[:-1]:
                gone.append(row_key(main, sub, tombstone))
            if older and older[-1][2] and not (older[-1][0] == at and self.line != "3.4"):
                gone.append(row_key(*older[-1]))
        return gone

    def bump(self, amount):
        """What a restore with --bump-revision --mark-compacted leaves."""
        self.revision = max(struct.unpack(">q", key[:8])[0] for key in self.buckets["key"]) + amount
        self.buckets["key"][row_key(self.revision)] = b""
        self.buckets["meta"][b"scheduledCompactRev"] = row_key(self.revision)
        self.compacted = self.revision

    def grant(self, lease, ttl, remaining=0):
        self.propose(8, message((1, ttl), (2, lease)))
        self.buckets["lease"][u64(lease)] = message((1, lease), (2, ttl), (3, remaining))

    def alarm(self, member, kind):
        self.propose(10, message((1, 1), (2, member), (3, kind)))
        self.buckets["alarm"][message((1, member), (2, kind))] = b""

    def _auth_changed(self):
        self.auth_revision += 1
        self.buckets["auth"][b"authRevision"] = u64(self.auth_revision)

    def role(self, name, *permissions):
        """`permissions`: (kind, key, range_end), sorted by key as etcd keeps them."""
        self.propose(1200, message((1, name)))
        encoded = []
        for kind, key, range_end in permissions:
            permission = message((1, kind), (2, key), (3, range_end))
            self.propose(1203, message((1, name), (2, permission)))
            encoded.append((2, permission))
        self.buckets["authRoles"][name.encode()] = message((1, name), *encoded)
        for _ in range(1 + len(permissions)):
            self._auth_changed()

    def user(self, name, password_hash, *roles):
        self.propose(
            1100,
            message((1, name))
            + b"\x1a\x00"
            + message((4, base64.b64encode(password_hash.encode()))),
        )
        for role in roles:
            self.propose(1104, message((1, name), (2, role)))
        self.buckets["authUsers"][name.encode()] = (
            message((1, name), (2, password_hash), *[(3, role) for role in sorted(roles)])
            + b"\x22\x00"
        )
        for _ in range(1 + len(roles)):
            self._auth_changed()

    def enable_auth(self):
        self.propose(1000, b"")
        self.buckets["auth"][b"authEnabled"] = b"\x01"

    def bootstrap(self, token="etcd-cluster"):
        """The members that a new cluster starts with: their ids, rows and conf change entries."""
        for member in self.members:
            member.id = member_id(member.peer_urls, token)
        for member in sorted(self.members, key=lambda m: m.id):
            context = {"id": member.id, "peerURLs": member.peer_urls, "name": member.name}
            kind = 3 if member.is_learner else 0
            pairs = ((1, 0), (2, kind), (3, member.id), (4, compact_json(context)))
            data = message(*pairs) if self.line == "3.7" else message2(*pairs)
            self.entries.append(Entry(1, 1, data))
            self.buckets["members"][b"%x" % member.id] = compact_json(member.attributes())

    def conf_state(self):
        state = {"voters": sorted(m.id for m in self.members if not m.is_learner)}
        learners = sorted(m.id for m in self.members if m.is_learner)
        if learners:
            state["learners"] = learners
        state["auto_leave"] = False
        return state

    def set_cluster_version(self, version):
        if self.line == "3.4":
            self.propose_v2("/0/version", version)
        else:
            self.propose(1300, message((1, version)))
        self.buckets["cluster"][b"clusterVersion"] = version.encode()

    def publish(self, member):
        """A started member says its name and client URLs."""
        attributes = {"name": member.name, "clientURLs": member.client_urls}
        if self.line == "3.4":
            self.propose_v2(f"/0/members/{member.id:x}/attributes", compact_json(attributes))
            return
        urls = [(2, url) for url in member.client_urls]
        self.propose(1301, message((1, member.id), (2, message((1, member.name), *urls))))

    def propose_v2(self, path, value):
        """etcdserverpb.Request, proto2: all scalars but the optional PrevExist and Refresh."""
        self.request_id += 1
        self.entries.append(
            Entry(
                0,
                self.term,
                message2(
                    (1, self.request_id),
                    (2, "PUT"),
                    (3, path),
                    (4, value),
                    (5, 0),
                    (6, ""),
                    (7, 0),
                    (9, 0),
                    (10, 0),
                    (11, 0),
                    (12, 0),
                    (13, 0),
                    (14, 0),
                    (15, 0),
                    (16, 0),
                ),
            )
        )

    def finish(self):
        """The rows that the server keeps about its own log."""
        meta = self.buckets["meta"]
        meta[b"consistent_index"] = u64(len(self.entries))
        if self.line == "3.4":
            return
        meta[b"term"] = u64(self.term)
        meta[b"confState"] = compact_json(self.conf_state())
        if self.line in ("3.6", "3.7"):
            meta[b"storageVersion"] = f"{self.line}.0".encode()
