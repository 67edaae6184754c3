"""Kubernetes' objects, before any byte is laid out. An object is named by its key behind /registry/."""

from forge import kube, proto
from forge.nouns import Place, data, number, row
from forge.store import row_key
from forge.verbs.content import rows_of, set_row_field
from forge.verbs.table import verb


def key_of(name):
    return f"{kube.PREFIX}/{name}".encode()


def newest(name):
    return f'newest row of "{kube.PREFIX}/{name}"'


def value_of(forged, name):
    fields = dict(proto.fields(rows_of(forged, "key")[row(forged, newest(name))]))
    return fields[5]


def take_over(forged, main, tombstone=False):
    """A row that the store wrote after its buckets were taken."""
    key = row_key(main, 0, tombstone)
    rows_of(forged, "key")[key] = forged.store.buckets["key"][key]
    return Place(bucket="key", key=key)


@verb("content", "make object {} hold {}")
def make_object(forged, name, value):
    """Another row of a key that is there, or a new key."""
    return take_over(forged, forged.store.put(key_of(name), data(forged, value)))


@verb("content", "delete object {}")
def delete_object(forged, name):
    return take_over(forged, forged.store.delete(key_of(name)), tombstone=True)


@verb("content", "cut {} bytes off object {}")
def cut_object(forged, count, name):
    value = value_of(forged, name)[: -number(forged, count)]
    return set_row_field(forged, "value", newest(name), "hex " + value.hex())


@verb("content", "seal object {} by {aescbc|aesgcm|secretbox|kms} key {}")
def seal_object(forged, name, provider, key):
    """By a key that nobody has: what stands behind the mark opens with none."""
    value = kube.sealed(provider, key, value_of(forged, name))
    return set_row_field(forged, "value", newest(name), "hex " + value.hex())
