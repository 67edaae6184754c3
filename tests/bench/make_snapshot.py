#!/usr/bin/env python3
"""Makes the snapshot that the benches run on, with a real etcd: KEYS keys of about 1.6 KB, a tenth of them written
again, a twentieth deleted, some with leases, nothing compacted.

usage: make_snapshot.py ETCD_FOLDER OUT [--keys N] [--port P]      ETCD_FOLDER holds etcd and etcdctl
"""
import argparse, base64, http.client, json, os, pathlib, random, shutil, subprocess, sys, tempfile, time

OPS_IN_TXN = 100  # etcd allows 128


def b64(data):
    return base64.b64encode(data).decode()


class Etcd:
    def __init__(self, folder, data, port):
        self.client = f"http://127.0.0.1:{port}"
        peer = f"http://127.0.0.1:{port + 1}"
        self.port = port
        self.process = subprocess.Popen(
            [folder / "etcd", "--name", "bench", "--data-dir", data, "--listen-client-urls", self.client, "--advertise-client-urls", self.client,
             "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", f"bench={peer}",
             "--quota-backend-bytes", str(8 << 30), "--unsafe-no-fsync", "--log-level", "error"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.connection = None
        for _ in range(100):
            try:
                self.call("/v3/maintenance/status", {})
                return
            except (OSError, http.client.HTTPException):
                self.connection = None
                time.sleep(0.2)
        sys.exit("etcd did not start")

    def call(self, path, body):
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        self.connection.request("POST", path, json.dumps(body))
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise http.client.HTTPException(text.decode()[:200])
        return json.loads(text)

    def txn(self, operations):
        self.call("/v3/kv/txn", {"success": operations})


def value_of(rng, size):
    return rng.randbytes(size // 2) + b"x" * (size - size // 2)


def fill(etcd, keys):
    rng = random.Random(1)
    names = [f"/registry/pods/ns-{i % 997:03d}/pod-{i:07d}".encode() for i in range(keys)]
    leases = [str(etcd.call("/v3/lease/grant", {"TTL": 1000000, "ID": 1000 + i})["ID"]) for i in range(20)]
    rewritten = rng.sample(range(keys), keys // 10)
    batch = []
    for number, i in enumerate([*range(keys), *rewritten]):
        put = {"key": b64(names[i]), "value": b64(value_of(rng, rng.randint(1300, 1950)))}
        if number % 50 == 0:
            put["lease"] = leases[number // 50 % 20]
        batch.append({"requestPut": put})
        if len(batch) == OPS_IN_TXN:
            etcd.txn(batch)
            batch = []
    if batch:
        etcd.txn(batch)
    for start in range(0, keys // 20, OPS_IN_TXN):
        etcd.txn([{"requestDeleteRange": {"key": b64(names[i * 7 % keys])}} for i in range(start, min(start + OPS_IN_TXN, keys // 20))])


def save(etcd_folder, out, port, fill):
    """The snapshot of a new etcd behind what `fill(etcd)` has put into it."""
    out.parent.mkdir(parents=True, exist_ok=True)
    data = tempfile.mkdtemp(prefix="salvor-bench-", dir=out.parent)
    etcd = None
    try:
        etcd = Etcd(etcd_folder, data, port)
        fill(etcd)
        subprocess.run([etcd_folder / "etcdctl", "--endpoints", etcd.client, "snapshot", "save", out],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    finally:
        if etcd:
            etcd.process.kill()
            etcd.process.wait()
        shutil.rmtree(data, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("etcd_folder", type=lambda p: pathlib.Path(p).resolve())
    parser.add_argument("out", type=lambda p: pathlib.Path(p).resolve())
    parser.add_argument("--keys", type=int, default=300_000)
    parser.add_argument("--port", type=int, default=29500)
    args = parser.parse_args()
    save(args.etcd_folder, args.out, args.port, lambda etcd: fill(etcd, args.keys))
    print(f"{args.out}: {os.path.getsize(args.out)} bytes, {args.keys} keys")


if __name__ == "__main__":
    main()
