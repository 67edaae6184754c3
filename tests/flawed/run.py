#!/usr/bin/env python3
"""Makes every *.flaw below this folder at each of its page sizes and asks `salvor verify` what is
wrong with it.

The named rule must be found, at its severity, at the place where the forge put the flaw; no other
error may be said unless the file says `also:`; exit status 1 with an error and 0 without; and no
byte of the input may change. Every rule of `salvor verify --list-rules` must have a flaw, and every
flaw a rule.

usage: run.py --salvor PATH [--jobs N] [--keep FOLDER] [NAME...]      NAME as in page/wrong-id
"""

import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from forge import making, output, words  # noqa: E402

TIMEOUT = 60
# Rules that no file of a test's size can break.
NOT_SHOWN = {"history-unchecked": "needs a database of terabytes"}


def digests(top):
    files = [top] if top.is_file() else sorted(path for path in top.rglob("*") if path.is_file())
    found = {}
    for path in files:
        with path.open("rb") as file:
            found[str(path)] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def verify(salvor, asked, path):
    """(exit status, the JSON document or None, stderr)"""
    done = subprocess.run(
        [salvor, "verify", "-o", "json", *asked, path],
        capture_output=True,
        timeout=TIMEOUT,
        stdin=subprocess.DEVNULL,
        cwd=HERE,
    )
    try:
        return done.returncode, json.loads(done.stdout), done.stderr.decode(errors="replace")
    except ValueError:
        return done.returncode, None, done.stderr.decode(errors="replace")


def is_at(found, place):
    """Whether a finding's place is that of the flaw: what both know must agree, and they must share
    something."""
    nothing_known = (
        place.page is None and place.start is None and place.bucket is None and place.file is None
    )
    if nothing_known:
        return True
    agreed = 0
    if place.page is not None and "page" in found:
        if not place.page <= found["page"] < place.page + place.run:
            return False
        agreed += 1
    if place.start is not None and "offset" in found:
        if not place.start <= found["offset"] < place.end:
            return False
        agreed += 1
    for known, said in ((place.bucket, "bucket"), (place.file, "file")):
        if known is not None and said in found:
            if found[said] != known and not found[said].startswith(known + "/"):
                return False
            agreed += 1
    if place.key is not None and "key" in found and place.bucket == found.get("bucket"):
        agreed += 1
    return agreed > 0


def judge(flaw, status, document, place):
    """What is wrong with verify's answer, a sentence each."""
    if document is None:
        yield f"exit {status} and no JSON"
        return
    findings = document["findings"]
    yield from judge_cluster(flaw, document)
    wanted = ([flaw.finds] if flaw.finds else []) + flaw.also
    has_error = any(expected.severity == "error" for expected in wanted)
    if status != (1 if has_error else 0):
        yield f"exit {status}, not {1 if has_error else 0}"
    if document["backup"] != ("flawed" if has_error else "sound"):
        yield f"the backup is called {document['backup']}"
    if flaw.finds:
        yield from judge_find(flaw, [f for f in findings if f["rule"] == flaw.finds.rule], place)
    allowed = {(expected.rule, expected.severity) for expected in wanted}
    said = {(finding["rule"], finding["severity"]) for finding in findings}
    for rule, severity in sorted(said - allowed):
        first = next(f for f in findings if f["rule"] == rule)
        if flaw.loses_rows and first["layer"] in ("record", "revision"):
            continue
        if (
            severity == "error"
            or first["layer"] in ("object", "reference")
            or (severity == "warning" and not flaw.finds)
        ):
            yield f"also says {rule} {severity}: {first['message']} at {first['place']}"
    for rule, severity in sorted(
        allowed - said - {(flaw.finds.rule, flaw.finds.severity) if flaw.finds else ()}
    ):
        yield f"does not say {rule} {severity}"


def judge_cluster(flaw, document):
    concerns = any(
        finding["about"] == "cluster" and finding["severity"] != "note"
        for finding in document["findings"]
    )
    verdict = "concerns" if concerns else "clear"
    if not flaw.base.has("Kubernetes"):
        verdict = "unchecked"
    if document["cluster"] != verdict:
        yield f"the cluster is called {document['cluster']}, not {verdict}"


def judge_find(flaw, found, place):
    if not found:
        yield f"does not find {flaw.finds.rule}"
        return
    if found[0]["severity"] != flaw.finds.severity:
        yield f"{flaw.finds.rule} is a {found[0]['severity']}, not a {flaw.finds.severity}"
    if not any(is_at(f["place"], place) for f in found):
        yield f"{flaw.finds.rule} is found at {found[0]['place']}, the flaw is at {place}"
    if flaw.says and not any(flaw.says in f["message"] for f in found):
        yield f"{flaw.finds.rule} says {found[0]['message']!r}, not {flaw.says!r}"


def run_one(salvor, flaw, page_size, keep):
    """The complaints about one file."""
    with tempfile.TemporaryDirectory(prefix="salvor-flawed-") as folder:
        folder = pathlib.Path(keep or folder).resolve() / f"{flaw.name.replace('/', '-')}-{page_size}"
        forged, place = making.make(flaw, page_size)
        source = output.write(forged, folder)
        before = digests(source)
        status, document, stderr = verify(salvor, flaw.asked, source)
        complaints = list(judge(flaw, status, document, place))
        if digests(source) != before:
            complaints.append("the input was changed")
        if complaints and stderr:
            complaints.append("stderr: " + stderr.strip())
        return complaints


def check_table(salvor, flaws):
    """Every rule has a flaw, every flaw names a rule of that severity."""
    done = subprocess.run(
        [salvor, "verify", "--list-rules", "-o", "json"], capture_output=True, check=True
    )
    listed = json.loads(done.stdout)
    rules = {
        rule["rule"]: rule for rule in (listed["rules"] if isinstance(listed, dict) else listed)
    }
    named = {}
    for flaw in flaws:
        for expected in ([flaw.finds] if flaw.finds else []) + flaw.also:
            if expected.rule not in rules:
                yield f"{flaw.name}: there is no rule {expected.rule}"
        if flaw.finds:
            named.setdefault(flaw.finds.rule, flaw.name)
    for rule in rules:
        if rule not in named and rule not in NOT_SHOWN:
            yield f"rule {rule} has no flaw"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--salvor", required=True)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--keep", help="leave the files in this folder")
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    salvor = str(pathlib.Path(args.salvor).resolve())
    flaws = words.read_all(HERE)
    failures = [] if args.names else list(check_table(salvor, flaws))
    passed = 0 if args.names or failures else 1
    flaws = [flaw for flaw in flaws if not args.names or flaw.name in args.names]
    with concurrent.futures.ProcessPoolExecutor(args.jobs) as pool:
        jobs = {
            (flaw.name, size): pool.submit(run_one, salvor, flaw, size, args.keep)
            for flaw in flaws
            for size in flaw.page_sizes
        }
        for (name, size), job in jobs.items():
            complaints = job.result()
            passed += not complaints
            if complaints:
                failures.append(f"{name} at {size}: " + "\n    ".join(complaints))
    for failure in failures:
        print(failure)
    print(f"flawed files: {passed} passed, {len(failures)} failed")
    return 1 if failures or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
