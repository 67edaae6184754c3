#!/usr/bin/env python3
"""clang-tidy-19 over every source of the tree, by the compile commands of a build. Half an hour and more.

usage: tidy.py BUILD_FOLDER [FILE...]
The last line is `clang-tidy: N passed, N failed`, in files.
"""
import concurrent.futures, json, os, pathlib, re, subprocess, sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def look_at(build, file):
    done = subprocess.run(["clang-tidy-19", "-p", build, "--quiet", file], cwd=ROOT, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, errors="backslashreplace")
    told = [line for line in done.stdout.splitlines() if re.search(r"\b(warning|error): ", line)]
    return file, told or ([] if done.returncode == 0 else [done.stderr[-500:]])


def main():
    build = pathlib.Path(sys.argv[1])
    commands = json.loads((build / "compile_commands.json").read_text())
    ours = sorted({command["file"] for command in commands if not command["file"].startswith(str(build.resolve()))})
    files = [str(pathlib.Path(file).resolve()) for file in sys.argv[2:]] or ours
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        for file, told in pool.map(lambda file: look_at(build, file), files):
            failed += bool(told)
            for line in told:
                print(line.replace(f"{ROOT}/", ""), flush=True)
    print(f"clang-tidy: {len(files) - failed} passed, {failed} failed")
    return 1 if failed or not files else 0


if __name__ == "__main__":
    sys.exit(main())
