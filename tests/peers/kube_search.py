#!/usr/bin/env python3
"""Compares which objects `salvor search -l` finds with which of those that `salvor get -o jsonl --show-secrets` prints have
the text in a line of some field, in a name that a user chose, in base64 or in their key, as Python finds it: for parts of
fields taken at random, as texts, in any case and as expressions, of the real Kubernetes snapshots of testdata. A search
opens only what may match by its stored bytes; nothing of what it leaves out may match. Ends with `N passed, N failed`.

usage: kube_search.py --salvor PATH [--count N] [--seed N]
"""
import argparse, base64, concurrent.futures, json, pathlib, random, re, subprocess, sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SNAPSHOTS = ["kube-1.36/after.db", "kube-1.36/before.db"]
CHOSEN = {"labels", "annotations", "data", "stringData", "binaryData", "matchLabels", "nodeSelector", "selector", "capacity"}
OF_THE_SCHEMA = {"matchLabels", "matchExpressions"}  # a selector's own members, where it is no map
LEAST_BASE64 = 4  # of a text that is looked for in base64


def is_bytes(kind, path):
    return (path[-1] == "caBundle" or kind == "CertificateSigningRequest" and path[-1] in ("request", "certificate")
            or len(path) == 2 and (kind, path[0]) in (("Secret", "data"), ("ConfigMap", "binaryData")))


def texts(value, kind, path=()):
    """(bytes, whether they are text) of all fields, and of chosen names."""
    if isinstance(value, dict):
        for name, member in value.items():
            if path and path[-1] in CHOSEN and name not in OF_THE_SCHEMA:
                yield name.encode(), False
            yield from texts(member, kind, path + (name,))
    elif isinstance(value, list):
        for item in value:
            yield from texts(item, kind, path + (str(len(path)),))
    elif isinstance(value, Spelled):
        yield value.encode(), False
    elif isinstance(value, str):
        if path and is_bytes(kind, path):
            yield base64.b64decode(value), False
        else:
            yield value.encode(), True
    elif value is not None:
        yield json.dumps(value).encode(), False


def in_base64(text):
    """What stands in it in base64, wherever a run of digits begins."""
    for run in re.findall(rb"[A-Za-z0-9+/_-]{6,}", text):
        run = run.translate(bytes.maketrans(b"-_", b"+/"))
        for skip in range(4):
            digits = run[skip:]
            digits += b"A" * (-len(digits) % 4)
            yield base64.b64decode(digits)


class Spelled(str):
    """A number as it is written."""


class Snapshot:
    def __init__(self, salvor, path):
        self.path, self.objects = path, {}
        done = subprocess.run([salvor, "get", path, "-o", "jsonl", "--show-secrets", "--show-managed-fields"], check=True, capture_output=True)
        for line in done.stdout.splitlines():
            value = json.loads(line, parse_float=Spelled)
            group = value["apiVersion"].rpartition("/")[0]
            name = group, value["kind"], value["metadata"].get("namespace", ""), value["metadata"].get("name", "")
            fields = list(texts(value, value["kind"]))
            self.objects.setdefault(name, []).extend(fields)
        self.fields = [text for fields in self.objects.values() for text, _ in fields if len(text) >= 3]


def expected(snapshot, holds, base64_too):
    found = set()
    for name, fields in snapshot.objects.items():
        for text, is_text in fields:
            body = text[:-1] if text.endswith(b"\n") else text
            if any(holds(line) for line in body.split(b"\n")) or base64_too and is_text and any(
                    holds(line) for part in in_base64(text) for line in part.split(b"\n")):
                found.add(name)
                break
    return found


def question(snapshot, dice):
    """(options, text, holds, whether base64 is looked into)"""
    while True:
        field = dice.choice(snapshot.fields)
        start = dice.randrange(len(field) - 2)
        text = field[start:start + dice.choice([3, 4, 5, 8, 12, 30])]
        try:
            word = text.decode()
        except UnicodeDecodeError:
            continue
        if "\n" not in word and "\0" not in word and not word.startswith("-") and word.isprintable():
            break
    way = dice.choice(["text", "text", "any case", "expression"])
    if way == "text":
        return ["-F"], word, lambda line: text in line, len(text) >= LEAST_BASE64
    if way == "any case" and word.isascii() and not set("ksKS") & set(word):
        pattern = re.compile(re.escape(text), re.I)
        return ["-F", "-i"], dice.choice([word.upper(), word.lower()]), lambda line: bool(pattern.search(line)), False
    middle = len(word) // 2
    before, behind = (re.sub(r"([^\w ])", r"\\\1", part) for part in (word[:middle], word[middle + 1:]))
    if not word.isascii():
        return ["-F"], word, lambda line: text in line, len(text) >= LEAST_BASE64
    # RE2's dot matches no byte that is no UTF-8.
    pattern = re.compile(f"{before}[^\udc80-\udcff]{behind}")
    return [], f"{before}.{behind}", lambda line: bool(pattern.search(line.decode("utf-8", "surrogateescape"))), False


def ours(salvor, snapshot, options, text):
    done = subprocess.run([salvor, "search", snapshot.path, "-l", "-o", "jsonl", *options, "-e", text], capture_output=True, text=True)
    if done.returncode not in (0, 1) or (done.returncode == 0) != bool(done.stdout):
        return f"exit {done.returncode}: {done.stderr}"
    return [json.loads(line) for line in done.stdout.splitlines()]


def compare(salvor, snapshot, plural, asked):
    options, text, holds, base64_too = asked
    answer = ours(salvor, snapshot, options, text)
    if isinstance(answer, str):
        return answer
    # What the key alone holds is told as well, and what is no object.
    found = {row["key"]: (row.get("resource"), row.get("namespace"), row.get("name")) for row in answer}
    mine = {plural[key] for key in found if key in plural}
    his = expected(snapshot, holds, base64_too)
    by_key = {plural[key] for key in found if key in plural and holds(key.encode())}
    if mine - by_key <= his and his <= mine:
        return None
    return f"{options} {text!r}: only salvor {sorted(mine - by_key - his)[:3]}, only Python {sorted(his - mine)[:3]}"


def keys_of(salvor, snapshot):
    """From a key to the name under which the object is known here."""
    done = subprocess.run([salvor, "search", snapshot.path, "-l", "-o", "jsonl", "."], check=True, capture_output=True, text=True)
    names, known = {}, {}
    for row in map(json.loads, done.stdout.splitlines()):
        if "resource" in row:
            known[row["key"]] = row
    by_place = {}
    for name in snapshot.objects:
        by_place.setdefault((name[2], name[3]), []).append(name)
    for key, row in known.items():
        group = row["resource"].partition(".")[2]
        plural = row["resource"].partition(".")[0]
        fits = [name for name in by_place.get((row["namespace"], row["name"]), [])
                if name[0] == group and plural.rstrip("s")[:4] == name[1].lower()[:len(plural.rstrip("s")[:4])]]
        fits.sort(key=lambda name: abs(len(name[1]) - len(plural)))
        if fits:
            names[key] = fits[0]
    return names


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--salvor", required=True, type=pathlib.Path)
    parser.add_argument("--count", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    salvor, passed, failed = arguments.salvor.resolve(), 0, 0
    for path in SNAPSHOTS:
        snapshot = Snapshot(salvor, ROOT / "build/testdata/real" / path)
        plural, dice = keys_of(salvor, snapshot), random.Random(arguments.seed)
        questions = [question(snapshot, dice) for _ in range(arguments.count)]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            flaws = [flaw for flaw in pool.map(lambda asked: compare(salvor, snapshot, plural, asked), questions) if flaw]
        print(*flaws[:12], sep="\n")
        print(f"{path}: {len(plural)} of {len(snapshot.objects)} objects have their key")
        passed, failed = passed + len(questions) - len(flaws), failed + len(flaws)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
