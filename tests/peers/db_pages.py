"""Two bbolt files side by side: every byte range in which they differ, with the reason or without one."""
import struct

REWRITTEN = {"root", "alarm", "auth", "cluster", "members", "members_removed", "meta"}


class Db:
    """Pages by owner, rows by bucket. Shares no code with what it checks."""
    def __init__(self, data):
        self.data = data
        metas = [struct.unpack_from("<IIIIQQQQQ", data, at + 16) for at in (0, struct.unpack_from("<I", data, 24)[0])]
        meta = max(metas, key=lambda m: m[8])
        self.page_size, self.root, self.high_water = meta[2], meta[4], meta[7]
        self.owner = {0: "meta page", 1: "meta page"}
        self.rows = {}
        for name, value in self.walk(self.root, "root"):
            bucket = name.decode()
            if struct.unpack_from("<Q", value)[0]:
                self.rows[bucket] = dict(self.walk(struct.unpack_from("<Q", value)[0], bucket))
            else:
                self.rows[bucket] = dict(self.elements(value[16:], 0))

    def elements(self, page, at):
        _, flags, count, _ = struct.unpack_from("<QHHI", page, at)
        for i in range(count):
            here = at + 16 + 16 * i
            if flags == 1:
                pos, ksize, child = struct.unpack_from("<IIQ", page, here)
                yield page[here + pos:here + pos + ksize], child
            else:
                _, pos, ksize, vsize = struct.unpack_from("<IIII", page, here)
                yield page[here + pos:here + pos + ksize], page[here + pos + ksize:here + pos + ksize + vsize]

    def walk(self, page, owner):
        at = page * self.page_size
        number, flags, _, overflow = struct.unpack_from("<QHHI", self.data, at)
        assert number == page and flags in (1, 2), f"page {page}: id {number}, flags {flags}"
        for i in range(overflow + 1):
            assert self.owner.setdefault(page + i, owner) == owner
        for key, value in self.elements(self.data, at):
            if flags == 1:
                yield from self.walk(value, owner)
            else:
                yield key, value


def reason(ours, theirs, page, rewritten):
    mine, other = ours.owner.get(page), theirs.owner.get(page)
    if mine == other == "meta page":
        return "meta: another number of transactions, another root page"
    if mine is None and other is None:
        return "free in both: what upstream's earlier transactions left there"
    if mine != other:
        return f"ours: {mine or 'free'}, upstream's: {other or 'free'}"
    if mine in rewritten:
        return f"both have {mine} here: the same rows, other page ids or slack"
    return None


def differences(ours, theirs, rewritten=frozenset()):
    """[(first byte, end, reason or None)], pages of one reason joined; and the rows that differ."""
    a, b = Db(ours), Db(theirs)
    rows = [(bucket, key) for bucket in sorted(a.rows.keys() | b.rows.keys())
            for key in sorted(a.rows.get(bucket, {}).keys() | b.rows.get(bucket, {}).keys())
            if a.rows.get(bucket, {}).get(key) != b.rows.get(bucket, {}).get(key)]
    size, ranges = a.page_size, []
    for page in range((max(len(ours), len(theirs)) + size - 1) // size):
        mine, other = ours[page * size:(page + 1) * size], theirs[page * size:(page + 1) * size]
        if mine == other:
            continue
        first = next((i for i, (x, y) in enumerate(zip(mine, other)) if x != y), min(len(mine), len(other)))
        last = size - next((i for i, (x, y) in enumerate(zip(mine[::-1], other[::-1])) if x != y), 0) if len(mine) == len(other) else size
        why = reason(a, b, page, REWRITTEN | set(rewritten))
        if ranges and ranges[-1][2] == why and ranges[-1][1] == page * size:
            ranges[-1] = (ranges[-1][0], page * size + last, why)
        else:
            ranges.append((page * size + first, page * size + last, why))
    return ranges, rows
