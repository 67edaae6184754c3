"""Rows and buckets, before any byte is laid out."""

from forge import bolt, nouns, proto
from forge.nouns import Place, data, number, row
from forge.store import compact_json
from forge.verbs.table import verb
from forge.words import WordsError


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
    fields[FIELDS[field]] = (
        data(forged, value) if field in ("key", "value") else number(forged, value)
    )
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


@verb("content", "add {} removed members")
def add_removed(forged, count):
    for position in range(number(forged, count)):
        rows_of(forged, "members_removed")[b"%x" % (0xABCD0000 + position)] = b"removed"
    return Place(bucket="members_removed")


@verb("content", "set {voters|learners|voters_outgoing} of confState to {}")
def set_conf_state(forged, field, value):
    state = forged.store.conf_state()
    state[field] = [number(forged, term) for term in value.split(", ")] if value != "none" else []
    rows_of(forged, "meta")[b"confState"] = compact_json(state)
    return Place(bucket="meta", key=b"confState")
