#!/usr/bin/env python3
"""Prints every kind of Kubernetes as each minor release since 1.17 and compares with the files that the Go module
k8s.io/api carries for that purpose (testdata/HEAD: a protobuf value, its JSON, its YAML): YAML byte for byte from 1.23
on, JSON as values, numbers spelled the same. The module of a release is downloaded where it is not there; one that
cannot be had is skipped. Ends with `N passed, N failed`.

usage: kube_api.py --render PATH [RELEASE...]     PATH: the program kube_render; RELEASE: such as v0.36.6
"""
import argparse, json, pathlib, subprocess, sys, tempfile

RELEASES = ["v0.17.5", "v0.20.6", "v0.22.5", "v0.23.16", "v0.24.3", "v0.25.9", "v0.26.9", "v0.27.4", "v0.28.3", "v0.29.15",
            "v0.30.14", "v0.31.14", "v0.32.13", "v0.33.13", "v0.34.13", "v0.35.10", "v0.36.6"]
# Files that cannot be compared: upstream left most of them behind when the types moved on.
STALE = {"batch.v1beta1.JobTemplate": "no type any more", "batch.v2alpha1.JobTemplate": "no type any more",
         "batch.v1.JobTemplate": "no type any more", "core.v1.EphemeralContainers": "its JSON is none",
         "core.v1.WatchEvent": "never stored: it names no kind",
         "autoscaling.v2.HorizontalPodAutoscaler": "its bytes say v2beta2"}
FIRST_YAML_MINOR = 23  # earlier files were indented by another library


class Spelled(str):
    """A number as it is written, which equals no other spelling."""


def values(path):
    return json.loads(path.read_text(), parse_int=Spelled, parse_float=Spelled)


def module(release):
    done = subprocess.run(["go", "mod", "download", "-json", f"k8s.io/api@{release}"], cwd="/", capture_output=True, text=True)
    return pathlib.Path(json.loads(done.stdout)["Dir"]) if done.returncode == 0 else None


def compare(render, release, folder, out):
    """(passed, failed)"""
    minor = int(release.split(".")[1])
    files = sorted((folder / "testdata" / "HEAD").glob("*.pb"))
    passed, failed = 0, 0
    for form in ("yaml", "json"):
        target = out / f"{release}-{form}"
        target.mkdir()
        done = subprocess.run([render, str(minor), form, target, *files], capture_output=True, text=True)
        for file in files:
            name, ours, theirs = file.stem, target / file.stem, file.with_suffix("." + form)
            if form == "yaml" and minor < FIRST_YAML_MINOR or name in STALE:
                continue
            same = ours.exists() and (ours.read_bytes() == theirs.read_bytes() if form == "yaml" else values(ours) == values(theirs))
            passed, failed = passed + same, failed + (not same)
            if not same:
                print(f"{release} {theirs.name} differs" if ours.exists() else f"{release} {theirs.name}: {done.stderr[:300]}")
    return passed, failed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--render", required=True, type=pathlib.Path)
    parser.add_argument("releases", nargs="*", default=RELEASES)
    arguments = parser.parse_args()
    passed = failed = skipped = 0
    with tempfile.TemporaryDirectory(prefix="salvor-kube-api-") as out:
        for release in arguments.releases:
            folder = module(release)
            if not folder:
                skipped += 1
                print(f"k8s.io/api {release} could not be had")
                continue
            good, bad = compare(arguments.render.resolve(), release, folder, pathlib.Path(out))
            passed, failed = passed + good, failed + bad
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
