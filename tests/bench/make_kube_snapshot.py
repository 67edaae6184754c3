#!/usr/bin/env python3
"""Makes a snapshot of many Kubernetes objects: those of a real cluster's snapshot, again and again under new names and
uids of the same length, put into a real etcd and saved; workloads more often than the rest, as clusters of that size have
them. Secrets, events and what has a short name are left out; what a cluster has of its own (namespaces, nodes, CRDs, what an
apiserver makes for itself) stands there once, as it is.

usage: make_kube_snapshot.py --salvor PATH [--objects N] [--port N] ETCD_FOLDER SOURCE OUT
"""
import argparse, base64, json, os, pathlib, subprocess, sys

from make_snapshot import OPS_IN_TXN, b64, save

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
SUFFIX = 5  # 36 ** 5 names
ONCE = (b"/namespaces/", b"/minions/", b"/customresourcedefinitions/", b"/services/specs/default/kubernetes", b"/apiservices/",
        b"/storageversions/", b"/flowschemas/", b"/prioritylevelconfigurations/", b"/clusterroles/system:",
        b"/clusterrolebindings/system:")
OFTEN = (b"/pods/", b"/replicasets/", b"/deployments/", b"/endpointslices/")
OFTEN_TIMES = 5
NEVER = (b"/secrets/", b"/events/", b"/masterleases/", b"/ranges/", b"/leases/")


def suffix(number):
    text = ""
    for _ in range(SUFFIX):
        number, digit = divmod(number, 36)
        text = DIGITS[digit] + text
    return text.encode()


def stored(salvor, source):
    answer = subprocess.run([salvor, "keys", source, "--prefix", "/registry/", "-w", "json"], check=True, capture_output=True)
    return [(base64.b64decode(kv["key"]), base64.b64decode(kv.get("value", ""))) for kv in json.loads(answer.stdout)["kvs"]]


def uid_in(value):
    """The object's own uid: the field behind metadata's name, namespace and such; the first of 36 characters with dashes."""
    for at in range(len(value) - 36):
        text = value[at:at + 36]
        if value[at - 1] in (36, 34) and text[8:9] == text[13:14] == text[18:19] == text[23:24] == b"-" and text.replace(b"-", b"").isalnum():
            return text
    return None


def renamed(key, value, number):
    """The same object under another name, or None where its name is too short."""
    name = key.rsplit(b"/", 1)[1]
    uid = uid_in(value)
    if len(name) < SUFFIX + 2 or name not in value or uid is None:
        return None
    other = name[:-SUFFIX] + suffix(number)
    return key[:-len(name)] + other, value.replace(name, other).replace(uid, uid[:-SUFFIX] + suffix(number))


def puts(pairs, objects):
    many = []
    for key, value in pairs:
        if any(part in key for part in ONCE):
            yield key, value
        elif not any(part in key for part in NEVER) and renamed(key, value, 0):
            many += [(key, value)] * (OFTEN_TIMES if any(part in key for part in OFTEN) else 1)
    if not many:
        sys.exit("the source has no object that could be renamed")
    for number in range(objects):
        key, value = many[number % len(many)]
        yield renamed(key, value, number)


def fill(etcd, pairs, objects):
    batch, size = [], 0
    for key, value in puts(pairs, objects):
        batch.append({"requestPut": {"key": b64(key), "value": b64(value)}})
        size += len(value)
        if len(batch) == OPS_IN_TXN or size > 500_000:
            etcd.txn(batch)
            batch, size = [], 0
    if batch:
        etcd.txn(batch)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--salvor", required=True, type=lambda p: pathlib.Path(p).resolve())
    parser.add_argument("--objects", type=int, default=260_000)
    parser.add_argument("--port", type=int, default=29520)
    parser.add_argument("etcd_folder", type=lambda p: pathlib.Path(p).resolve())
    parser.add_argument("source", type=pathlib.Path)
    parser.add_argument("out", type=lambda p: pathlib.Path(p).resolve())
    args = parser.parse_args()
    pairs = stored(args.salvor, args.source)
    save(args.etcd_folder, args.out, args.port, lambda etcd: fill(etcd, pairs, args.objects))
    print(f"{args.out}: {os.path.getsize(args.out)} bytes, {args.objects} objects")


if __name__ == "__main__":
    main()
