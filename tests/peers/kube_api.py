#!/usr/bin/env python3
"""Prints every kind of Kubernetes as each minor release since 1.16 and compares with the files that the Go module
k8s.io/api carries for that purpose (testdata/HEAD: a protobuf value, its JSON, its YAML): YAML byte for byte from 1.23
on, JSON as values, numbers spelled the same; of the newest also what older releases stored (testdata/v1.N.0). Where such
a value has a field that the newest release has no more, upstream keeps two files, with and without: either is right, for
salvor drops nothing that is stored. The module of a release is downloaded where it is not there; one that
cannot be had is skipped. Ends with `N passed, N failed`.

usage: kube_api.py --render PATH [RELEASE...]     PATH: the program kube_render; RELEASE: such as v0.36.6
"""
import argparse, json, pathlib, subprocess, sys, tempfile

RELEASES = ["v0.16.15", "v0.17.17", "v0.18.19", "v0.19.16", "v0.20.15", "v0.21.14", "v0.22.17", "v0.23.17", "v0.24.17", "v0.25.16",
            "v0.26.15", "v0.27.16", "v0.28.15", "v0.29.15", "v0.30.14", "v0.31.14", "v0.32.13", "v0.33.13", "v0.34.13", "v0.35.10",
            "v0.36.6"]
# Files that cannot be compared: upstream left most of them behind when the types moved on.
STALE = {"batch.v1beta1.JobTemplate": "no type any more", "batch.v2alpha1.JobTemplate": "no type any more",
         "batch.v1.JobTemplate": "no type any more", "core.v1.EphemeralContainers": "its JSON is none",
         "core.v1.WatchEvent": "never stored: it names no kind",
         "autoscaling.v2.HorizontalPodAutoscaler": "its bytes say v2beta2"}
# Of what older releases stored: what the newest has no more is shown, and what it leaves out is left out.
MIXED = {"resource.k8s.io.v1alpha3.DeviceTaintRule"}
FIRST_YAML_MINOR = 23  # earlier files were indented by another library


class Spelled(str):
    """A number as it is written, which equals no other spelling."""


def values(path):
    return json.loads(path.read_text(), parse_int=Spelled, parse_float=Spelled)


def module(release):
    done = subprocess.run(["go", "mod", "download", "-json", f"k8s.io/api@{release}"], cwd="/", capture_output=True, text=True)
    return pathlib.Path(json.loads(done.stdout)["Dir"]) if done.returncode == 0 else None


def expected(file, form):
    """The files of which one must be equal."""
    both = file.with_suffix("." + form), file.with_suffix(".after_roundtrip." + form)
    return [path for path in both if path.exists()]


def less(ours, theirs):
    """Ours without the members that theirs lacks."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return {name: less(value, theirs[name]) for name, value in ours.items() if name in theirs}
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        return [less(a, b) for a, b in zip(ours, theirs)]
    return ours


def is_equal(ours, theirs, form):
    if form == "yaml":
        return ours.read_bytes() == theirs.read_bytes()
    if ours.name in MIXED and ".after_roundtrip." in theirs.name:
        return less(values(ours), values(theirs)) == values(theirs)
    return values(ours) == values(theirs)


def compare(render, release, folder, out):
    """(passed, failed)"""
    minor = int(release.split(".")[1])
    files = [file for file in sorted(folder.glob("*.pb")) if ".after_roundtrip." not in file.name]
    passed, failed = 0, 0
    for form in ("yaml", "json"):
        target = out / f"{release}-{folder.name}-{form}"
        target.mkdir()
        done = subprocess.run([render, str(minor), form, target, *files], capture_output=True, text=True)
        for file in files:
            ours = target / file.stem
            is_mixed = file.stem in MIXED and folder.name in ("v1.33.0", "v1.34.0")
            if form == "yaml" and (minor < FIRST_YAML_MINOR or is_mixed) or file.stem in STALE:
                continue
            same = ours.exists() and any(is_equal(ours, theirs, form) for theirs in expected(file, form))
            passed, failed = passed + same, failed + (not same)
            if not same:
                what = f"{release} {folder.name}/{file.stem}.{form}"
                print(f"{what} differs" if ours.exists() else f"{what}: {done.stderr[:300]}")
    return passed, failed


def folders(release, module):
    """HEAD; of the newest release also those of older ones."""
    names = sorted(path.name for path in (module / "testdata").glob("v1.*")) if release == RELEASES[-1] else []
    return [module / "testdata" / name for name in ("HEAD", *names)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--render", required=True, type=pathlib.Path)
    parser.add_argument("releases", nargs="*", default=RELEASES)
    arguments = parser.parse_args()
    passed = failed = skipped = 0
    with tempfile.TemporaryDirectory(prefix="salvor-kube-api-") as out:
        for release in arguments.releases:
            top = module(release)
            if not top:
                skipped += 1
                print(f"k8s.io/api {release} could not be had")
                continue
            for folder in folders(release, top):
                good, bad = compare(arguments.render.resolve(), release, folder, pathlib.Path(out))
                print(f"{release} {folder.name}: {good} equal, {bad} not")
                passed, failed = passed + good, failed + bad
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
