#!/usr/bin/env python3
"""Compares `salvor describe` with kubectl's, byte for byte: with the answers that kubectl gave of single objects of the
folders kube-* in ../shared/data beside the checkout (or where SALVOR_DATA names one), and with what kubectl's own
describers (the Go module k8s.io/kubectl, in kube_describe/) make of every object of them, by a server that knows
nothing but kubectl's lists of the same objects. What cannot be equal is in UNEQUAL, with the reason. Without the folder
all is skipped, without Go's modules the second half. Ends with `N passed, N failed`.

usage: kube_describe.py --salvor PATH
"""
import argparse, concurrent.futures, difflib, json, os, pathlib, re, shutil, subprocess, sys, tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SHARED = pathlib.Path(os.environ.get("SALVOR_DATA") or ROOT.parent / "shared" / "data")
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "salvor" / "kube_describe"
RELEASES = {"kube-1.28-etcd-3.5-at-rest": "0.28.15", "kube-1.36-etcd-3.7": "0.36.3"}  # of k8s.io/kubectl

UNEQUAL = {"events.events.k8s.io": "events.k8s.io shows the stored core Event in another shape"}  # resource -> reason
# Resources whose lines may stand in another order -> why.
UNORDERED = {"limitranges": "kubectl leaves the order of a limit's resources to chance",
             "namespaces": "kubectl leaves the order of a limit's resources to chance",
             "configmaps": "kubectl before 1.34 leaves the order of data to chance",
             "secrets": "kubectl before 1.34 leaves the order of data to chance"}


def clusters():
    """(name, snapshot, answers, further words)"""
    for folder in sorted(SHARED.glob("kube-*")):
        config = folder / "encryption-config.yaml"
        words = ["--encryption-config", config] if config.exists() else []
        for answers in sorted(folder.glob("**/answers")):
            yield folder.name, answers.parent / "snapshot.db", answers, words


def describe(salvor, snapshot, words, resource, name, namespace, nows, expected):
    """What salvor says, counted from the first of two times with which it is as expected, else from the last."""
    place = ["-n", namespace] if namespace else []
    for now in nows:
        done = subprocess.run([salvor, "describe", snapshot, resource, name, *place, *words, "--show-secrets", "--as-kubectl",
                               "--now", now], capture_output=True)
        if done.stdout == expected:
            break
    return done


def kept_cases():
    """(what, snapshot, words, resource, name, namespace, times, expected)"""
    for cluster, snapshot, answers, words in clusters():
        rows = [line.split("\t") for line in (answers / "times.tsv").read_text().splitlines()]
        times = {row[0]: row[1:3] for row in rows}
        for path in sorted((answers / "objects").glob("*/*/*.describe.txt")):
            namespace = "" if path.parent.name == "_cluster" else path.parent.name
            what = path.relative_to(SHARED)
            yield (what, snapshot, words, path.parent.parent.name, path.name.removesuffix(".describe.txt"), namespace,
                   times[str(path.relative_to(answers))], path.read_bytes())


def built(release):
    """The program with one release's describers; None where its modules cannot be had."""
    folder = CACHE / release
    program = folder / "kube_describe"
    source = HERE / "kube_describe" / "main.go"
    if program.exists() and (folder / "main.go").read_text() == source.read_text():
        return program
    if not shutil.which("go"):
        return None
    folder.mkdir(parents=True, exist_ok=True)
    modules = "".join(f"\tk8s.io/{name} v{release}\n" for name in ("apimachinery", "client-go", "kubectl"))
    (folder / "go.mod").write_text(f"module kube_describe\n\ngo 1.21\n\nrequire (\n{modules})\n")
    (folder / "main.go").write_text(source.read_text())
    for command in (["go", "mod", "tidy"], ["go", "build", "-o", program, "."]):
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        if done.returncode != 0:
            print(f"k8s.io/kubectl v{release}: {done.stderr.strip()[-300:]}")
            return None
    return program


def live_cases(release_of):
    """The same of every object, as kubectl's own code describes it now."""
    for cluster, snapshot, answers, words in clusters():
        program = release_of(RELEASES[cluster])
        if not program:
            continue
        done = subprocess.run([program, answers / "kubectl"], capture_output=True, text=True, check=True)
        lines = [json.loads(line) for line in done.stdout.split("\n")[:-1]]
        times = [lines[0]["began"], lines[-1]["ended"]]
        for line in lines[1:-1]:
            what = f"{cluster}/{answers.parent.name} {line['resource']} {line['namespace']}/{line['name']}"
            if "error" in line:
                print(f"{what}: kubectl: {line['error']}")
                continue
            yield what, snapshot, words, line["resource"], line["name"], line["namespace"], times, line["text"].encode()


def compare(salvor, cases):
    """(passed, failed, reason -> how many were unequal for it)"""
    passed, failed, known = 0, 0, {}
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for case, done in pool.map(lambda c: (c, describe(salvor, *c[1:])), cases):
            what, resource, expected = case[0], case[3], case[-1]
            if done.stdout == expected:
                passed += 1
            elif resource in UNORDERED and sorted(done.stdout.splitlines()) == sorted(expected.splitlines()):
                known[UNORDERED[resource]] = known.get(UNORDERED[resource], 0) + 1
            elif resource in UNEQUAL:
                known[UNEQUAL[resource]] = known.get(UNEQUAL[resource], 0) + 1
            else:
                failed += 1
                lines = difflib.unified_diff(expected.decode(errors="replace").splitlines(),
                                             done.stdout.decode(errors="replace").splitlines(), "kubectl", "salvor", lineterm="", n=1)
                shown = "\n".join("    " + line[:200] for line in list(lines)[:24])
                print(f"{what}: {done.stderr.decode(errors='replace').strip()}\n{shown}")
    return passed, failed, known


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--salvor", required=True, type=pathlib.Path)
    arguments = parser.parse_args()
    programs = {release: built(release) for release in RELEASES.values()} if SHARED.exists() else {}
    skipped = sum(program is None for program in programs.values()) or (not SHARED.exists())
    passed = failed = 0
    for cases in (kept_cases(), live_cases(programs.get)):
        good, bad, known = compare(arguments.salvor.resolve(), cases)
        passed, failed = passed + good, failed + bad
        for why, count in known.items():
            print(f"{count} not equal: {why}")
    print(f"{passed} passed, {failed} failed" + (f", {int(skipped)} skipped" if skipped else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
