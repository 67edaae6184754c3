"""The tree under test: its files, their text, and what its program says of itself."""
import functools, json, pathlib, re, subprocess

DATA = ("testdata/", "tests/fuzz/corpus/", "tests/bench/figures/")  # bytes that others made, no words of ours
SOURCE = (".cpp", ".hpp")


class Tree:
    def __init__(self, root, salvor):
        self.root, self.salvor = pathlib.Path(root).resolve(), pathlib.Path(salvor).resolve()

    @functools.cached_property
    def files(self):
        """What is tracked or about to be, as paths from the root; without git, all but build/."""
        if (self.root / ".git").exists():
            listed = subprocess.run(["git", "-C", self.root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                                    check=True, capture_output=True, text=True).stdout.split("\0")
            return sorted(f for f in set(listed) if f and (self.root / f).is_file())
        found = (p.relative_to(self.root) for p in self.root.rglob("*") if p.is_file())
        return sorted(str(p) for p in found if p.parts[0] != "build")

    @functools.cached_property
    def written(self):
        """Path -> text of each file that people wrote."""
        texts = {}
        for path in self.files:
            if not path.startswith(DATA) or path.endswith(".md"):
                try:
                    texts[path] = (self.root / path).read_text()
                except UnicodeDecodeError:
                    pass
        return texts

    def text(self, path):
        return self.written.get(path, "")

    def folders(self, under=""):
        """The names of the folders right below one."""
        prefix = under + "/" if under else ""
        rest = (f[len(prefix):] for f in self.files if f.startswith(prefix))
        return sorted({r.split("/")[0] for r in rest if "/" in r})

    @functools.cached_property
    def includes(self):
        """(file, line, what is included), of each quoted include of C++."""
        return [(path, number, match[1]) for path, text in self.written.items() if path.endswith(SOURCE)
                for number, line in enumerate(text.splitlines(), 1)
                if (match := re.match(r'\s*#\s*include\s+"([^"]+)"', line))]

    def ask(self, *words):
        return subprocess.run([self.salvor, *words], capture_output=True, text=True, timeout=20).stdout

    @functools.cached_property
    def commands(self):
        """Name -> summary, out of the one table."""
        return {c["name"]: c["summary"] for c in json.loads(self.ask("help", "-o", "json"))["commands"]}

    def manual(self, command):
        """The path of a command's page."""
        return f"tools/salvor/commands/{command.replace(' ', '_')}.md"
