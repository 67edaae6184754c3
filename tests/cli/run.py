#!/usr/bin/env python3
"""Runs the command-line tests: every *.test below this folder, each a text file of steps.

    a claim in one sentence (the first line)
    needs root                                 optional, the second line: skipped for others
    $ salvor info real/etcd-3.6/rich.db        a step: one line of sh, run in a new folder of the test's own
    the expected stdout, to the letter
    --- stderr                                 optional; without it stderr must be empty
    the expected stderr
    --- exit 1                                 optional; without it the step must exit with 0

In expected text a line `...` stands for any lines, `[..]` within a line for anything in it. A further step
sees the files of the one before. `salvor` is the program under test; the words real/ and flawed/
at the start of a path are build/testdata, made by tests/unpack from testdata/, and their digests must be the same after every step.

usage: run.py [--update] [--jobs N] --salvor PATH [TEST...]
"""
import argparse, concurrent.futures, difflib, hashlib, os, pathlib, re, shutil, subprocess, sys, tempfile

HERE = pathlib.Path(__file__).resolve().parent
TESTDATA = HERE.parent.parent / "build" / "testdata"
STEP_TIMEOUT = 120
NEEDS_ROOT = "needs root"


def digests(command):
    """Of every file of testdata that the command names, and what stat says of all the others."""
    found = {}
    for word in re.findall(r"\b(?:real|flawed)/[^\s'\"|;>]+", command):
        top = TESTDATA / word
        for path in [top] if top.is_file() else sorted(top.rglob("*")):
            if path.is_file():
                with path.open("rb") as file:
                    found[str(path)] = hashlib.file_digest(file, "sha256").hexdigest()
    for path in TESTDATA.rglob("*"):
        status = path.lstat()
        found.setdefault(str(path), (status.st_size, status.st_mtime_ns, status.st_ctime_ns))
    return found


class Step:
    def __init__(self, command):
        self.command, self.stdout, self.stderr, self.exit = command, [], [], 0


def parse(path):
    lines = path.read_text().splitlines()
    steps, into = [], None
    for number, line in enumerate(lines[1:], 2):
        if number == 2 and line == NEEDS_ROOT:
            continue
        if line.startswith("$ "):
            steps.append(Step(line[2:]))
            into = steps[-1].stdout
        elif not steps:
            if line.strip():
                sys.exit(f"{path}:{number}: text before the first step")
        elif line == "--- stderr":
            into = steps[-1].stderr
        elif line.startswith("--- exit "):
            steps[-1].exit = int(line.split()[2])
            into = None
        elif into is not None:
            into.append(line)
        elif line.strip():
            sys.exit(f"{path}:{number}: text behind the exit status")
    return lines[0], steps


def matches(expected, actual):
    """Line by line; `...` takes as few lines as do."""
    def line_matches(pattern, line):
        return re.fullmatch(".*".join(re.escape(part) for part in pattern.split("[..]")), line, re.S) is not None
    def at(i, j):
        while i < len(expected):
            if expected[i] == "...":
                return any(at(i + 1, k) for k in range(j, len(actual) + 1))
            if j >= len(actual) or not line_matches(expected[i], actual[j]):
                return False
            i, j = i + 1, j + 1
        return j == len(actual)
    return at(0, 0)


def needs_root(path):
    return path.read_text().splitlines()[1:2] == [NEEDS_ROOT]


def trimmed(lines):
    while lines and lines[-1] == "":
        lines = lines[:-1]
    return lines


def environment(salvor, folder):
    bin_folder = folder / "bin"
    bin_folder.mkdir()
    (bin_folder / "salvor").symlink_to(salvor)
    (bin_folder / "etcdutl").symlink_to(salvor)
    return {"PATH": f"{bin_folder}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8", "HOME": str(folder),
            "TZ": "UTC", "TESTDATA": str(TESTDATA)}


def run_test(path, salvor, update):
    claim, steps = parse(path)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="salvor-cli-"))
    failures = []
    try:
        env = environment(salvor, folder)
        work = folder / "work"
        work.mkdir()
        for name in ("real", "flawed"):
            if (TESTDATA / name).exists():
                (work / name).symlink_to(TESTDATA / name)
        for step in steps:
            before = digests(step.command)
            done = subprocess.run(["sh", "-c", step.command], cwd=work, env=env, stdin=subprocess.DEVNULL,
                                  capture_output=True, timeout=STEP_TIMEOUT)
            stdout = trimmed(done.stdout.decode("utf-8", "backslashreplace").splitlines())
            stderr = trimmed(done.stderr.decode("utf-8", "backslashreplace").splitlines())
            for name, expected, actual in (("stdout", step.stdout, stdout), ("stderr", step.stderr, stderr)):
                if not matches(trimmed(expected), actual):
                    diff = "\n".join(difflib.unified_diff(trimmed(expected), actual, "expected", "actual", lineterm="", n=1))
                    failures.append(f"$ {step.command}\n{name} differs:\n{diff}")
            if done.returncode != step.exit:
                failures.append(f"$ {step.command}\nexit {done.returncode}, expected {step.exit}")
            if digests(step.command) != before:
                failures.append(f"$ {step.command}\nchanged a file of testdata")
            if update:
                step.stdout, step.stderr, step.exit = stdout, stderr, done.returncode
    except subprocess.TimeoutExpired as hung:
        failures.append(f"did not end within {hung.timeout} s: {hung.cmd[-1]}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if update and failures:
        write(path, claim + (f"\n{NEEDS_ROOT}" if needs_root(path) else ""), steps)
    return path, claim, failures


def write(path, claim, steps):
    out = [claim]
    for step in steps:
        out += [f"$ {step.command}", *step.stdout]
        if step.stderr:
            out += ["--- stderr", *step.stderr]
        if step.exit:
            out += [f"--- exit {step.exit}"]
    path.write_text("\n".join(out) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--salvor", required=True)
    parser.add_argument("--update", action="store_true", help="write what the program says into the tests; then read the diff")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("tests", nargs="*")
    args = parser.parse_args()
    salvor = pathlib.Path(args.salvor).resolve()
    tests = sorted(pathlib.Path(t).resolve() for t in args.tests) or sorted(HERE.rglob("*.test"))
    skipped = [test for test in tests if needs_root(test) and os.geteuid() != 0]
    for test in skipped:
        print(f"SKIPPED {test.relative_to(HERE)}: it needs root")
    tests = [test for test in tests if test not in skipped]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for path, claim, failures in pool.map(lambda t: run_test(t, salvor, args.update), tests):
            if failures:
                failed += 1
                print(f"FAILED {path.relative_to(HERE) if path.is_relative_to(HERE) else path}: {claim}")
                print("\n".join(failures))
    print(f"command line: {len(tests) - failed} passed, {failed} failed" + (f", {len(skipped)} skipped" if skipped else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
