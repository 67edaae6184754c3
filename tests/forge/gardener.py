"""What gardener's etcd-backup-restore would have left of one cluster, made of two snapshots of it: the earlier one as a full
snapshot, and what the later one has beyond it as deltas. FORMAT.md of formats/gardener says from which of its sources."""
import base64, gzip, hashlib, json, pathlib, struct, sys, zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from forge import proto  # noqa: E402
from peers.db_pages import Db  # noqa: E402

BEGIN = 1_772_600_000  # when the full snapshot was taken; a delta every 20 s
FIELDS = {2: "create_revision", 3: "mod_revision", 4: "version", 6: "lease"}


def lzw(data):
    """As Go's compress/lzw writes, LSB first, 8 bits: a code is as wide as the table's last one needs."""
    out, bits, held = bytearray(), 0, 0

    def put(code, width):
        nonlocal bits, held
        bits |= code << held
        held += width
        while held >= 8:
            out.append(bits & 255)
            bits >>= 8
            held -= 8

    table, width, last = {}, 9, 257
    put(256, 9)
    prefix = None
    for byte in data:
        if prefix is None:
            prefix = byte
            continue
        if (prefix, byte) in table:
            prefix = table[prefix, byte]
            continue
        put(prefix, width)
        last += 1
        if last == 1 << width:
            width += 1
        if last == 4095:
            put(256, 12)
            table, width, last = {}, 9, 257
        else:
            table[prefix, byte] = last
        prefix = byte
    if prefix is not None:
        put(prefix, width)
        last += 1
        if last == 1 << width and width < 12:
            width += 1
    put(257, width)
    if held:
        out.append(bits & 255)
    return bytes(out)


PACKINGS = {"": lambda data: data, ".gz": lambda data: gzip.compress(data, mtime=0), ".zlib": zlib.compress, ".Z": lzw}


def events(db, after):
    """(revision, the event as Go's encoding/json writes it) of every row beyond a revision."""
    for row_key, value in sorted(db.rows["key"].items()):
        main = struct.unpack(">q", row_key[:8])[0]
        if main <= after:
            continue
        kv = {"key": "", "mod_revision": main}
        for number, field in proto.fields(value):
            if number in (1, 5):
                kv["key" if number == 1 else "value"] = base64.b64encode(field).decode()
            elif number in FIELDS:
                kv[FIELDS[number]] = proto.signed(field)
        event = {"kv": kv}
        if row_key[17:] == b"t":
            event = {"type": 1, "kv": {"key": kv["key"], "mod_revision": main}}
        yield main, {"etcdEvent": event, "time": "2026-03-04T05:06:07.000000008Z"}


def delta(batch):
    plain = json.dumps(batch, separators=(",", ":")).encode()
    return plain + hashlib.sha256(plain).digest()


def last_revision(db):
    return struct.unpack(">q", max(db.rows["key"])[:8])[0]


def write(earlier, later, folder, packing=".gz", deltas=4, layout="v2", behind=0):
    """Gives the paths, the full snapshot's first. `behind`: by how much its name lags behind what it has."""
    before, after = Db(earlier), Db(later)
    first = last_revision(before) - behind
    made = list(events(after, first))
    revisions = sorted({revision for revision, _ in made})
    folder = pathlib.Path(folder) / (f"Backup-{BEGIN}" if layout == "v1" else "")
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"Full-{0:08}-{first:08}-{BEGIN}{packing}"]
    paths[0].write_bytes(PACKINGS[packing](earlier))
    for number in range(deltas):
        part = revisions[len(revisions) * number // deltas:len(revisions) * (number + 1) // deltas]
        batch = [event for revision, event in made if part[0] <= revision <= part[-1]]
        paths.append(folder / f"Incr-{first + 1:08}-{part[-1]:08}-{BEGIN + 20 * (number + 1)}{packing}")
        paths[-1].write_bytes(PACKINGS[packing](delta(batch)))
        first = part[-1]
    return paths
