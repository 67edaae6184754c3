"""Random damages of a file, each told in words, the same for the same seed."""

import hashlib

SECTOR = 512
TRAILER = 32


def flip_bits(random, data):
    places = [random.randrange(len(data)) for _ in range(random.choice((1, 1, 1, 2, 8, 64)))]
    for at in places:
        data[at] ^= 1 << random.randrange(8)
    return f"bits flipped at {places[:4]}"


def overwrite(random, data):
    """Bytes of extreme numbers where a number may stand."""
    at = random.randrange(len(data)) & ~3
    value = random.choice(
        (
            b"\xff" * 4,
            b"\xff" * 8,
            b"\x00" * 8,
            b"\xff\xff\xff\x7f",
            b"\x00\x00\x00\x80",
            b"\xff\xff",
        )
    )
    data[at : at + len(value)] = value[: len(data) - at]
    return f"{value.hex()} written at {at}"


def zero_sectors(random, data):
    at = random.randrange(len(data)) // SECTOR * SECTOR
    size = min(SECTOR * random.choice((1, 1, 2, 8, 64)), len(data) - at)
    data[at : at + size] = bytes(size)
    return f"{size} bytes zeroed at {at}"


def noise(random, data):
    at = random.randrange(len(data)) // SECTOR * SECTOR
    size = min(SECTOR * random.choice((1, 2, 8)), len(data) - at)
    data[at : at + size] = random.randbytes(size)
    return f"{size} bytes of noise at {at}"


def cut(random, data):
    size = random.choice(
        (
            random.randrange(len(data)),
            random.randrange(len(data)) // SECTOR * SECTOR,
            random.randrange(100),
            len(data) - random.randrange(1, 100),
        )
    )
    del data[max(size, 0) :]
    return f"cut to {len(data)} bytes"


def swap_pages(random, data):
    size = random.choice((4096, 4096, 16384, 65536, SECTOR))
    pages = len(data) // size
    if pages < 2:
        return flip_bits(random, data)
    a, b = random.randrange(pages) * size, random.randrange(pages) * size
    data[a : a + size], data[b : b + size] = data[b : b + size], data[a : a + size]
    return f"{size} bytes at {a} and {b} exchanged"


def copy_page(random, data):
    size = random.choice((4096, 4096, 16384, SECTOR))
    pages = len(data) // size
    if pages < 2:
        return overwrite(random, data)
    a, b = random.randrange(pages) * size, random.randrange(pages) * size
    data[b : b + size] = data[a : a + size]
    return f"{size} bytes at {a} copied to {b}"


def page_headers(random, data):
    """A header's fields, where most harm is done."""
    size = random.choice((4096, 4096, 16384, 65536))
    at = random.randrange(max(1, len(data) // size)) * size
    field, width = random.choice(((0, 8), (8, 2), (10, 2), (12, 4), (16, 8), (24, 8), (28, 4)))
    data[at + field : at + field + width] = random.choice(
        (random.randbytes(width), b"\xff" * width, random.randrange(64).to_bytes(width, "little"))
    )
    return f"{width} bytes at {field} of the page at {at} changed"


def metas(random, data):
    """A meta's fields under a checksum that is right."""
    from forge.digest import fnv1a64

    size = random.choice((4096, 16384, 65536))
    for at in random.choice(((0,), (size,), (0, size))):
        if len(data) < at + 80:
            continue
        field, width = random.choice(((24, 4), (32, 8), (48, 8), (56, 8), (64, 8)))
        value = random.choice(
            (random.randrange(1 << 8 * width), random.randrange(64), (1 << 8 * width) - 1, 1 << 20)
        )
        data[at + field : at + field + width] = value.to_bytes(width, "little")
        data[at + 72 : at + 80] = fnv1a64(data[at + 16 : at + 72]).to_bytes(8, "little")
    return "metas changed under right checksums"


KINDS = (
    flip_bits,
    overwrite,
    zero_sectors,
    noise,
    cut,
    swap_pages,
    copy_page,
    page_headers,
    page_headers,
    metas,
)


def damage(random, original):
    """(the damaged bytes, what was done)"""
    data, done = bytearray(original), []
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        if not data:
            break
        done.append(random.choice(KINDS)(random, data))
    if len(data) % SECTOR == TRAILER and random.random() < 0.5:
        data[-TRAILER:] = hashlib.sha256(data[:-TRAILER]).digest()
        done.append("trailer made anew")
    return bytes(data), done
