#!/usr/bin/env python3
"""Runs one fuzzer for some seconds from its kept corpus, which it does not change; an input that crashes is
printed as hex so that it can be added to the corpus. SEED: the same inputs each time, so that a verdict
can be had again; without one, others each time.

usage: run.py FUZZER SECONDS [SEED]
"""
import pathlib, subprocess, sys, tempfile

HERE = pathlib.Path(__file__).resolve().parent
ALSO = {"kube_check": "kube_values", "recover": "bbolt_check"}  # the corpora of others that are of the same form


def main():
    fuzzer, seconds = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    kept = HERE / "corpus" / fuzzer.name.removeprefix("fuzz_")
    with tempfile.TemporaryDirectory(prefix="salvor-fuzz-") as work:
        command = [fuzzer, f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=2048", "-max_len=65536",
                   "-print_final_stats=1", f"-seed={sys.argv[3] if len(sys.argv) > 3 else 0}", f"-artifact_prefix={work}/", work]
        command += [folder for folder in (kept, HERE / "corpus" / ALSO.get(kept.name, kept.name)) if folder.is_dir()]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="backslashreplace")
        if done.returncode != 0:
            print(done.stdout[-6000:])
            for artifact in pathlib.Path(work).glob("*-*"):
                if artifact.name.split("-")[0] in ("crash", "timeout", "oom", "leak"):
                    print(f"{artifact.name}: {artifact.read_bytes()[:4096].hex()}")
    print(f"{fuzzer.name}: {int(done.returncode == 0)} passed, {int(done.returncode != 0)} failed")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
