#!/usr/bin/env python3
"""Runs each command that the cookbook shows, one after the other, as it stands there: on real snapshots under the names that it uses, in
a folder that stands for the root of a machine. What is no salvor's (systemctl, k3s, kubectl, ...) is a program that notes that it was called.

usage: run.py --salvor PATH
The last line is `cookbook: N passed, N failed`.
"""
import argparse, os, pathlib, re, shutil, subprocess, sys, tempfile, zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
REAL = ROOT / "build/testdata/real/kube-1.36"
NOT_OURS = ("systemctl", "k3s", "rke2", "talosctl", "kubectl", "sudo")
PLACES = ("/var/lib/etcd", "/etc/kubernetes", "/var/tmp/stopped")
MANIFEST = """apiVersion: v1
kind: Pod
metadata: {{name: etcd, namespace: kube-system}}
spec:
  containers:
  - name: etcd
    command: [etcd, --name={name}, --data-dir=/var/lib/etcd, "--initial-advertise-peer-urls={url}", "--initial-cluster={name}={url}"]
    volumeMounts: [{{name: data, mountPath: /var/lib/etcd}}]
  volumes:
  - {{name: data, hostPath: {{path: {root}/var/lib/etcd}}}}
"""
# What else than 0 a command may say, by what it says then.
STATUS = {
    r"salvor diff ": 1,              # they differ
    r"salvor recover ": 1,           # something is lost
    r"salvor verify .*--strict": 1,  # that cluster has concerns
    r"salvor audit backup.db$": 1,   # nothing in it is encrypted
    r"salvor audit .* exposure": 1,
}


def commands():
    """The indented lines, in their order."""
    text = (ROOT / "tools/salvor/cookbook.md").read_text()
    return [line.strip() for line in text.splitlines() if line.startswith("    ") and line.strip()]


def prepare(root):
    shutil.copy(REAL / "after.db", root / "backup.db")
    shutil.copy(REAL / "before.db", root / "older.db")
    plain = (root / "backup.db").read_bytes()
    with zipfile.ZipFile(root / "k3s-snapshot.zip", "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("snapshot", plain)
    (root / "db.snapshot").write_bytes(plain[:-32])
    (root / "broken.db").write_bytes(plain[:40 * 4096] + bytes(4096) + plain[41 * 4096:-32])
    (root / "backup").mkdir()
    (root / "backup/snapshot.db").write_bytes(plain)
    shutil.copytree(REAL / "member-dir", root / "var/lib/etcd")
    manifests = root / "etc/kubernetes/manifests"
    manifests.mkdir(parents=True)
    (manifests / "kube-apiserver.yaml").write_text("kind: Pod\n")
    (manifests / "etcd.yaml").write_text(MANIFEST.format(name="cp-1", url="http://127.0.0.1:31101", root=root))
    subprocess.run(["age-keygen", "-o", root / "key.txt"], check=True, capture_output=True)
    (root / "operators.txt").write_text(subprocess.run(["age-keygen", "-y", root / "key.txt"], check=True, capture_output=True, text=True).stdout)


def programs(folder, salvor):
    folder.mkdir()
    (folder / "salvor").symlink_to(salvor)
    for name in NOT_OURS:
        (folder / name).write_text(f'#!/bin/sh\necho "{name} $*" >> "{folder}/called"\n')
        (folder / name).chmod(0o755)


def here(command, root):
    for place in PLACES:
        command = command.replace(place, f"{root}{place}")
    return command.replace("--host /", f"--host {root}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--salvor", required=True, type=lambda path: pathlib.Path(path).resolve())
    args = parser.parse_args()
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="salvor-cookbook-") as work:
        root, bin_folder = pathlib.Path(work) / "root", pathlib.Path(work) / "bin"
        root.mkdir()
        prepare(root)
        programs(bin_folder, args.salvor)
        environment = dict(os.environ, PATH=f"{bin_folder}:{os.environ['PATH']}")
        for command in commands():
            done = subprocess.run(["bash", "-c", "set -o pipefail; " + here(command, root)], cwd=root, env=environment,
                                  capture_output=True, text=True, stdin=subprocess.DEVNULL, errors="backslashreplace")
            wanted = next((status for pattern, status in STATUS.items() if re.match(pattern, command)), 0)
            if done.returncode == wanted and (done.stdout or not command.startswith("salvor") or "--to" in command):
                passed += 1
                continue
            failed += 1
            print(f"FAILED {command}: exit {done.returncode}, {wanted} wanted\n{(done.stdout + done.stderr)[-1500:]}")
        called = (bin_folder / "called").read_text().splitlines()
        same = (root / "same.db").read_bytes() == (root / "backup.db").read_bytes() == (root / "opened.db").read_bytes()
        restored = (root / "var/lib/etcd/member/snap/db").exists() and len(list((root / "var/lib").iterdir())) == 2
        for what, holds in (("each other program is called", {line.split()[0] for line in called} == set(NOT_OURS) - {"rke2"}),
                            ("what was sealed is the backup's very bytes", same), ("the old folder is kept beside the new one", restored)):
            passed, failed = passed + holds, failed + (not holds)
            if not holds:
                print(f"FAILED {what}")
    print(f"cookbook: {passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
