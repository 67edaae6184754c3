"""Records of the log: their bytes, their fields, their order."""

from forge import nouns, proto, raftlog
from forge.nouns import Place, data, number, record
from forge.verbs.table import verb
from forge.words import WordsError


@verb("log", "flip a bit of the data of {}")
def flip_record(forged, which):
    holder, found = record(forged, which)
    holder.data[found.data_at + len(found.data) - 1] ^= 1
    return nouns.place_of_record(holder, found)


@verb("log", "set the crc of {} to {}")
def set_record_crc(forged, which, value):
    holder, found = record(forged, which)
    body = proto.message2((1, found.type), (2, number(forged, value)), (3, found.data))
    frame = raftlog.frame(body)
    if len(frame) != found.size:
        raise WordsError(f"a crc of another length: {len(frame)} bytes for {found.size}")
    holder.data[found.at : found.at + found.size] = frame
    return nouns.place_of_record(holder, found)


@verb("log", "set {index|term|type|commit|vote|node|cluster} of {} to {}")
def set_record_field(forged, field, which, value):
    """The chain of sums is made anew: nothing but the field is wrong."""
    holder, found = record(forged, which)
    numbers = {
        raftlog.ENTRY: {"type": 1, "term": 2, "index": 3},
        raftlog.METADATA: {"node": 1, "cluster": 2},
        raftlog.STATE: {"term": 1, "vote": 2, "commit": 3},
        raftlog.SNAPSHOT: {"index": 1, "term": 2},
    }
    if field not in numbers[found.type]:
        raise WordsError(f"{which} has no {field}")
    fields = [
        (n, v) if n != numbers[found.type][field] else (n, number(forged, value))
        for n, v in proto.fields(found.data)
    ]
    found.data = proto.message2(*fields)
    encode_again(forged)
    return nouns.place_of_record(holder, found)


@verb("log", "set {node|cluster} of all segments to {}")
def set_identity(forged, field, value):
    for holder in forged.log.segments:
        set_record_field(forged, field, f"first metadata of segment {holder.sequence}", value)
    return Place(file="member/wal/" + forged.log.segments[0].name())


@verb("log", "write {} as the data of {}")
def set_record_data(forged, value, which):
    holder, found = record(forged, which)
    found.data = data(forged, value)
    encode_again(forged)
    return nouns.place_of_record(holder, found)


@verb("log", "set the record type of {} to {}")
def set_record_type(forged, which, value):
    holder, found = record(forged, which)
    found.type = number(forged, value)
    encode_again(forged)
    return nouns.place_of_record(holder, found)


@verb("log", "leave out {}")
def leave_out_record(forged, which):
    holder, found = record(forged, which)
    holder.records.remove(found)
    encode_again(forged)
    return Place(file="member/wal/" + holder.name())


def encode_again(forged):
    raftlog.encode(raftlog.Encoder(forged.base.line), forged.log.segments)


@verb("log", "set the length of {} to {}")
def set_frame_length(forged, which, value):
    holder, found = record(forged, which)
    holder.data[found.at : found.at + 7] = (number(forged, value)).to_bytes(7, "little")
    return nouns.place_of_record(holder, found)
