"""What a flaw's sentence does. One verb a sentence; each belongs to a stage of the making:

    content  before bytes are laid out: rows and buckets
    image    pages, elements and metas; the trailer is made over the result
    log      WAL segments and .snap files
    file     the finished bytes: trailer, length

A verb returns the Place of what it did.
"""
import re
import struct

from forge import bases, bolt, nouns, proto, raftlog
from forge.digest import crc32c
from forge.nouns import Place, data, element, number, page, row
from forge.store import compact_json
from forge.words import WordsError

STAGES = ("content", "image", "log", "file")
VERBS = []


def verb(stage, template):
    """`{}` in the template stands for a noun; `{a|b}` for one of the words."""
    def remember(function):
        parts = re.split(r"\{(.*?)\}", template)
        pattern = "".join(f"({part or '.+'})" if index % 2 else re.escape(part) for index, part in enumerate(parts))
        VERBS.append((re.compile(pattern), stage, function, template))
        return function
    return remember


def find(sentence):
    """(stage, function, nouns) of a sentence; of several verbs the one that leaves least to its nouns."""
    found = [(stage, function, match.groups(), len(pattern.pattern)) for pattern, stage, function, _ in VERBS
             if (match := pattern.fullmatch(sentence))]
    if not found:
        raise WordsError(f"no verb for {sentence!r}; the verbs are:\n  " + "\n  ".join(verb[3] for verb in VERBS))
    return min(found, key=lambda it: (sum(map(len, it[2])), -it[3]))[:3]


# -- content ---------------------------------------------------------------------------------------------------

def rows_of(forged, bucket):
    if bucket.encode() not in forged.buckets:
        raise WordsError(f"no bucket {bucket}")
    return forged.buckets[bucket.encode()].rows


def existing(rows, key):
    if key not in rows:
        raise WordsError(f"no such key: {key!r}")
    return key


@verb("content", "put {} = {} in {}")
def put_row(forged, key, value, bucket):
    key = data(forged, key)
    rows_of(forged, bucket)[key] = data(forged, value)
    return Place(bucket=bucket, key=key)


@verb("content", "remove {} from {}")
def remove_row(forged, key, bucket):
    rows = rows_of(forged, bucket)
    key = existing(rows, data(forged, key))
    del rows[key]
    return Place(bucket=bucket, key=key)


@verb("content", "rename {} to {} in {}")
def rename_row(forged, old, new, bucket):
    rows = rows_of(forged, bucket)
    new = data(forged, new)
    rows[new] = rows.pop(existing(rows, data(forged, old)))
    return Place(bucket=bucket, key=new)


@verb("content", "remove bucket {}")
def remove_bucket(forged, bucket):
    rows_of(forged, bucket)
    del forged.buckets[bucket.encode()]
    return Place(bucket=bucket)


@verb("content", "empty bucket {}")
def empty_bucket(forged, bucket):
    rows_of(forged, bucket).clear()
    return Place(bucket=bucket)


@verb("content", "put {} in the list of buckets")
def put_loose_row(forged, key):
    forged.loose_rows[data(forged, key)] = b"loose"
    return Place(key=data(forged, key))


@verb("content", "put a bucket {} into {}")
def put_inner_bucket(forged, name, bucket):
    rows_of(forged, bucket)
    forged.buckets[bucket.encode()].children[data(forged, name)] = bolt.Bucket(rows={b"row": b"1"})
    return Place(bucket=bucket)


@verb("content", "put the bucket {} with the header {}")
def put_raw_bucket(forged, name, value):
    forged.raw_buckets[data(forged, name)] = data(forged, value)
    return Place(key=data(forged, name))


@verb("content", "nest {} buckets")
def nest(forged, depth):
    inner = bolt.Bucket(rows={b"row": b"1"})
    for _ in range(number(forged, depth)):
        inner = bolt.Bucket(children={b"n": inner})
    forged.buckets[b"other"] = inner
    return Place(bucket="other")


FIELDS = {"key": 1, "create revision": 2, "mod revision": 3, "version": 4, "value": 5, "lease": 6}


@verb("content", "set {key|create revision|mod revision|version|value|lease} of {} to {}")
def set_row_field(forged, field, which, value):
    key = existing(rows_of(forged, "key"), row(forged, which))
    fields = dict(proto.fields(rows_of(forged, "key")[key]))
    fields[FIELDS[field]] = data(forged, value) if field in ("key", "value") else number(forged, value)
    rows_of(forged, "key")[key] = proto.message(*sorted(fields.items()))
    return Place(bucket="key", key=key)


@verb("content", "set {} of member {} to {}")
def set_member_field(forged, field, name, value):
    member = nouns.member(forged, name)
    attributes = member.attributes()
    if field not in ("id", "peerURLs", "clientURLs", "name", "isLearner"):
        raise WordsError(f"a member has no {field!r}")
    attributes[field] = number(forged, value) if field == "id" else data(forged, value).decode()
    if field.endswith("URLs"):
        attributes[field] = [url for url in attributes[field].split(",") if url]
    key = b"%x" % member.id
    rows_of(forged, "members")[key] = compact_json(attributes)
    return Place(bucket="members", key=key)


@verb("content", "set {voters|learners|voters_outgoing} of confState to {}")
def set_conf_state(forged, field, value):
    state = forged.store.conf_state()
    state[field] = [number(forged, term) for term in value.split(", ")] if value != "none" else []
    rows_of(forged, "meta")[b"confState"] = compact_json(state)
    return Place(bucket="meta", key=b"confState")


# -- image -----------------------------------------------------------------------------------------------------

def whole_page(forged, text):
    return nouns.place_of_page(forged, page(forged, text))


@verb("image", "set {id|flags|count|overflow} of {} to {}")
def set_page_field(forged, field, which, value):
    found = page(forged, which)
    at, size = bolt.PAGE_FIELDS[field]
    forged.image.write(forged.image.offset(found.id) + at, size, number(forged, value))
    return nouns.place_of_page(forged, found)


META_WORDS = "|".join(name for name in bolt.META_FIELDS)


@verb("image", "set {" + META_WORDS + "} of {meta 0|meta 1|both metas} to {}")
def set_meta_field(forged, field, which, value):
    at, size = bolt.META_FIELDS[field]
    for meta in (0, 1) if which == "both metas" else (int(which[-1]),):
        start = forged.image.offset(meta)
        forged.image.write(start + at, size, number(forged, value))
        if field != "checksum":
            forged.image.seal_meta(meta)
    return Place() if which == "both metas" else whole_page(forged, which)


@verb("image", "flip a bit of the {" + META_WORDS + "} of {meta 0|meta 1|both metas}")
def flip_meta(forged, field, which):
    for meta in (0, 1) if which == "both metas" else (int(which[-1]),):
        forged.image.data[forged.image.offset(meta) + bolt.META_FIELDS[field][0]] ^= 1
    return Place() if which == "both metas" else whole_page(forged, which)


@verb("image", "set {element flags|position|key size|value size|child} of {} to {}")
def set_element_field(forged, field, which, value):
    holder, found = element(forged, which)
    names = bolt.BRANCH_FIELDS if holder.kind == "branch" else bolt.LEAF_FIELDS
    if field not in names:
        raise WordsError(f"a {holder.kind} element has no {field}")
    at, size = names[field]
    forged.image.write(found.at + at, size, number(forged, value))
    return nouns.place_of_element(forged, holder, found)


@verb("image", "add {} to {position|key size|value size} of {}")
def add_to_element_field(forged, amount, field, which):
    holder, found = element(forged, which)
    at, size = (bolt.BRANCH_FIELDS if holder.kind == "branch" else bolt.LEAF_FIELDS)[field]
    now = forged.image.read(found.at + at, size)
    return set_element_field(forged, field, which, str(now + number(forged, amount)))


@verb("image", "write {} over the key of {}")
def overwrite_key(forged, value, which):
    holder, found = element(forged, which)
    value = data(forged, value)
    if len(value) != len(found.key):
        raise WordsError(f"{len(value)} bytes do not take the place of {len(found.key)}")
    forged.image.data[found.key_at:found.key_at + len(value)] = value
    found.key = value
    return nouns.place_of_element(forged, holder, found)


@verb("image", "exchange the keys of {} and {}")
def exchange_keys(forged, one, other):
    first, second = element(forged, one)[1].key, element(forged, other)[1].key
    overwrite_key(forged, "hex " + second.hex(), one)
    return overwrite_key(forged, "hex " + first.hex(), other)


@verb("image", "write {} at {} of the value of {}")
def overwrite_value(forged, value, at, which):
    holder, found = element(forged, which)
    value, at = data(forged, value), number(forged, at)
    if at + len(value) > found.value_size:
        raise WordsError(f"the value has {found.value_size} bytes")
    forged.image.data[found.value_at + at:found.value_at + at + len(value)] = value
    return nouns.place_of_element(forged, holder, found)


@verb("image", "flip a bit of the value of {}")
def flip_value(forged, which):
    holder, found = element(forged, which)
    forged.image.data[found.value_at + found.value_size - 1] ^= 4
    return nouns.place_of_element(forged, holder, found)


@verb("image", "write {} into the slack of {}")
def fill_slack(forged, value, which):
    found = page(forged, which)
    value = data(forged, value)
    end = forged.image.offset(found.id + found.run)
    if any(forged.image.data[end - len(value):end]):
        raise WordsError(f"the slack of {which} has no {len(value)} bytes")
    forged.image.data[end - len(value):end] = value
    return nouns.place_of_page(forged, found)


@verb("image", "zero {}")
def zero_page(forged, which):
    found = page(forged, which)
    start, end = forged.image.offset(found.id), forged.image.offset(found.id + found.run)
    forged.image.data[start:end] = bytes(end - start)
    return nouns.place_of_page(forged, found)


@verb("image", "exchange {} and {}")
def exchange_pages(forged, one, other):
    first, second, size = page(forged, one), page(forged, other), forged.base.page_size
    if first.run != 1 or second.run != 1:
        raise WordsError("pages of one slot each are exchanged")
    a, b = forged.image.offset(first.id), forged.image.offset(second.id)
    forged.image.data[a:a + size], forged.image.data[b:b + size] = (
        forged.image.data[b:b + size], forged.image.data[a:a + size])
    return nouns.place_of_page(forged, first)


@verb("image", "put {} branches above {}")
def raise_tree(forged, count, which):
    """Each with one element; what named the page names the topmost of them."""
    image, found = forged.image, page(forged, which)
    pointer = image.pointer_to(found)
    key, child = found.elements[0].key, found.id
    for _ in range(number(forged, count)):
        child, below = image.allocate(1), child
        at = image.offset(child)
        content = bolt.branch_bytes([(key, below)], child, 0)
        image.data[at:at + len(content)] = content
        image.pages[child] = bolt.Page(child, "branch", found.bucket, 0, 1, bolt.branch_elements([(key, below)], at))
    image.write(pointer, 8, child)
    for meta in (0, 1):
        image.write(image.offset(meta) + bolt.META_FIELDS["high-water mark"][0], 8, image.high_water)
        image.seal_meta(meta)
    return nouns.place_of_page(forged, found)


@verb("image", "move root of {} to the end and grow its last value to {} bytes")
def grow_value(forged, bucket, size):
    """The zeros that the value gains are a hole in the file."""
    image, found, size = forged.image, page(forged, f"root of {bucket}"), number(forged, size)
    last, old = found.elements[-1], image.offset(found.id)
    run = -(-(last.value_at - old + size) // forged.base.page_size)
    image.write(image.pointer_to(found), 8, image.high_water)
    moved = image.allocate(1)
    at = image.offset(moved)
    image.data[at:at + forged.base.page_size] = image.data[old:old + forged.base.page_size]
    image.write(at, 8, moved)
    image.write(at + bolt.PAGE_FIELDS["overflow"][0], 4, run - 1)
    image.write(last.at - old + at + bolt.LEAF_FIELDS["value size"][0], 4, size)
    for meta in (0, 1):
        image.write(image.offset(meta) + bolt.META_FIELDS["high-water mark"][0], 8, moved + run)
        image.seal_meta(meta)
    forged.sparse_size = (moved + run) * forged.base.page_size
    return Place(moved, run, at, forged.sparse_size, bucket)


@verb("image", "append {} behind the last page")
def append_to_image(forged, value):
    start = len(forged.image.data)
    forged.image.data += data(forged, value)
    return Place(start=start, end=len(forged.image.data))


@verb("image", "list {} in the freelist")
def list_free(forged, which):
    return set_freelist(forged, lambda ids: sorted(ids + [number(forged, which)]),
                        whole_page(forged, "freelist"))


@verb("image", "leave {} out of the freelist")
def leave_out(forged, which):
    return set_freelist(forged, lambda ids: [i for i in ids if i != number(forged, which)],
                        Place(page=number(forged, which)))


@verb("image", "turn the freelist around")
def turn_freelist(forged):
    return set_freelist(forged, lambda ids: ids[::-1], whole_page(forged, "freelist"))


def set_freelist(forged, change, place):
    found = page(forged, "freelist")
    ids = change(sorted(p.id for p in forged.image.pages.values() if p.kind == "free"))
    at = forged.image.offset(found.id)
    forged.image.data[at + 10:at + 12] = struct.pack("<H", len(ids))
    forged.image.data[at + 16:at + forged.base.page_size] = bytes(forged.base.page_size - 16)
    forged.image.data[at + 16:at + 16 + 8 * len(ids)] = struct.pack(f"<{len(ids)}Q", *ids)
    return place


# -- log -------------------------------------------------------------------------------------------------------

def record(forged, text):
    return nouns.record(forged, text)


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
    holder.data[found.at:found.at + found.size] = frame
    return nouns.place_of_record(holder, found)


@verb("log", "set {index|term|type|commit|vote|node|cluster} of {} to {}")
def set_record_field(forged, field, which, value):
    """The chain of sums is made anew: nothing but the field is wrong."""
    holder, found = record(forged, which)
    numbers = {raftlog.ENTRY: {"type": 1, "term": 2, "index": 3}, raftlog.METADATA: {"node": 1, "cluster": 2},
               raftlog.STATE: {"term": 1, "vote": 2, "commit": 3}, raftlog.SNAPSHOT: {"index": 1, "term": 2}}
    if field not in numbers[found.type]:
        raise WordsError(f"{which} has no {field}")
    fields = [(n, v) if n != numbers[found.type][field] else (n, number(forged, value))
              for n, v in proto.fields(found.data)]
    found.data = proto.message2(*fields)
    encode_again(forged)
    return nouns.place_of_record(holder, found)


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
    holder.data[found.at:found.at + 7] = (number(forged, value)).to_bytes(7, "little")
    return nouns.place_of_record(holder, found)


@verb("log", "cut {} within {}")
def cut_segment(forged, which, inside):
    holder, found = nouns.segment(forged, which), record(forged, inside)[1]
    del holder.data[found.at + found.size // 2:]
    return nouns.place_of_record(holder, found)


@verb("log", "zero {segment [0-9]|last segment} from within {}")
def zero_segment(forged, which, inside):
    holder, found = nouns.segment(forged, which), record(forged, inside)[1]
    at = found.at + found.size // 2
    holder.data[at:] = bytes(len(holder.data) - at)
    return nouns.place_of_record(holder, found)


@verb("log", "tear {}")
def tear_segment(forged, which):
    """As a power cut does: of the last record that crosses a sector's border, the sectors behind it never came."""
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
    del forged.log.snaps[0].data[number(forged, size):]
    return place_of_snap(forged)


@verb("log", "set {index|term} of the snap to {}")
def set_snap_field(forged, field, value):
    snap = forged.log.snaps[0]
    index, term = snap.index, snap.term
    made = raftlog.snap_file(raftlog.Encoder(forged.base.line), forged.store,
                             number(forged, value) if field == "index" else index,
                             number(forged, value) if field == "term" else term)
    snap.data = made.data
    return place_of_snap(forged)


@verb("log", "write {} as the data of the snap")
def set_snap_data(forged, value):
    snap = forged.log.snaps[0]
    body = raftlog.Encoder(forged.base.line).raft_snapshot(
        data(forged, value), snap.index, snap.term, [m.id for m in forged.store.members])
    snap.data = bytearray(proto.message2((1, crc32c(body)), (2, body)))
    return place_of_snap(forged)


@verb("log", "add the file {} with {}")
def add_file(forged, name, value):
    name = data(forged, name).decode()
    forged.log.extra[name] = data(forged, value)
    return Place(file=name)


# -- file ------------------------------------------------------------------------------------------------------

def end_of_image(forged):
    return len(forged.image.data)


@verb("file", "drop the trailer")
def drop_trailer(forged):
    forged.trailer = None
    return Place()


@verb("file", "flip a bit of the trailer")
def flip_trailer(forged):
    forged.trailer = bytes([forged.trailer[0] ^ 1]) + forged.trailer[1:]
    return Place(start=end_of_image(forged), end=end_of_image(forged) + 32)


@verb("file", "flip a bit of the value of {} under the old trailer")
def flip_value_under_trailer(forged, which):
    flip_value(forged, which)
    return Place(start=end_of_image(forged), end=end_of_image(forged) + 32)


@verb("file", "cut the file to {}")
def cut_file(forged, size):
    forged.cut = number(forged, size)
    return Place(start=forged.cut, end=forged.cut + 1)


@verb("file", "append {} to the file")
def append_to_file(forged, value):
    start = len(forged.file_bytes())
    forged.tail = data(forged, value)
    return Place(start=end_of_image(forged), end=start + len(forged.tail))


@verb("file", "make the file {}")
def make_file(forged, value):
    forged.image.data = bytearray(data(forged, value))
    forged.trailer = None
    return Place()


# -- the making ------------------------------------------------------------------------------------------------

def make(words, page_size):
    """(the forged file, the place of its flaw)"""
    base = bases.Base(words.base.kind, words.base.line, words.base.options, page_size)
    forged = bases.begin(base)
    stage, function, texts = find(words.flaw) if words.flaw else (None, None, ())
    place = function(forged, *texts) if stage == "content" else Place()
    bases.lay_out(forged)
    if stage == "content":
        locate(forged, place)
    if stage in ("image", "log"):
        place = function(forged, *texts)
    bases.close(forged)
    if stage == "file":
        place = function(forged, *texts)
    if words.at:
        place = nouns.place(forged, words.at)
        locate(forged, place)
    return forged, place


def locate(forged, place):
    """Completes a place that has a bucket and a key with where they came to lie."""
    if place.key is None or place.bucket is None:
        return
    found = forged.image.find(place.bucket, place.key)
    if found:
        holder, _ = found
        place.page, place.run = holder.id, holder.run
        place.start = forged.image.offset(holder.id)
        place.end = place.start + holder.run * forged.base.page_size
