"""Page headers, metas, the freelist, and whole pages."""

import struct

from forge import bolt, nouns
from forge.nouns import Place, data, number, page
from forge.verbs.table import verb
from forge.words import WordsError


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


@verb("image", "write {} into the slack of {}")
def fill_slack(forged, value, which):
    found = page(forged, which)
    value = data(forged, value)
    end = forged.image.offset(found.id + found.run)
    if any(forged.image.data[end - len(value) : end]):
        raise WordsError(f"the slack of {which} has no {len(value)} bytes")
    forged.image.data[end - len(value) : end] = value
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
    forged.image.data[a : a + size], forged.image.data[b : b + size] = (
        forged.image.data[b : b + size],
        forged.image.data[a : a + size],
    )
    return nouns.place_of_page(forged, first)


@verb("image", "append {} behind the last page")
def append_to_image(forged, value):
    start = len(forged.image.data)
    forged.image.data += data(forged, value)
    return Place(start=start, end=len(forged.image.data))


@verb("image", "list {} in the freelist")
def list_free(forged, which):
    return set_freelist(
        forged, lambda ids: sorted(ids + [number(forged, which)]), whole_page(forged, "freelist")
    )


@verb("image", "leave {} out of the freelist")
def leave_out(forged, which):
    return set_freelist(
        forged,
        lambda ids: [i for i in ids if i != number(forged, which)],
        Place(page=number(forged, which)),
    )


@verb("image", "turn the freelist around")
def turn_freelist(forged):
    return set_freelist(forged, lambda ids: ids[::-1], whole_page(forged, "freelist"))


def set_freelist(forged, change, place):
    found = page(forged, "freelist")
    ids = change(sorted(p.id for p in forged.image.pages.values() if p.kind == "free"))
    at = forged.image.offset(found.id)
    forged.image.data[at + 10 : at + 12] = struct.pack("<H", len(ids))
    forged.image.data[at + 16 : at + forged.base.page_size] = bytes(forged.base.page_size - 16)
    forged.image.data[at + 16 : at + 16 + 8 * len(ids)] = struct.pack(f"<{len(ids)}Q", *ids)
    return place
