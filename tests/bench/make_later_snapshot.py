#!/usr/bin/env python3
"""Makes a later snapshot of the cluster that make_kube_snapshot.py made one of: the earlier one is restored into a real etcd,
one object in a hundred is written anew with another uid of the same length, and it is saved.

usage: make_later_snapshot.py --salvor PATH [--port N] ETCD_FOLDER EARLIER OUT
"""
import argparse, base64, os, pathlib, shutil, subprocess, tempfile

from make_kube_snapshot import SUFFIX, suffix, uid_in
from make_snapshot import OPS_IN_TXN, Etcd, b64

ONE_IN = 100


def changed(etcd, key, number):
    """The stored object with another uid, or None where it has none of its own."""
    value = base64.b64decode(etcd.call("/v3/kv/range", {"key": b64(key)})["kvs"][0].get("value", ""))
    uid = uid_in(value)
    return value.replace(uid, uid[:-SUFFIX] + suffix(7_000_000 + number)) if uid else None


def rewrite(etcd, keys):
    batch, written = [], 0
    for number, key in enumerate(keys[::ONE_IN]):
        value = changed(etcd, key, number)
        if value:
            batch.append({"requestPut": {"key": b64(key), "value": b64(value)}})
            written += 1
        if len(batch) == OPS_IN_TXN:
            etcd.txn(batch)
            batch = []
    if batch:
        etcd.txn(batch)
    return written


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--salvor", required=True, type=lambda p: pathlib.Path(p).resolve())
    parser.add_argument("--port", type=int, default=29540)
    parser.add_argument("etcd_folder", type=lambda p: pathlib.Path(p).resolve())
    parser.add_argument("earlier", type=lambda p: pathlib.Path(p).resolve())
    parser.add_argument("out", type=lambda p: pathlib.Path(p).resolve())
    args = parser.parse_args()
    listed = subprocess.run([args.salvor, "keys", args.earlier, "/registry/", "--prefix", "--keys-only"], check=True, capture_output=True).stdout
    keys = [line for line in listed.split(b"\n") if line]
    folder, etcd, peer = tempfile.mkdtemp(prefix="salvor-bench-", dir=args.out.parent), None, f"http://127.0.0.1:{args.port + 1}"
    try:
        subprocess.run([args.etcd_folder / "etcdutl", "snapshot", "restore", args.earlier, "--data-dir", folder + "/d", "--name", "bench",
                        "--initial-cluster", f"bench={peer}", "--initial-advertise-peer-urls", peer], check=True, capture_output=True)
        etcd = Etcd(args.etcd_folder, folder + "/d", args.port)
        written = rewrite(etcd, keys)
        subprocess.run([args.etcd_folder / "etcdctl", "--endpoints", etcd.client, "snapshot", "save", args.out], check=True, capture_output=True)
    finally:
        if etcd:
            etcd.process.kill()
            etcd.process.wait()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{args.out}: {os.path.getsize(args.out)} bytes, {written} of {len(keys)} keys written anew")


if __name__ == "__main__":
    main()
