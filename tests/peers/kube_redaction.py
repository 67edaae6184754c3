#!/usr/bin/env python3
"""Looks in every output of `salvor get`, in `salvor describe`, in what `salvor carve` prints as objects and in `salvor timeline --carved`, for each Secret's
values, those of carved ones too, plain and as base64: without --show-secrets there must be none. Values of less than 8 bytes, and those that stand elsewhere in the cluster as well, tell nothing and are left
out; binary ones are looked for as base64 alone. Clusters: those of build/testdata, and the folders kube-* in
../shared/data beside the checkout (or where SALVOR_DATA names one). Ends with `N passed, N failed`.

usage: kube_redaction.py --salvor PATH
"""
import argparse, base64, json, os, pathlib, subprocess, sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SHARED = pathlib.Path(os.environ.get("SALVOR_DATA") or ROOT.parent / "shared" / "data")
OUTPUTS = ["yaml", "json", "jsonl", "name", "jsonpath={.items}", "custom-columns=A:.metadata,B:.data,C:.stringData"]


def clusters():
    """(snapshot, further words)"""
    for snapshot in sorted((ROOT / "build" / "testdata" / "real").glob("kube-*/*.db")):
        yield snapshot, []
    for folder in sorted(SHARED.glob("kube-*")):
        config = folder / "encryption-config.yaml"
        for snapshot in sorted(folder.glob("**/snapshot.db")):
            yield snapshot, ["--encryption-config", config] if config.exists() else []


DESCRIBED = "secrets,configmaps,serviceaccounts,pods,events"


def describe(salvor, snapshot, words):
    return subprocess.run([salvor, "describe", snapshot, DESCRIBED, *words], capture_output=True).stdout


def get(salvor, snapshot, words, *further):
    return subprocess.run([salvor, "get", snapshot, *words, *further], capture_output=True).stdout


CARVED = {"carve -o yaml": ["carve", "-o", "yaml"], "carve --objects": ["carve", "--objects", "-o", "json"],
          "timeline --carved": ["timeline", "--carved", "--all", "--deleted", "-o", "json"],
          "all of timeline --carved": ["timeline", "--carved", "--all", "-o", "json"]}


def carved(salvor, snapshot, words, command, *further):
    return subprocess.run([salvor, command[0], snapshot, *command[1:], *words, *further], capture_output=True).stdout


def secrets(salvor, snapshot, words):
    """What must not be seen: (name, text)"""
    objects = [json.loads(line) for line in get(salvor, snapshot, words, "-o", "jsonl", "--show-secrets").splitlines()]
    objects += [json.loads(line) for line in carved(salvor, snapshot, words, ["carve", "--objects", "-o", "jsonl"], "--show-secrets").splitlines()]
    elsewhere = "".join(json.dumps(o, ensure_ascii=False) for o in objects if o["kind"] != "Secret")
    for secret in (o for o in objects if o["kind"] == "Secret"):
        for name, encoded in (secret.get("data") or {}).items():
            value = base64.b64decode(encoded)
            if len(value) < 8:
                continue
            texts = [encoded]
            try:
                texts += [json.dumps(value.decode(), ensure_ascii=False)[1:-1], value.decode()]
            except UnicodeDecodeError:
                pass
            if not any(text in elsewhere for text in texts):
                yield from ((f"{secret['metadata']['name']}/{name}", text) for text in texts)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--salvor", required=True, type=pathlib.Path)
    salvor = parser.parse_args().salvor.resolve()
    passed = failed = 0
    for snapshot, words in clusters():
        hidden = list(secrets(salvor, snapshot, words))
        outputs = [get(salvor, snapshot, words, "--show-managed-fields", "-o", output).decode(errors="replace") for output in OUTPUTS]
        outputs.append(describe(salvor, snapshot, words).decode(errors="replace"))
        outputs += [carved(salvor, snapshot, words, command).decode(errors="replace") for command in CARVED.values()]
        for name, text in hidden:
            seen = [output for output, printed in zip([*OUTPUTS, "describe", *CARVED], outputs) if text in printed]
            passed, failed = passed + (not seen), failed + bool(seen)
            if seen:
                print(f"{snapshot}: {name} is seen in {', '.join(seen)}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
