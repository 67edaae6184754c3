#!/usr/bin/env python3
"""Compares what salvor serves of stored objects, `--as-served`, with what kube-apiserver's own code makes of them: for
each release of RELEASES a Go program (kube_convert/, built with that release's k8s.io/kubernetes into the cache) makes
objects of every kind, stored in every version that the release knows, and says what is served of each in every version;
besides it takes the testdata of k8s.io/api. Both sides' JSON must be equal as values. What cannot be is in UNEQUAL, with
the reason. Without Go, or a release's modules, that release is skipped. Ends with `N passed, N failed`.

usage: kube_convert.py --serve PATH [--count N] [--show N] [RELEASE...]     PATH: the program kube_serve
"""
import argparse, json, os, pathlib, re, shutil, subprocess, sys, tempfile

HERE = pathlib.Path(__file__).resolve().parent
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "salvor"
RESOURCES = HERE.parent.parent / "formats" / "kube" / "schema" / "kubernetes-resources.tsv"
RELEASES = ["1.16.15", "1.18.19", "1.19.16", "1.20.15", "1.21.14", "1.24.17", "1.28.15", "1.32.13", "1.34.5", "1.36.3"]
# What up to 1.19 needs lies at a host that is no more; it moved.
MOVED = "vbom.ml/util => github.com/fvbommel/util v0.0.0-20160121211510-db5cfe13f5cc"

# (kind, what the differing line has) -> why it cannot be equal
UNKNOWN = "a server drops a field that its release does not know; salvor shows it, since the release may be guessed"
UNEQUAL = {("*", "timeAdded: only theirs"): "a server fills in the moment at which it reads"}
UNEQUAL |= dict.fromkeys([("*", ".spec.workloadRef: only ours"), ("DeviceTaintRule", ".spec.deviceSelector."), ("*", ".ephemeral.readOnly: only ours"),
                          ("*", "].source: only ours"), ("*", ".status.resizeStatus: only ours"), ("Service", ".spec.ipFamily: only ours"),
                          ("NetworkPolicy", ".status: only ours"), ("DeviceClass", ".spec.suitableNodes: only ours"),
                          ("*", ".spec.controller: only ours"), ("*", ".status.allocation.controller: only ours"),
                          ("*", ".status.deallocationRequested: only ours"), ("Event", ".series.state: only ours"),
                          ("*", ".managedFields[0].fields: only ours")], UNKNOWN)


def kinds():
    """Lines GROUP TAB KIND TAB OTHER-GROUPS of what is stored as protobuf."""
    rows = [line.split("\t") for line in RESOURCES.read_text().splitlines() if not line.startswith("#")][1:]
    for row in rows:
        if row[6] == "-":
            continue
        others = [row[4].split("/")[0]] if row[4] != "-" else []
        others += ["events.k8s.io"] if row[6] == "events" else []
        yield "\t".join(["" if row[1] == "-" else row[1], row[5], " ".join(others)])


def go(command, folder):
    done = subprocess.run(["go", *command], cwd=folder, capture_output=True, text=True, env={**os.environ, "GOFLAGS": "-modcacherw"})
    return None if done.returncode else done.stdout, done.stderr.strip()[-300:]


def installs(module):
    """A file of Go that registers all groups of a k8s.io/kubernetes whose pkg/api/testing does not yet."""
    groups = [] if (module / "pkg/api/testing/install.go").exists() else sorted(path.parent.name for path in module.glob("pkg/apis/*/install"))
    return "package main\n" + "".join(f'\nimport _ "k8s.io/kubernetes/pkg/apis/{group}/install"\n' for group in groups)


def built(release, name="kube_convert"):
    """A program over one release's k8s.io/kubernetes, of the folder of that name; None where its modules cannot be had."""
    folder = CACHE / name / release
    program, source = folder / name, (HERE / name / "main.go").read_text()
    if program.exists() and (folder / "main.go").read_text() == source:
        return program
    if not shutil.which("go"):
        return None
    folder.mkdir(parents=True, exist_ok=True)
    answer, why = go(["mod", "download", "-json", f"k8s.io/kubernetes@v{release}"], "/")
    if answer is None:
        print(f"k8s.io/kubernetes v{release}: {why}")
        return None
    fetched = json.loads(answer)
    module = pathlib.Path(fetched["GoMod"]).read_text()
    staged = sorted(set(re.findall(r"^\s*(k8s\.io/[\w-]+) => \./staging", module, re.M)))
    replaced = f"\t{MOVED}\n" + "".join(f"\t{name} => {name} v0.{release.split('.', 1)[1]}\n" for name in staged)
    (folder / "go.mod").write_text(f"module {name}\n\ngo 1.21\n\nrequire k8s.io/kubernetes v{release}\n\nreplace (\n{replaced})\n")
    (folder / "main.go").write_text(source)
    (folder / "install.go").write_text(installs(pathlib.Path(fetched["Dir"])))
    for command in (["mod", "tidy"], ["build", "-buildvcs=false", "-ldflags=-checklinkname=0", "-o", name, "."]):
        answer, why = go(command, folder)
        if answer is None:
            print(f"k8s.io/kubernetes v{release}: {why}")
            program.unlink(missing_ok=True)
            return None
    return program


def testdata(release):
    """Folders of stored values that k8s.io/api carries."""
    answer, _ = go(["mod", "download", "-json", f"k8s.io/api@v0.{release.split('.', 1)[1]}"], "/")
    top = pathlib.Path(json.loads(answer)["Dir"]) / "testdata" if answer else None
    return sorted(folder for folder in top.iterdir() if folder.is_dir()) if top and top.is_dir() else []


class Spelled(str):
    """A number as it is written, which equals no other spelling."""


def values(path):
    return json.loads(path.read_text(), parse_int=Spelled, parse_float=Spelled)


def differences(ours, theirs, path=""):
    """Lines PATH: OURS, THEIRS"""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for name in sorted(ours.keys() | theirs.keys()):
            if name not in ours or name not in theirs:
                yield f"{path}.{name}: " + (f"only theirs, {json.dumps(theirs[name])[:120]}" if name in theirs else f"only ours, {json.dumps(ours[name])[:120]}")
            else:
                yield from differences(ours[name], theirs[name], f"{path}.{name}")
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for i, (a, b) in enumerate(zip(ours, theirs)):
            yield from differences(a, b, f"{path}[{i}]")
    elif ours != theirs or type(ours) is not type(theirs):
        yield f"{path}: ours {json.dumps(ours)[:160]}, theirs {json.dumps(theirs)[:160]}"


def api_version(label):
    group, _, version = label.rpartition(".")
    return version if group == "core" else f"{group}/{version}"


def reason(kind, line):
    return next((why for (of, part), why in UNEQUAL.items() if of in ("*", kind) and part in line), None)


def compare(serve, release, program, count, show, work):
    """(passed, failed)"""
    work.mkdir()
    (work / "kinds").write_text("\n".join(kinds()) + "\n")
    subprocess.run([program, work, str(count), work / "kinds", *testdata(release)], check=True, capture_output=True)
    cases = []
    for theirs in sorted(work.glob("*.to.*.json")):
        stored, _, target = theirs.name.removesuffix(".json").rpartition(".to.")
        cases.append((work / (stored + ".pb"), api_version(target), work / (theirs.name + ".ours"), theirs))
    lines = "".join(f"{stored}\t{target}\t{ours}\n" for stored, target, ours, _ in cases)
    errors = subprocess.run([serve, release.split(".")[1]], input=lines, capture_output=True, text=True, check=True).stderr
    passed = failed = 0
    for stored, target, ours, theirs in cases:
        kind = values(theirs)["kind"]
        lines = list(differences(values(ours), values(theirs))) if ours.exists() else ["is not served"]
        unexplained = [line for line in lines if not reason(kind, line)]
        passed, failed = passed + (not unexplained), failed + bool(unexplained)
        if unexplained and failed <= show:
            print(f"{release} {stored.name} as {target}:", *unexplained[:12], sep="\n    ")
    if failed and errors:
        print(errors[:2000])
    return passed, failed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--serve", required=True, type=pathlib.Path)
    parser.add_argument("--count", type=int, default=5, help="objects of each kind")
    parser.add_argument("--show", type=int, default=20, help="of those that differ so many are shown")
    parser.add_argument("releases", nargs="*", default=RELEASES)
    arguments = parser.parse_args()
    passed = failed = skipped = 0
    with tempfile.TemporaryDirectory(prefix="salvor-kube-convert-") as work:
        for release in arguments.releases:
            program = built(release)
            if not program:
                skipped += 1
                print(f"SKIPPED: no Go, or no k8s.io/kubernetes v{release}")
                continue
            good, bad = compare(arguments.serve.resolve(), release, program, arguments.count, arguments.show, pathlib.Path(work) / release)
            print(f"Kubernetes {release}: {good} equal, {bad} not")
            if not good + bad:
                print(f"Kubernetes {release}: nothing was compared")
                bad = 1
            passed, failed = passed + good, failed + bad
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
