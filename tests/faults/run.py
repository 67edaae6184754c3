#!/usr/bin/env python3
"""Lets a command fail at each of its calls that change files, one after another, and looks at what is left.

usage: run.py --shim LIBRARY --target PATH [--target PATH]... [--check COMMAND] [--setup COMMAND] [--may-refuse]
              [--faults LIST] [--failed STATUS] [--name NAME] -- COMMAND...

`{dir}` stands for a new, empty folder in every argument. For each fault (ENOSPC, EIO, KILL; TERM, INT, HUP; NOHUP) and N = 1, 2, ... the command
runs with its N-th such call failing (shim.cpp) until it makes fewer than N calls. Then must hold:

- after a failure: exit status STATUS (2) with a sentence on stderr, and {dir} as it was before; or, where the command found
  another way, exit status 0 and each target there;
- after a kill: each target whole or not there, beside them nothing but `.salvor-*`; the next run succeeds (or, where
  a target is there already, refuses with a sentence that names it) and leaves no `.salvor-*`.

- after SIGTERM, SIGINT or SIGHUP: {dir} as it was before, ended by that signal; or, where it came too late, done
  and each target whole. After NOHUP, a SIGHUP that the command was started to ignore: done and each target whole.

What cannot be removed stays: after a failed removal `.salvor-*` may be left, and the next run removes it.

--check says by its exit status whether a target that is there is whole; {target} is its path. --setup prepares {dir}.
--may-refuse: a rerun may also refuse where only some targets are there.
"""
import argparse, os, pathlib, shlex, shutil, signal, subprocess, sys, tempfile

SIGNALS = {"TERM": signal.SIGTERM, "INT": signal.SIGINT, "HUP": signal.SIGHUP}
REMOVALS = ("remove", "rmdir", "unlink", "unlinkat")
MOST_CALLS = 2000  # far above what any command here makes: a bound, should a command never end


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shim", required=True)
    parser.add_argument("--target", action="append", required=True)
    parser.add_argument("--check", default="test -e {target}")
    parser.add_argument("--setup", default="true")
    parser.add_argument("--may-refuse", action="store_true")
    parser.add_argument("--faults", default="ENOSPC,EIO,KILL")
    parser.add_argument("--failed", type=int, default=2)
    parser.add_argument("--name", default="")
    parser.add_argument("command", nargs="+")
    return parser.parse_args()


def tree(folder):
    """Every path below it with its kind and size."""
    return sorted((str(path.relative_to(folder)), path.is_dir(), 0 if path.is_dir() else path.lstat().st_size)
                  for path in folder.rglob("*"))


class Case:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.targets = [pathlib.Path(self.fill(target)) for target in options.target]
        subprocess.run(shlex.split(self.fill(options.setup)), check=True)
        self.before = tree(folder)
        self.standing = [target for target in self.targets if target.exists()]

    def fill(self, text):
        return text.replace("{dir}", str(self.folder))

    def run(self, hangup=signal.SIG_DFL, **environment):
        """Whatever signals this program itself ignores, the command does not, but for `hangup`."""
        def set_signals():
            for number in SIGNALS.values():
                signal.signal(number, hangup if number == signal.SIGHUP else signal.SIG_DFL)
        return subprocess.run([self.fill(word) for word in self.options.command], stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=300,
                              env=dict(os.environ, **environment), preexec_fn=set_signals)

    def whole(self, target):
        command = self.fill(self.options.check.replace("{target}", str(target)))
        return target.exists() and subprocess.run(shlex.split(command), stdout=subprocess.DEVNULL).returncode == 0

    def leftovers(self):
        return [str(path) for path in self.folder.rglob(".salvor-*")]

    def after(self, fault, done, call):
        if fault == "KILL":
            return self.after_kill(done)
        if fault == "NOHUP":
            broken = [str(target) for target in self.targets if not self.whole(target)]
            return f"exit status {done.returncode}, not whole: {broken}" if done.returncode or broken else None
        return self.after_signal(done, SIGNALS[fault]) if fault in SIGNALS else self.after_failure(done, call)

    def after_failure(self, done, call):
        left = self.leftovers()
        if call in REMOVALS:
            for path in left:
                shutil.rmtree(path)
        elif left:
            return f"left behind: {left}"
        if done.returncode == 0:
            broken = [str(target) for target in self.targets if not self.whole(target)]
            return f"exit 0, but not whole: {broken}" if broken else None
        if done.returncode != self.options.failed:
            return f"exit status {done.returncode}: {done.stderr[-300:]}"
        if ": " not in done.stderr:
            return f"no sentence on stderr: {done.stderr!r}"
        if tree(self.folder) != self.before:
            return f"left behind: {sorted(set(tree(self.folder)) ^ set(self.before))[:10]}"
        return None

    def after_kill(self, done):
        if done.returncode != -signal.SIGKILL:
            return f"was to be killed, exit status {done.returncode}"
        there = [target for target in self.targets if target.exists() and target not in self.standing]
        broken = [str(target) for target in there if not self.whole(target)]
        if broken:
            return f"stands, but is not whole: {broken}"
        again = self.run()
        refused = (again.returncode == self.options.failed and any(str(target) in again.stderr for target in there)
                   and (len(there) == len(self.targets) or self.options.may_refuse))
        if again.returncode != 0 and not refused:
            return f"the next run: exit status {again.returncode}: {again.stderr[-300:]}"
        if not refused and self.leftovers():
            return f"the next run left {self.leftovers()}"
        broken = [str(target) for target in self.targets if not self.whole(target)]
        if broken and not refused:
            return f"after the next run not whole: {broken}"
        return None

    def after_signal(self, done, sent):
        if self.leftovers():
            return f"left behind: {self.leftovers()}"
        if done.returncode == 0:
            broken = [str(target) for target in self.targets if not self.whole(target)]
            return f"exit 0, but not whole: {broken}" if broken else None
        if done.returncode != -sent:
            return f"was to end by the signal, exit status {done.returncode}: {done.stderr[-300:]}"
        if tree(self.folder) != self.before:
            return f"left behind: {sorted(set(tree(self.folder)) ^ set(self.before))[:10]}"
        return None if "interrupted" in done.stderr else f"no sentence on stderr: {done.stderr!r}"


def run_one(options, fault, number):
    """The name of the call that was reached, or None; and what is wrong, or None."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="salvor-faults-"))
    log = folder.with_suffix(".log")
    try:
        case = Case(options, folder)
        done = case.run(signal.SIG_IGN if fault == "NOHUP" else signal.SIG_DFL,
                        LD_PRELOAD=os.path.abspath(options.shim), SALVOR_FAULT_AT=str(number),
                        SALVOR_FAULT=fault.removeprefix("NO"), SALVOR_FAULT_LOG=str(log))
        if not log.exists():
            return None, None if done.returncode == 0 else f"without a fault: exit status {done.returncode}: {done.stderr[-300:]}"
        call = log.read_text()
        return call, case.after(fault, done, call)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        log.unlink(missing_ok=True)


def main():
    options = arguments()
    passed = failed = 0
    for fault in options.faults.split(","):
        for number in range(1, MOST_CALLS):
            call, wrong = run_one(options, fault, number)
            if wrong:
                failed += 1
                print(f"{options.name} {fault} at call {number} ({call}): {wrong}", flush=True)
            else:
                passed += 1
            if call is None:
                break
        if number < 3 or call is not None:
            failed += 1
            print(f"{options.name} {fault}: {number - 1} calls were seen, that cannot be")
    print(f"{passed} passed, {failed} failed")
    return failed > 0


sys.exit(main())
