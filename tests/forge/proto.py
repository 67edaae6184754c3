"""The protobuf wire format, written by hand: a message is a list of (field number, int | bytes)."""


def varint(value):
    value &= 0xFFFFFFFFFFFFFFFF
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def field(number, value):
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    value = value.encode() if isinstance(value, str) else bytes(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def message(*fields):
    """proto3 as Go writes it: a zero or empty field is left out; one given as None too."""
    return b"".join(field(number, value) for number, value in fields if value)


def message2(*fields):
    """gogo's proto2 with non-nullable scalars: zeros are written, only None is left out."""
    return b"".join(field(number, value) for number, value in fields if value is not None)


def read_varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & 0xFFFFFFFFFFFFFFFF, at
        shift += 7
        if shift > 63:
            raise ValueError("varint of more than ten bytes")


def fields(data):
    """Yields (field number, int | bytes) of an encoded message; ValueError or IndexError when it is
    none."""
    at = 0
    while at < len(data):
        tag, at = read_varint(data, at)
        if tag & 7 == 0:
            value, at = read_varint(data, at)
        elif tag & 7 == 2:
            size, at = read_varint(data, at)
            if at + size > len(data):
                raise ValueError("field beyond the message")
            value, at = data[at : at + size], at + size
        else:
            raise ValueError(f"wire type {tag & 7}")
        yield tag >> 3, value


def signed(value):
    return value - (1 << 64) if value >> 63 else value
