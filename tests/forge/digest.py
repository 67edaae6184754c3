"""CRC-32C and FNV-1a, as etcd and bbolt use them."""


def _crc_table():
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
        table.append(value)
    return table


_TABLE = _crc_table()


def crc32c(data, running=0):
    """Go's crc32.Update with the Castagnoli table: `running` is the sum of what came before."""
    crc = running ^ 0xFFFFFFFF
    table = _TABLE
    for byte in bytes(data):
        crc = crc >> 8 ^ table[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def fnv1a64(data):
    value = 0xCBF29CE484222325
    for byte in bytes(data):
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return value


assert crc32c(b"123456789") == 0xE3069283
assert fnv1a64(b"a") == 0xAF63DC4C8601EC8C
