#!/usr/bin/env python3
"""What `salvor seal` makes, opened by age and zstd themselves, for every kind of recipient; its receipt, checked by openssl.

usage: sealed.py --salvor PATH
"""
import argparse, base64, hashlib, json, pathlib, subprocess, sys, tempfile

from checks import Checks

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SOURCES = ("etcd-3.6/rich.db", "kube-1.36/before.db", "forms/forms/plain.db.gz")


def run(*words, **options):
    done = subprocess.run([str(word) for word in words], capture_output=True, timeout=300, **options)
    if done.returncode != 0:
        sys.exit(f"sealed: {' '.join(map(str, words))}: {done.stderr.decode(errors='replace')}")
    return done.stdout


def recipients(work):
    """For each kind: seal's options, and what opens it: age's and salvor's."""
    run("age-keygen", "-o", work / "key.txt")
    for kind, bits in (("ed25519", []), ("rsa", ["-b", "3072"])):
        run("ssh-keygen", "-q", "-t", kind, *bits, "-N", "", "-f", work / kind)
    age = run("age-keygen", "-y", work / "key.txt").decode().strip()
    (work / "team.txt").write_text(f"# operators\n{age}\n" + (work / "ed25519.pub").read_text() + (work / "rsa.pub").read_text())
    yield "X25519", ["-r", age], work / "key.txt"
    for kind in ("ed25519", "rsa"):
        yield f"ssh-{kind}", ["-r", (work / f"{kind}.pub").read_text().strip()], work / kind
        yield f"a file, {kind}", ["-R", work / "team.txt"], work / kind
    yield "a file, X25519", ["-R", work / "team.txt"], work / "key.txt"


def plain_bytes(source):
    data = source.read_bytes()
    return run("gzip", "-dc", source) if source.suffix == ".gz" else data


def check_receipt(count, work, source):
    """The receipt's signature by openssl, and its digest by hand."""
    run("openssl", "genpkey", "-algorithm", "ed25519", "-out", work / "sign.pem")
    run("openssl", "pkey", "-in", work / "sign.pem", "-pubout", "-out", work / "sign.pub")
    for name, key, public in (("openssl", work / "sign.pem", work / "sign.pub"), ("ssh", work / "ed25519", work / "ed25519.pub")):
        sealed, receipt = work / f"{name}.age", work / f"{name}.receipt"
        run(count.salvor, "seal", source, "--to", sealed, "-R", work / "team.txt", "--receipt", receipt, "--sign-key", key)
        document = json.loads(receipt.read_text())
        (work / "signed").write_text(document["signed"])
        (work / "signature").write_bytes(base64.b64decode(document["signature"]))
        said = json.loads(document["signed"])["sealed"]
        count.same(f"{name}: the receipt's digest", hashlib.sha256(sealed.read_bytes()).hexdigest(), said["sha256"])
        if name == "openssl":
            run("openssl", "pkeyutl", "-verify", "-pubin", "-inkey", public, "-rawin", "-in", work / "signed", "-sigfile", work / "signature")
            count.passed += 1
        run(count.salvor, "verify", sealed, "--receipt", receipt, "--receipt-key", public)
        changed = bytearray(sealed.read_bytes())
        changed[len(changed) // 2] ^= 1
        (work / "changed.age").write_bytes(changed)
        for file in (work / "changed.age", work / "key.txt"):
            done = subprocess.run([count.salvor, "verify", file, "--receipt", receipt], capture_output=True)
            count.same(f"{name}: {file.name} is not what the receipt is of", 1, done.returncode)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--salvor", required=True)
    count = Checks("age", "salvor")
    count.salvor = str(pathlib.Path(parser.parse_args().salvor).resolve())
    with tempfile.TemporaryDirectory(prefix="salvor-sealed-") as folder:
        work = pathlib.Path(folder)
        for number, (kind, words, key) in enumerate(recipients(work)):
            for name in SOURCES:
                source = ROOT / "build/testdata/real" / name
                sealed = work / f"{number}-{source.name}.age"
                run(count.salvor, "seal", source, "--to", sealed, *words)
                by_age = run("zstd", "-dc", input=run("age", "-d", "-i", key, sealed))
                count.same(f"{kind}, {name}: what age and zstd give", plain_bytes(source), by_age)
                run(count.salvor, "open", sealed, "-i", key, "--to", work / f"{number}-{source.name}")
                count.same(f"{kind}, {name}: what salvor opens", plain_bytes(source), (work / f"{number}-{source.name}").read_bytes())
        check_receipt(count, work, ROOT / "build/testdata/real" / SOURCES[0])
    print(f"sealed files: {count.passed} passed, {count.failed} failed")
    return 1 if count.failed or not count.passed else 0


if __name__ == "__main__":
    sys.exit(main())
