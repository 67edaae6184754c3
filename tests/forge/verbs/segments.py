"""Segments of the log and .snap files, as files."""

from forge import nouns, proto, raftlog
from forge.digest import crc32c
from forge.nouns import Place, data, number, record
from forge.verbs.table import verb
from forge.words import WordsError


@verb("log", "cut {} within {}")
def cut_segment(forged, which, inside):
    holder, found = nouns.segment(forged, which), record(forged, inside)[1]
    del holder.data[found.at + found.size // 2 :]
    return nouns.place_of_record(holder, found)


@verb("log", "zero {segment [0-9]|last segment} from within {}")
def zero_segment(forged, which, inside):
    holder, found = nouns.segment(forged, which), record(forged, inside)[1]
    at = found.at + found.size // 2
    holder.data[at:] = bytes(len(holder.data) - at)
    return nouns.place_of_record(holder, found)


@verb("log", "tear {}")
def tear_segment(forged, which):
    """As a power cut does: of the last record that crosses a sector's border, the sectors behind it
    never came."""
    holder = nouns.segment(forged, which)
    for found in reversed(holder.records):
        border = -(-found.body_at // raftlog.SECTOR) * raftlog.SECTOR
        if found.at < border <= found.at + found.size - raftlog.SECTOR:
            holder.data[border:] = bytes(len(holder.data) - border)
            return nouns.place_of_record(holder, found)
    raise WordsError(f"no record of {which} fills a sector")


@verb("log", "append {} to {}")
def append_to_segment(forged, value, which):
    """Behind the last record, in the place of the preallocated zeros."""
    holder = nouns.segment(forged, which)
    end = holder.records[-1].at + holder.records[-1].size
    added = data(forged, value)
    holder.data[end:] = added
    return Place(start=end, end=end + len(added), file="member/wal/" + holder.name())


@verb("log", "remove {segment [0-9]|first segment|last segment}")
def remove_segment(forged, which):
    holder = nouns.segment(forged, which)
    forged.log.segments.remove(holder)
    return Place(file="member/wal/" + holder.name())


@verb("log", "empty {segment [0-9]|first segment|last segment}")
def empty_segment(forged, which):
    holder = nouns.segment(forged, which)
    holder.data = bytearray()
    return Place(file="member/wal/" + holder.name())


@verb("log", "rename {segment [0-9]|last segment|snap} to {}")
def rename_file(forged, which, value):
    holder = forged.log.snaps[0] if which == "snap" else nouns.segment(forged, which)
    name = data(forged, value).decode()
    forged.log.names[holder.name()] = name
    return Place(file=("member/snap/" if which == "snap" else "member/wal/") + name)


@verb("log", "make {segment [0-9]|last segment} a directory")
def make_directory(forged, which):
    holder = nouns.segment(forged, which)
    name = "member/wal/" + holder.name()
    forged.log.segments.remove(holder)
    forged.log.extra[name + "/file"] = b""
    return Place(file=name)


@verb("log", "remove the wal")
def remove_wal(forged):
    forged.log.segments.clear()
    return Place()


def place_of_snap(forged):
    return Place(file="member/snap/" + forged.log.snaps[0].name())


@verb("log", "flip a bit of the snap")
def flip_snap(forged):
    forged.log.snaps[0].data[-1] ^= 1
    return place_of_snap(forged)


@verb("log", "cut the snap to {} bytes")
def cut_snap(forged, size):
    del forged.log.snaps[0].data[number(forged, size) :]
    return place_of_snap(forged)


@verb("log", "set {index|term} of the snap to {}")
def set_snap_field(forged, field, value):
    snap = forged.log.snaps[0]
    index, term = snap.index, snap.term
    made = raftlog.snap_file(
        raftlog.Encoder(forged.base.line),
        forged.store,
        number(forged, value) if field == "index" else index,
        number(forged, value) if field == "term" else term,
    )
    snap.data = made.data
    return place_of_snap(forged)


@verb("log", "write {} as the data of the snap")
def set_snap_data(forged, value):
    snap = forged.log.snaps[0]
    body = raftlog.Encoder(forged.base.line).raft_snapshot(
        data(forged, value), snap.index, snap.term, [m.id for m in forged.store.members]
    )
    snap.data = bytearray(proto.message2((1, crc32c(body)), (2, body)))
    return place_of_snap(forged)


def write_snap(forged, **changed):
    snap = forged.log.snaps[0]
    encoder = raftlog.Encoder(forged.base.line)
    snap.data = raftlog.snap_file(encoder, forged.store, snap.index, snap.term, **changed).data
    return place_of_snap(forged)


@verb("log", "leave out the voters of the snap")
def empty_conf_state(forged):
    return write_snap(forged, voters=[])


def nodes_of(tree, path):
    node = tree["Root"]
    for name in path.strip("/").split("/"):
        node = node["Children"][name]
    return node["Children"]


@verb("log", "leave out the node {} of {} in the snap")
def leave_out_node(forged, name, path):
    """As in: leave out the node "raftAttributes" of member m2 in the snap."""
    tree = raftlog.v2_tree(forged.store)
    del nodes_of(tree, snap_path(forged, path))[data(forged, name).decode()]
    return write_snap(forged, tree=tree)


@verb("log", "put the node {} = {} into {} in the snap")
def put_node(forged, name, value, path):
    name, path = data(forged, name).decode(), snap_path(forged, path)
    tree = raftlog.v2_tree(forged.store)
    nodes_of(tree, path)[name] = raftlog.v2_node(f"{path}/{name}", data(forged, value).decode())
    return write_snap(forged, tree=tree)


def snap_path(forged, text):
    """member m2, or a path in quotes"""
    name = data(forged, text).decode()
    return f"/0/members/{name}" if text.startswith("member ") else name


@verb("log", "add the file {} with {}")
def add_file(forged, name, value):
    name = data(forged, name).decode()
    forged.log.extra[name] = data(forged, value)
    return Place(file=name)
