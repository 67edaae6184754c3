"""Which room may use which. `tools -> core -> formats`, nothing back; inside a layer as said here."""

LAYERS = ["formats", "core", "tools"]  # each may use those before it

# What a room may use of its own layer beside EVERY_ROOM_MAY; a room that is not named here may use nothing more.
EVERY_ROOM_MAY = {"formats": {"base"}, "core": {"finding", "snapshot"}, "tools": set()}
ROOMS = {
    "formats": {
        "base": set(),
        "text": set(),
        "etcd": {"text"},
        "kube": {"text"},
        # Names out of archives are escaped before they are said.
        "envelope": {"text"},
        # Its files are unpacked layer by layer; a delta's JSON has base64 as Kubernetes' has.
        "gardener": {"envelope", "kube"},
        # etcd's own messages, and the types of ids and members that the log and the .snap hold.
        "wal": {"etcd"},
        # The v2 store in a .snap is JSON as Go writes it.
        "snap": {"etcd", "text"},
    },
    "core": {
        "finding": set(),
        "timeline": set(),
        "cluster": {"timeline"},
        # One page on all of a file: a reader of the others.
        "info": {"cluster", "timeline"},
        # What etcdutl answers, bug for bug: it shares the order of keys with timeline, and no rule with verify.
        "upstream": {"timeline"},
        "usage": {"cluster", "timeline"},
        "query": {"cluster", "timeline"},
        "verify": {"cluster", "timeline"},
        "audit": {"cluster", "timeline"},
        "diff": {"cluster", "timeline"},
        "recover": {"cluster", "timeline", "verify"},
        "restore": {"cluster", "timeline", "verify"},
        "replay": {"cluster", "timeline", "verify"},
        "rewrite": {"restore", "timeline", "verify"},
        # Disks and backups side by side: each is replayed, verified and told of.
        "compare": {"info", "replay", "timeline", "verify"},
        # What a restore brings, told from what the two of them found.
        "preflight": {"info", "verify"},
        "seal": {"cluster", "info", "timeline", "verify"},
        # The result types of all; nothing but tools uses it.
        "report": {"audit", "cluster", "compare", "diff", "info", "preflight", "query", "recover", "replay", "restore", "rewrite", "seal", "timeline",
                   "usage", "verify"},
    },
}


def flaw(user, used):
    """Why a file may not include another, both as paths from the root; None where it may."""
    (layer, room), (used_layer, used_room) = user.split("/")[:2], used.split("/")[:2]
    if layer not in LAYERS or used_layer not in LAYERS:
        return f"{layer} may not use {used_layer}" if layer in LAYERS else None
    if LAYERS.index(used_layer) > LAYERS.index(layer):
        return f"{layer} may not use {used_layer}: tools -> core -> formats"
    if layer != used_layer or room == used_room:
        return None
    if used_room in ROOMS.get(layer, {}).get(room, set()) | EVERY_ROOM_MAY[layer]:
        return None
    return f"{layer}/{room} may not use {layer}/{used_room} (tests/house/arrows.py has the arrows)"
