#!/usr/bin/env python3
"""Opens C2SP/CCTV's age vectors, which the Go module c2sp.org/CCTV/age carries (downloaded when this runs), and
compares what comes of each with what the vector says. Vectors for hybrid recipients get one sentence that names age 1.3.

usage: age_vectors.py --decrypt PROGRAM     PROGRAM: age_decrypt
"""
import argparse, json, pathlib, subprocess, sys, tempfile, zlib

MODULE = "c2sp.org/CCTV/age@v0.0.0-20251208015420-e9274a7bdbfd"
# What the vector expects, and how the sentence for it begins or which words it has.
SENTENCES = {
    "no match": ("none of the", "it is encrypted", "the passphrase is wrong"),
    "HMAC failure": ("age header: its authentication code is wrong",),
    "header failure": ("age header",),
    # What is not known for an armor is no header either.
    "armor failure": ("age armor", "age header: its first line is"),
    "payload failure": ("age payload", "age armor", "age header: the file ends within the nonce"),
}


def vectors():
    done = subprocess.run(["go", "mod", "download", "-json", MODULE], cwd=tempfile.gettempdir(), capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"age_vectors: {MODULE} could not be downloaded: {done.stderr or done.stdout}")
    return sorted((pathlib.Path(json.loads(done.stdout)["Dir"]) / "testdata").iterdir())


def parse(path):
    head, _, body = path.read_bytes().partition(b"\n\n")
    fields = {}
    for line in head.decode().splitlines():
        name, _, value = line.partition(": ")
        fields.setdefault(name, []).append(value)
    return fields, zlib.decompress(body) if fields.get("compressed") == ["zlib"] else body


def flaw(program, path, work):
    fields, body = parse(path)
    (work / "file").write_bytes(body)
    (work / "identity").write_text("\n".join(fields.get("identity", [])))
    passphrase = fields.get("passphrase", [""])[0]
    done = subprocess.run([program, work / "file", passphrase, work / "identity"], capture_output=True, text=True, timeout=120)
    said, expect = done.stdout.strip(), fields["expect"][0]
    if any(line.startswith("AGE-SECRET-KEY-PQ") for line in fields.get("identity", [])):
        return None if done.returncode == 1 and "age 1.3" in said and "\n" not in said else f"hybrid: {said}"
    if done.returncode not in (0, 1) or "\n" in said or done.stderr:
        return f"exit status {done.returncode}: {said} {done.stderr[-300:]}"
    if expect == "success":
        return None if said == fields["payload"][0] else f"not its payload: {said}"
    return None if said.startswith(SENTENCES[expect]) else f"{expect}, but: {said}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--decrypt", required=True)
    options = parser.parse_args()
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="salvor-age-") as work:
        for path in vectors():
            found = flaw(str(pathlib.Path(options.decrypt).resolve()), path, pathlib.Path(work))
            passed, failed = passed + (found is None), failed + (found is not None)
            if found:
                print(f"{path.name}: {found}")
    print(f"age vectors: {passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
