#!/usr/bin/env python3
"""The packages of a build, as those who get them have them: what is in the .deb and the .tar.gz, whether the program in them runs, whether
its SBOM names what it is made of, and whether a program of thirty lines builds against the installed libraries.

usage: run.py BUILD_FOLDER [--static]     --static: also bin/salvor-static of that build, in an empty root (root only)
The last line is `packages: N passed, N failed`.
"""
import json, pathlib, subprocess, sys, tarfile, tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SNAPSHOT = ROOT / "build/testdata/real/etcd-3.6/rich.db"


def run(*command, **more):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **more)
    assert done.returncode == 0, f"{' '.join(map(str, command))}: exit {done.returncode}: {(done.stdout + done.stderr)[-2000:]}"
    return done.stdout


def program_works(program):
    assert "SOUND, it restores as it is" in run(program, "verify", SNAPSHOT)


def deb(work, build):
    """It says what it needs, and has the program, a page for each command, three shells' completions, the SBOM."""
    package, = (work / "packages").glob("*.deb")
    assert "libssl3" in run("dpkg-deb", "-f", package, "Depends") and "salvor" == run("dpkg-deb", "-f", package, "Package").strip()
    files = work / "deb"
    run("dpkg-deb", "-x", package, files)
    program_works(files / "usr/bin/salvor")
    commands = {path.stem.replace("_", "-") for path in (ROOT / "tools/salvor/commands").glob("*.md")}
    pages = {path.name.split(".")[0].removeprefix("salvor-") for path in (files / "usr/share/man/man1").iterdir()}
    assert pages == commands | {"salvor", "cookbook"}, pages ^ commands
    for completion in ("bash-completion/completions/salvor", "zsh/site-functions/_salvor", "fish/vendor_completions.d/salvor.fish"):
        assert "verify" in (files / "usr/share" / completion).read_text()


def etcdutl(work, build):
    """What update-alternatives is pointed at answers as etcdutl."""
    assert run(work / "deb/usr/lib/salvor/etcdutl", "version").startswith("etcdutl version: 3.7")


def sbom(work, build):
    """SPDX that names each library that the program names, by its version and licence."""
    document = json.loads((work / "deb/usr/share/doc/salvor/salvor.spdx.json").read_text())
    said = json.loads(run(work / "deb/usr/bin/salvor", "version", "-o", "json"))
    assert document["spdxVersion"] == "SPDX-2.3"
    named = {package["name"]: package["versionInfo"] for package in document["packages"]}
    assert named == {"salvor": said["version"], **said["libraries"]}, named
    assert all(package["licenseDeclared"] not in ("", "NOASSERTION") for package in document["packages"])
    linked = run("ldd", work / "deb/usr/bin/salvor")
    for library, name in (("libcrypto", "openssl"), ("libarchive", "libarchive"), ("libre2", "re2"), ("libyaml-cpp", "yaml-cpp")):
        assert library in linked and name in named


def archive(work, build):
    """One folder at its top, in which the program runs."""
    package, = (work / "packages").glob("*.tar.gz")
    with tarfile.open(package) as tar:
        assert {name.split("/")[0] for name in tar.getnames()} == {package.name.removesuffix(".tar.gz")}
        tar.extractall(work / "tar", filter="data") if hasattr(tarfile, "data_filter") else tar.extractall(work / "tar")
    program_works(work / "tar" / package.name.removesuffix(".tar.gz") / "bin/salvor")


def libraries(work, build):
    """The example, built against an installed tree, says what the program says."""
    run("cmake", "--install", build, "--prefix", work / "usr", "--component", "development")
    run("cmake", "-G", "Ninja", "-S", HERE / "example", "-B", work / "example", f"-DCMAKE_PREFIX_PATH={work / 'usr'}")
    run("cmake", "--build", work / "example")
    told = run(work / "example/largest", SNAPSHOT)
    status = json.loads(run(work / "deb/usr/bin/salvor", "info", SNAPSHOT, "-o", "json"))
    assert told.startswith(f"revision {status['revision']}, {status['keys']} keys, the largest value is "), told


def alone(work, build):
    """In a root that has nothing but it and a snapshot."""
    root = work / "root"
    root.mkdir()
    run("cp", build / "bin/salvor-static", root / "salvor")
    run("cp", SNAPSHOT, root / "snapshot.db")
    assert "SOUND, it restores as it is" in run("chroot", root, "/salvor", "verify", "/snapshot.db")
    run("chroot", root, "/salvor", "restore", "/snapshot.db", "--data-dir", "/etcd", "--single-member", "--member", "salvor-a")
    assert (root / "etcd/member/snap/db").exists()
    said = json.loads(run("chroot", root, "/salvor", "version", "-o", "json"))
    assert said == json.loads(run(build / "bin/salvor", "version", "-o", "json"))


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    cases, failed = [deb, etcdutl, sbom, archive, libraries] + [alone] * ("--static" in sys.argv), 0
    with tempfile.TemporaryDirectory(prefix="salvor-packages-") as work:
        work = pathlib.Path(work)
        run("cpack", "-B", work / "packages", cwd=build)
        for case in cases:
            try:
                case(work, build)
            except (AssertionError, OSError, ValueError) as error:
                failed += 1
                print(f"FAILED {case.__name__}: {case.__doc__}\n    {error}")
    print(f"packages: {len(cases) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
