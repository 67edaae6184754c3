#!/usr/bin/env python3
"""Runs the suites of the table below, two at a time, shows each one's time and what failed, and ends with
`N passed, N failed` over all. Called by tests/run, which has installed and built what they need.

usage: suites.py [--preset release|dev] [--peers FOLDER] [--long] [--sanitize] [--only SUITE]...
"""
import argparse, concurrent.futures, os, pathlib, re, subprocess, sys, time

ROOT = pathlib.Path(__file__).resolve().parent.parent
SANITIZED = ROOT / "build" / "fuzz" / "bin"
PYTHON = [sys.executable]


class Suite:
    """`alone`: needs both cores or measures; `peers`: needs the programs of tests/peers/build."""
    def __init__(self, name, command, peers=False, sanitize=False, long=False, alone=False):
        self.name, self.command = name, [str(word) for word in command]
        self.peers, self.sanitize, self.long, self.alone = peers, sanitize, long, alone


FORMS = "build/testdata/real/forms/forms"
RICH = "build/testdata/real/etcd-3.6/rich.db"
# Commands that make a new file, each with what it makes it of.
MAKERS = [("replay", "build/testdata/real/member-3.6/m1/m1"), ("open", f"{FORMS}/plain.db.gz"),
          ("recover", RICH), ("compact", RICH), ("defrag", RICH), ("migrate", RICH, "--target-version", "3.5"),
          ("seal", RICH, "-r", "age1a09nnyfl0z4yvug4aef7dclevafp248xaftcu6delw7m75333e0qgzffll")]


def table(long, peers, built):
    """Longest first, so that two at a time end together. `built`: the folder of the programs under test."""
    salvor, faults = built / "salvor", built / "salvor_faults.so"
    run_faults = ["tests/faults/run.py", "--shim", faults]
    new_file = run_faults + ["--target", "{dir}/new.db", "--check", f"sh -c '{salvor} verify -i {FORMS}/identity.txt {{target}} > /dev/null'", "--"]
    return [
        Suite("units", [built / "salvor_tests"]),
        Suite("house", PYTHON + ["tests/house/run.py", "--salvor", salvor]),
        Suite("command line", PYTHON + ["tests/cli/run.py", "--jobs", 1, "--salvor", salvor]),
        Suite("faults, formats/base", PYTHON + run_faults + ["--target", "{dir}/new/out", "--target", "{dir}/new/wal", "--may-refuse", "--",
                                                         built / "salvor_stage", salvor, "{dir}/new/out", "{dir}/new/wal"]),
        *[Suite(f"faults, {words[0]}", PYTHON + new_file + [salvor, *words, "--to", "{dir}/new.db"]) for words in MAKERS],
        Suite("faults, report", PYTHON + run_faults + ["--target", "{dir}/new.html", "--check", "grep -qx '</html>' {target}", "--",
                                                      salvor, "report", RICH, "--to", "{dir}/new.html"]),
        Suite("cookbook", PYTHON + ["tests/cookbook/run.py", "--salvor", salvor]),
        Suite("packages", PYTHON + ["tests/package/run.py", built.parent] + (["--static"] if long else [])),
        Suite("the page in Chromium", PYTHON + ["tests/browser/run.py", "--salvor", salvor]),
        Suite("faults, shrinking input", PYTHON + ["tests/faults/shrink.py", "--shim", faults, "--salvor", salvor]),
        Suite("recorded answers", PYTHON + ["tests/peers/recorded.py", "--salvor", salvor]),
        Suite("kubectl's answers", PYTHON + ["tests/peers/kube_answers.py", "--salvor", salvor]),
        Suite("kubectl's describers", PYTHON + ["tests/peers/kube_describe.py", "--salvor", salvor]),
        Suite("what is known of differences", PYTHON + ["tests/peers/kube_diff.py", "--salvor", salvor]),
        Suite("what etcd's watch told", PYTHON + ["tests/peers/kube_timeline.py", "--salvor", salvor]),
        Suite("kube-apiserver's authorizer", PYTHON + ["tests/peers/kube_can_i.py", "--salvor", salvor, "--count", 1000 if long else 200]),
        Suite("what a search finds", PYTHON + ["tests/peers/kube_search.py", "--salvor", salvor, "--count", 150 if long else 40]),
        Suite("redaction", PYTHON + ["tests/peers/kube_redaction.py", "--salvor", salvor]),
        Suite("Kubernetes' own types", PYTHON + ["tests/peers/kube_api.py", "--render", built / "kube_render"]),
        Suite("Kubernetes' types on real values", PYTHON + ["tests/peers/kube_stored.py", "--salvor", salvor]),
        # Each release is a build of Kubernetes' own code: half of them do for every change.
        Suite("kube-apiserver's conversions", PYTHON + ["tests/peers/kube_convert.py", "--serve", built / "kube_serve"] +
              ([] if long else ["1.21.14", "1.28.15", "1.36.3"])),
        Suite("gardener's folders", PYTHON + ["tests/peers/gardener.py", "--salvor", salvor]),
        Suite("sealed files", PYTHON + ["tests/peers/sealed.py", "--salvor", salvor]),
        Suite("age's own vectors", PYTHON + ["tests/peers/age_vectors.py", "--decrypt", built / "age_decrypt"]),
        Suite("kube-apiserver itself", PYTHON + ["tests/peers/kube_apiserver.py", "--salvor", salvor], peers=True, long=True),
        Suite("etcdctl", PYTHON + ["tests/peers/etcdctl.py", "--salvor", salvor], peers=True),
        Suite("faults, restore", PYTHON + ["tests/faults/restore.py", "--shim", faults, "--salvor", salvor]),
        Suite("units, sanitized", [SANITIZED / "salvor_tests"], sanitize=True),
        Suite("as etcdutl itself", PYTHON + ["tests/peers/standin_compare.py", "--salvor", salvor], peers=True),
        Suite("bbolt reads the writer", PYTHON + ["tests/peers/bbolt_writer.py", built / "salvor_tests"], peers=True),
        Suite("restore boots", PYTHON + ["tests/peers/restore_boot.py", "--salvor", salvor] + (["--long"] if long else []), peers=True),
        Suite("replay", PYTHON + ["tests/peers/replay.py", "--salvor", salvor, "--rounds", 50 if long else 5], peers=True),
        Suite("rewritten files", PYTHON + ["tests/peers/rewrite.py", "--salvor", salvor], peers=True),
        Suite("flawed files", PYTHON + ["tests/flawed/run.py", "--jobs", 1, "--salvor", salvor]),
        Suite("random stores", PYTHON + ["tests/forge/compare.py", "--jobs", 1, "--salvor", salvor, "--peers", peers,
                                         "--count", 1000 if long else 60]),
        Suite("the forge before upstream", PYTHON + ["tests/forge/upstream.py", "--peers", peers] +
              ([] if long else ["--boots", 2]), peers=True),
        Suite("recovered of damaged files", PYTHON + ["tests/peers/recover.py", "--salvor", salvor], peers=True),
        Suite("carved of real snapshots", PYTHON + ["tests/peers/carve.py", "--salvor", salvor], peers=True),
        Suite("recovered of random damages", PYTHON + ["tests/forge/wreck.py", "--jobs", 1, "--salvor", salvor,
                                                       "--count", 10000 if long else 500]),
        Suite("storm", PYTHON + ["tests/forge/storm.py", "--jobs", 1, "--salvor", salvor, "--count", 10000 if long else 200]),
        Suite("storm, sanitized", PYTHON + ["tests/forge/storm.py", "--jobs", 1, "--salvor", SANITIZED / "salvor", "--seed", 2,
                                            "--count", 2000 if long else 200], sanitize=True),
        Suite("clang-tidy", PYTHON + ["tests/house/tidy.py", built.parent], long=True),
        Suite("bench", PYTHON + ["tests/bench/run.py", "--salvor", salvor], peers=True, long=True, alone=True),
        Suite("command line, sanitized", PYTHON + ["tests/cli/run.py", "--jobs", 1, "--salvor", SANITIZED / "salvor"], sanitize=True),
    ]


def fuzz_suites(long):
    rounds = [300] if long else [20, 1]  # seconds, and a seed
    return [Suite(f"fuzz {binary.name[5:]}", PYTHON + ["tests/fuzz/run.py", binary, *rounds], sanitize=True)
            for binary in sorted(SANITIZED.glob("fuzz_*"))]


COUNTS = [
    # Catch2
    (re.compile(r"^All tests passed \(\d+ assertions? in (\d+) test cases?\)$", re.M), lambda m: (int(m[1]), 0, 0)),
    (re.compile(r"^test cases:\s+\d+ \|(?:\s+(\d+) passed \|)?\s+(\d+) failed", re.M), lambda m: (int(m[1] or 0), int(m[2]), 0)),
    # ours
    (re.compile(r"^(?:[^\n:]*: )?(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", re.M), lambda m: (int(m[1]), int(m[2]), int(m[3] or 0))),
]


def counts(output):
    for pattern, read in COUNTS:
        found = list(pattern.finditer(output))
        if found:
            return read(found[-1])
    return None


def run(suite, peers):
    if suite.peers and not peers:
        return suite, 0.0, 0, (0, 0, 1), "skipped: the peers could not be built here"
    environment = dict(os.environ, SALVOR_PEERS=peers, LC_ALL="C.UTF-8",
                       ASAN_OPTIONS="detect_leaks=1:abort_on_error=0", UBSAN_OPTIONS="print_stacktrace=1")
    start = time.monotonic()
    done = subprocess.run(suite.command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors="backslashreplace")
    found = counts(done.stdout)
    if found is None:
        found = (0, 1, 0)
    elif done.returncode != 0 and found[1] == 0:
        found = (found[0], found[1] + 1, found[2])
    return suite, time.monotonic() - start, done.returncode, found, done.stdout


def report(suite, seconds, status, found, output):
    passed, failed, skipped = found
    print(f"{suite.name:<28} {seconds:6.1f} s  {passed} passed, {failed} failed" + (f", {skipped} SKIPPED" if skipped else ""), flush=True)
    if failed or status or skipped:
        print("\n".join("    " + line for line in output.splitlines()[-200:]), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--preset", default="release", help="the build under test")
    parser.add_argument("--peers", default="")
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--sanitize", action="store_true")
    parser.add_argument("--only", action="append", default=[])
    args = parser.parse_args()
    suites = table(args.long, args.peers, ROOT / "build" / args.preset / "bin") + fuzz_suites(args.long)
    suites = [s for s in suites if (args.long or not s.long) and (args.sanitize or args.long or not s.sanitize)
              and (not args.only or s.name in args.only)]
    results = []
    with concurrent.futures.ThreadPoolExecutor(max(1, min(2, os.cpu_count() or 1))) as pool:
        waiting = [pool.submit(run, suite, args.peers) for suite in suites if not suite.alone]
        for done in concurrent.futures.as_completed(waiting):
            results.append(done.result())
            report(*results[-1])
    for suite in suites:
        if suite.alone:
            results.append(run(suite, args.peers))
            report(*results[-1])
    passed, failed, skipped = (sum(result[3][i] for result in results) for i in range(3))
    if skipped and os.environ.get("CI"):
        print(f"{skipped} skipped, and in CI nothing may be")
        failed += skipped
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
