#!/usr/bin/env python3
"""Real round trips of the cluster of kube-1.36-etcd-3.7, by kube-apiserver and kubectl of 1.36 on an etcd of 3.7.

restored: on what `salvor restore` made of each of its snapshots `kubectl get` of every resource prints what it printed before, but for
what a server does when it starts (RECONCILED), and what passes with time (PASSING).
applied: what `salvor export` made of a snapshot, and of each namespace alone, goes into an empty cluster by `kubectl apply
--server-side` without an error, stage by stage as the manual has it, and the second time no resourceVersion moves.

usage: kube_apiserver.py --salvor PATH [--data FOLDER] [--only restored|applied]
Without the programs, or the data, it is skipped. Ends with `N passed, N failed[, N skipped]`.
"""
import argparse, itertools, json, os, pathlib, shutil, subprocess, sys, tempfile
from checks import Checks
from etcd_server import free_port
import kube_server
from kube_server import KubeServer

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CLUSTER = "kube-1.36-etcd-3.7"
PASSING = {"events", "events.events.k8s.io", "leases.coordination.k8s.io", "leasecandidates.coordination.k8s.io"}
NEEDED = "crd,priorityclasses,runtimeclasses,clusterroles"  # cluster-wide, and a namespace's objects have need of them


def without_newcomers(found, before):
    """A StorageVersion as it was before servers that it did not know came to it."""
    known = {entry["apiServerID"] for entry in before["status"]["storageVersions"]}
    kept = [entry for entry in found["status"]["storageVersions"] if entry["apiServerID"] in known]
    if kept == found["status"]["storageVersions"]:
        return found
    return {**found, "metadata": {**found["metadata"], "resourceVersion": before["metadata"]["resourceVersion"]},
            "status": {**found["status"], "storageVersions": kept}}


# resource -> what takes back what a server does to such an object when it starts: each server enters itself, by an id
# of its host's name, into every StorageVersion.
RECONCILED = {"storageversions.internal.apiserver.k8s.io": without_newcomers}


def run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=120, errors="backslashreplace")
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}: exit {done.returncode}: {done.stderr or done.stdout}"[:900])
    return done.stdout


def by_name(text):
    """{NAMESPACE/NAME: object} of a List; NAME alone where there is no namespace."""
    items = json.loads(text)["items"] if text.strip() else []
    return {"/".join(filter(None, [item["metadata"].get("namespace"), item["metadata"]["name"]])): item for item in items}


def check_resource(kube, path, checks):
    """Of the list byte for byte, or object by object where a server changes them."""
    resource = path.name.removesuffix(".json")
    done = kube.kubectl("get", resource, "-A", "-o", "json", "--show-managed-fields")
    if resource not in RECONCILED:
        lines = itertools.zip_longest(done.stdout.splitlines(keepends=True), path.read_text().splitlines(keepends=True))
        found, before = next((pair for pair in lines if pair[0] != pair[1]), ("", ""))
        return checks.same(f"{resource} ({done.stderr.strip()[:200]})", found, before)
    found, before = by_name(done.stdout), by_name(path.read_text())
    for name in sorted(found.keys() | before.keys()):
        known = name in found and name in before
        checks.same(f"{resource} {name}", RECONCILED[resource](found[name], before[name]) if known else found.get(name), before.get(name))


def check_restored(salvor, folder, work, checks):
    peer = f"http://127.0.0.1:{free_port()}"
    run(salvor, "restore", folder / "snapshot.db", "--data-dir", work, "--for", "3.7", *kube_server.restore_flags(peer))
    with KubeServer(work, peer) as kube:
        for path in sorted((folder / "answers/kubectl").glob("*.json")):
            if path.name.removesuffix(".json") not in PASSING:
                check_resource(kube, path, checks)


def make_default_accounts(kube):
    """What the controller of service accounts does, of which pods have need."""
    for namespace in kube.get("/api/v1/namespaces")["items"]:
        path = f"/api/v1/namespaces/{namespace['metadata']['name']}/serviceaccounts"
        if "default" not in {account["metadata"]["name"] for account in kube.get(path)["items"]}:
            kube.post(path, {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default"}})


def write_claims(kube):
    """What the controller of volumes does: a server shows a new claim's phase, and stores it with the claim's next write."""
    for claim in kube.get("/api/v1/persistentvolumeclaims")["items"]:
        path = f"/api/v1/namespaces/{claim['metadata']['namespace']}/persistentvolumeclaims/{claim['metadata']['name']}"
        kube.put(f"{path}/status", {"apiVersion": "v1", "kind": "PersistentVolumeClaim", **claim})


def apply(kube, folder, what, checks):
    """Stage by stage, as salvor-export(1) has it; what a controller would do by then, in between."""
    for stage in sorted(path for path in folder.iterdir() if path.is_dir()):
        done = kube.kubectl("apply", "--server-side", "-R", "-f", stage)
        refused = [line for line in done.stderr.splitlines() if not line.startswith("Warning: ")]
        checks.same(f"{what}: kubectl apply of {stage.name}", (done.returncode, refused), (0, []))
        make_default_accounts(kube)
        write_claims(kube)


def versions(kube, folder):
    """{(kind, name, resourceVersion, uid)} of each manifest's object in the server."""
    found = json.loads(kube.kubectl("get", "-R", "-f", folder, "-o", "json").stdout)
    metadata = [(item["kind"], item["metadata"]) for item in found.get("items", [found])]
    return {(kind, f"{of.get('namespace', '')}/{of['name']}", of["resourceVersion"], of["uid"]) for kind, of in metadata}


def check_applied(salvor, snapshot, words, what, work, checks):
    work.mkdir()
    run(salvor, "export", snapshot, "--to", work / "manifests", "--show-secrets", *words)
    with KubeServer(work / "etcd", more=["--allow-privileged=true"]) as kube:
        if "-n" in words:
            run(salvor, "export", snapshot, "--to", work / "needed", NEEDED)
            apply(kube, work / "needed", f"{what}, what it needs", checks)
        apply(kube, work / "manifests", what, checks)
        once = versions(kube, work / "manifests")
        checks.same(f"{what}: objects", len(once), len(list((work / "manifests").glob("*/*/*/*.yaml"))))
        apply(kube, work / "manifests", f"{what} again", checks)
        checks.same(f"{what}: resourceVersions after the second time", versions(kube, work / "manifests"), once)


def namespaces(manifests):
    """Those of which there is a manifest."""
    own = {path.name for path in manifests.glob("*/*") if path.is_dir()} - {"_cluster"}
    return sorted(own | {path.stem for path in manifests.glob("1-namespaces/*/*/*.yaml")})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--salvor", required=True, type=lambda p: pathlib.Path(p).resolve())
    parser.add_argument("--data", type=pathlib.Path, default=pathlib.Path(os.environ.get("SALVOR_DATA", ROOT.parent / "shared/data")))
    parser.add_argument("--only", choices=("restored", "applied"))
    args = parser.parse_args()
    why = kube_server.missing() or (None if (args.data / CLUSTER).is_dir() else f"no {args.data / CLUSTER}")
    if why:
        print(f"SKIPPED: {why}\n0 passed, 0 failed, 1 skipped")
        return 0
    checks = Checks("found", "expected")
    work = pathlib.Path(tempfile.mkdtemp(prefix="salvor-roundtrip-"))
    try:
        for when in ("before", "after"):
            folder = args.data / CLUSTER / when
            if args.only != "applied":
                check_restored(args.salvor, folder, work / when, checks)
        snapshot = args.data / CLUSTER / "after/snapshot.db"
        if args.only != "restored":
            check_applied(args.salvor, snapshot, [], "all of it", work / "all", checks)
            for name in namespaces(work / "all/manifests"):
                check_applied(args.salvor, snapshot, ["-n", name], f"namespace {name}", work / f"ns-{name}", checks)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed or not checks.passed else 0


if __name__ == "__main__":
    sys.exit(main())
