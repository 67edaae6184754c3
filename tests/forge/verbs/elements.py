"""Elements of pages: keys, values, children, and the trees above them."""

from forge import bolt, nouns
from forge.nouns import Place, data, element, number, page
from forge.verbs.table import verb
from forge.words import WordsError


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
    forged.image.data[found.key_at : found.key_at + len(value)] = value
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
    forged.image.data[found.value_at + at : found.value_at + at + len(value)] = value
    return nouns.place_of_element(forged, holder, found)


@verb("image", "flip a bit of the value of {}")
def flip_value(forged, which):
    holder, found = element(forged, which)
    forged.image.data[found.value_at + found.value_size - 1] ^= 4
    return nouns.place_of_element(forged, holder, found)


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
        image.data[at : at + len(content)] = content
        image.pages[child] = bolt.Page(
            child, "branch", found.bucket, 0, 1, bolt.branch_elements([(key, below)], at)
        )
    image.write(pointer, 8, child)
    for meta in (0, 1):
        image.write(
            image.offset(meta) + bolt.META_FIELDS["high-water mark"][0], 8, image.high_water
        )
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
    image.data[at : at + forged.base.page_size] = image.data[old : old + forged.base.page_size]
    image.write(at, 8, moved)
    image.write(at + bolt.PAGE_FIELDS["overflow"][0], 4, run - 1)
    image.write(last.at - old + at + bolt.LEAF_FIELDS["value size"][0], 4, size)
    for meta in (0, 1):
        image.write(image.offset(meta) + bolt.META_FIELDS["high-water mark"][0], 8, moved + run)
        image.seal_meta(meta)
    forged.sparse_size = (moved + run) * forged.base.page_size
    return Place(moved, run, at, forged.sparse_size, bucket)
