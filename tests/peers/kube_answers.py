#!/usr/bin/env python3
"""Compares `salvor get` with what kubectl printed of the same clusters, byte for byte: lists, tables, ages and all, and
single objects of the folders kube-* in ../shared/data beside the checkout (or where SALVOR_DATA names one). What cannot be equal from
a file alone is in UNEQUAL, with the reason; an entry that is equal after all fails. Without the folder all is skipped.
Ends with `N passed, N failed`.

usage: kube_answers.py --salvor PATH [--show]
"""
import argparse, concurrent.futures, difflib, os, pathlib, re, subprocess, sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SHARED = pathlib.Path(os.environ.get("SALVOR_DATA") or ROOT.parent / "shared" / "data")

NEXT_LINE = "kubectl prints U+0085 as a space, salvor as \\N"
UNEQUAL = {}  # resource -> reason, of yaml and json
# Of selectors.txt.
SELECTORS_UNEQUAL = {"pods -A --sort-by=.spec.nodeName": "kubectl's sort leaves the order of equal keys to chance"}


def clusters():
    """(name, snapshot, answers, further words)"""
    for folder in sorted(SHARED.glob("kube-*")):
        config = folder / "encryption-config.yaml"
        words = ["--encryption-config", config] if config.exists() else []
        for answers in sorted(folder.glob("**/answers")):
            yield folder.name, answers.parent / "snapshot.db", answers, words


def cases():
    """(cluster, what, resource, words, file)"""
    for cluster, snapshot, answers, words in clusters():
        words = [snapshot, "--show-secrets", "--as-served", *words]
        for path in sorted((answers / "kubectl").glob("*.*")):
            resource, _, form = path.name.rpartition(".")
            if form in ("yaml", "json"):
                yield cluster, resource, ["get", *words, resource, "-o", form, "--show-managed-fields"], path
        for path in sorted((answers / "kubectl-other-versions").glob("*.yaml")):
            yield cluster, path.stem, ["get", *words, path.stem, "-o", "yaml"], path
        for path in sorted((answers / "objects").glob("*/*/*")):
            name, form = re.fullmatch(r"(.*?)((?:\.mf)?\.(?:yaml|json)|\.name\.txt|\.describe\.txt)", path.name).groups()
            if form == ".describe.txt":
                continue
            namespace = [] if path.parent.name == "_cluster" else ["-n", path.parent.name]
            output = {".yaml": "yaml", ".json": "json", ".txt": "name"}[path.suffix]
            fields = ["--show-managed-fields"] if ".mf" in form else []
            resource = path.parent.parent.name
            yield cluster, resource, ["get", *words, resource, name, *namespace, "-o", output, *fields], path


def selector_cases():
    """(what, words, output): the commands of selectors.txt, which are kubectl's own"""
    for cluster, snapshot, answers, words in clusters():
        for block in (answers / "selectors.txt").read_text().split("$ kubectl get ")[1:]:
            command, _, output = block.partition("\n")
            # Shell quotes are gone from the file: a selector with blanks ends at the next option.
            typed = re.findall(r"-l .*?(?= -)|--\S+|-\S+|\S+", command)
            typed = [part for word in typed for part in (["-l", word[3:]] if word.startswith("-l ") else [word])]
            yield f"{cluster}/{answers.parent.name}: {command}", ["get", snapshot, *typed, *words], output


def table_cases():
    """(resource, words without --now, times between which kubectl ran, file)"""
    for _, snapshot, answers, words in clusters():
        rows = [line.split("\t") for line in (answers / "times.tsv").read_text().splitlines()]
        times = {row[0]: row[1:3] for row in rows}
        for path in sorted((answers / "kubectl").glob("*.txt")):
            resource, form, _ = path.name.rsplit(".", 2)
            yield resource, ["get", snapshot, resource, "-o", form, *words], times[f"kubectl/{path.name}"], path


def compare_tables(salvor):
    """(passed, failed): with the time at which kubectl began or ended, ages are equal, too"""
    def compare(case):
        words, times, path = case[1:]
        expected = path.read_bytes()
        for now in times:
            done = subprocess.run([salvor, *words, "--now", now], capture_output=True)
            if done.stdout == expected:
                break
        return case, done, expected

    passed, failed = 0, 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for (*_, path), done, expected in pool.map(compare, table_cases()):
            same = done.stdout == expected
            passed += same
            if not same:
                failed += 1
                print(f"{path.relative_to(SHARED)}: {done.stderr.decode(errors='replace').strip()}\n{show(done.stdout, expected)}")
    return passed, failed


def compare_selectors(salvor):
    """(passed, failed)"""
    passed, failed = 0, 0
    for what, words, expected in selector_cases():
        done = subprocess.run([salvor, *words], capture_output=True, text=True)
        reasons = [why for part, why in SELECTORS_UNEQUAL.items() if part in what]
        same = done.stdout.strip() == expected.strip()
        if same != bool(reasons):
            passed += same
            continue
        failed += 1
        print(f"{what}: {'is equal after all' if same else done.stderr.strip()}\n{show(done.stdout.encode(), expected.encode())}")
    return passed, failed


def is_next_line_alone(found, expected):
    """Whether the two differ in nothing but lines in which ours has a U+0085."""
    ours, theirs = found.splitlines(), expected.splitlines()
    return len(ours) == len(theirs) and all(a == b or b"\\N" in a for a, b in zip(ours, theirs))


def run(salvor, case):
    cluster, resource, words, path = case
    done = subprocess.run([salvor, *words], capture_output=True)
    return case, done.stdout, done.stderr, path.read_bytes()


def show(found, expected):
    lines = difflib.unified_diff(expected.decode(errors="replace").splitlines(), found.decode(errors="replace").splitlines(),
                                 "kubectl", "salvor", lineterm="", n=1)
    return "\n".join("    " + line[:200] for line in list(lines)[:24])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--salvor", required=True, type=pathlib.Path)
    parser.add_argument("--show", action="store_true", help="the differences that have a reason, too")
    arguments = parser.parse_args()
    passed, failed, known, needless = 0, 0, {}, {}
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for case, found, errors, expected in pool.map(lambda c: run(arguments.salvor.resolve(), c), cases()):
            cluster, resource, words, path = case
            why = UNEQUAL.get(resource)
            if found == expected:
                passed += 1
                needless.setdefault((cluster, resource), bool(why))
                continue
            if is_next_line_alone(found, expected):
                known.setdefault(NEXT_LINE, []).append(path)
                continue
            if why:
                known.setdefault(why, []).append(path)
                needless[cluster, resource] = False
            else:
                failed += 1
            if not why or arguments.show:
                print(f"{path.relative_to(SHARED)}: {errors.decode(errors='replace').strip()}\n{show(found, expected)}")
    for (cluster, resource), is_needless in needless.items():
        if is_needless:
            failed += 1
            print(f"{cluster} {resource}: is equal, so UNEQUAL has no need to name it")
    for compare in (compare_tables, compare_selectors):
        equal, differing = compare(arguments.salvor.resolve())
        passed, failed = passed + equal, failed + differing
    for why, paths in known.items():
        print(f"{len(paths)} not equal: {why}")
    print(f"{passed} passed, {failed} failed" + ("" if passed else ", 1 skipped"))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
