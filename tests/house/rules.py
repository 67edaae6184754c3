"""The rules of the house, each a function that takes a tree and yields a sentence for each place that breaks it."""
import fnmatch, itertools, os, re

import arrows

RULES = []


def rule(function):
    RULES.append(function)
    return function


@rule
def includes_are_written_from_the_root(tree):
    for path, number, included in tree.includes:
        # An .inc is made by the build, and lies below no folder of the tree.
        if not included.startswith(("formats/", "core/", "tools/", "tests/")) and not included.endswith(".inc"):
            yield f"{path}:{number}: include \"{included}\" from the root"


@rule
def no_include_goes_against_the_arrows(tree):
    for path, number, included in tree.includes:
        if "/" in included and "/" in path and (flaw := arrows.flaw(path, included)):
            yield f"{path}:{number}: {flaw}"


def cycles(edges):
    """One sentence for each cycle of a graph (from -> those it goes to) that a walk in depth meets."""
    done, stack = set(), []

    def walk(node):
        if node in stack:
            yield " -> ".join(stack[stack.index(node):] + [node])
        elif node not in done:
            stack.append(node)
            for other in sorted(edges.get(node, ())):
                yield from walk(other)
            done.add(stack.pop())

    for start in sorted(edges):
        yield from walk(start)


@rule
def no_includes_form_a_cycle(tree):
    files, rooms = {}, {}
    for path, _, included in tree.includes:
        files.setdefault(path, set()).add(included)
        room, other = ("/".join(p.split("/")[:2]) for p in (path, included))
        if path.split("/")[0] in arrows.LAYERS and room != other:
            rooms.setdefault(room, set()).add(other)
    yield from itertools.chain(cycles(files), cycles(rooms))


@rule
def no_name_says_nothing(tree):
    for path in tree.written:
        for part in path.split("/"):
            if {"util", "utils", "common", "misc", "helper", "helpers", "manager"} & set(re.split(r"[-_.]", part.lower())):
                yield f"{path}: name it after what is in it, not {part}"


@rule
def every_format_is_on_paper(tree):
    for room in tree.folders("formats"):
        if room not in ("base", "text") and f"formats/{room}/FORMAT.md" not in tree.files:
            yield f"formats/{room} has no FORMAT.md"


HEADINGS = ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXAMPLES", "MEMORY", "EXIT STATUS", "SEE ALSO"]


def section(page, heading):
    found = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", page, re.S | re.M)
    return found[1] if found else ""


@rule
def every_command_has_its_manual(tree):
    for command, summary in tree.commands.items():
        path, name = tree.manual(command), "salvor-" + command.replace(" ", "-")
        page = tree.text(path)
        if not page:
            yield f"{path} is missing, the page of `salvor {command}`"
            continue
        if (found := re.findall(r"^## (.*)$", page, re.M)) != HEADINGS:
            yield f"{path}: headings {', '.join(found)}; they are {', '.join(HEADINGS)}"
        if not page.startswith(f"# {name}\n") or section(page, "NAME").strip() != f"{name} - {summary}":
            yield f"{path}: the title is {name}, and NAME says `{name} - {summary}`, as the table of commands does"


@rule
def what_lies_among_the_commands_is_one(tree):
    names = {tree.manual(command)[:-3] for command in tree.commands}
    for path in tree.files:
        if path.startswith("tools/salvor/commands/") and os.path.splitext(path)[0] not in names:
            yield f"{path} bears no command's name"


@rule
def every_page_that_a_manual_names_exists(tree):
    pages = {"salvor"} | {"salvor-" + command.replace(" ", "-") for command in tree.commands}
    for path, page in tree.written.items():
        if path.startswith("tools/salvor/") and path.endswith(".md"):
            for name in re.findall(r"\b(salvor[\w-]*)\(1\)", page):
                if name not in pages:
                    yield f"{path}: there is no page {name}(1)"


def options_of_page(page):
    """The options of a manual's OPTIONS: of each term, a line before one with `: `."""
    lines = section(page, "OPTIONS").splitlines()
    terms = [line for line, below in zip(lines, lines[1:]) if below.startswith(": ")]
    return set(re.findall(r"`(--?\w[\w-]*)", "\n".join(terms)))


def options_of_help(text):
    """The options that --help lists, in salvor's own shape or in etcdutl's."""
    rows = re.findall(r"^ {2,6}(-.*?)(?:  |$)", text, re.M)
    return set(re.findall(r"(?:^|[ ,])(--?[A-Za-z][\w-]*)", "\n".join(rows), re.M))


@rule
def manual_and_help_list_the_same_options(tree):
    everywhere = options_of_page(tree.text("tools/salvor/salvor.md"))
    for command in tree.commands:
        helped = options_of_help(tree.ask(*command.split(), "--help"))
        paged = options_of_page(tree.text(tree.manual(command)))
        for option in sorted(helped - everywhere - paged):
            yield f"{tree.manual(command)}: OPTIONS has no {option}, `salvor {command} --help` has"
        for option in sorted(paged - helped):
            yield f"`salvor {command} --help` has no {option}, its manual has"


@rule
def every_command_has_its_help_test(tree):
    for command in tree.commands:
        folder = f"tests/cli/{command.split()[0]}/"
        if not any(re.search(rf"^\$ salvor {command} --help$", text, re.M)
                   for path, text in tree.written.items() if path.startswith(folder)):
            yield f"{folder}: no test has `$ salvor {command} --help`"


@rule
def every_link_into_the_tree_leads_somewhere(tree):
    for path, text in tree.written.items():
        if path.endswith(".md"):
            for link in re.findall(r"\[[^\]]*\]\(([^)\s]+)\)", text):
                target = os.path.normpath(os.path.join(os.path.dirname(path), link.split("#")[0]))
                if not re.match(r"[a-z]+:|#", link) and not (tree.root / target).exists():
                    yield f"{path}: {link} leads nowhere"


def map_of(readme):
    """Top folder -> what the map in the README says of it."""
    rows, top = {}, None
    for line in section(readme, "The tree").splitlines():
        if found := re.match(r"    (\w+)/\s+(.*)", line):
            top = found[1]
            rows[top] = found[2]
        elif top and line.startswith("     "):
            rows[top] += " " + line.strip()
    return rows


@rule
def the_map_is_true(tree):
    rows = map_of(tree.text("README.md"))
    for top in tree.folders():
        if not top.startswith(".") and top not in rows:
            yield f"README.md: the map has no {top}/"
    for top, said in rows.items():
        rooms = set(tree.folders(top))
        named = set(re.findall(r"([\w-]+)/", said)) - set(rows)
        if top in ("formats", "core") and (listed := re.search(r": ([\w-]+(?:, [\w-]+)*)", said)):
            named |= set(listed[1].split(", "))
        if top not in tree.folders():
            yield f"README.md: the map has {top}/, the tree has not"
        for room in sorted(named - rooms):
            yield f"README.md: the map has {top}/{room}, the tree has not"
        if top in ("formats", "core", "tests"):
            for room in sorted(rooms - set(re.findall(r"[\w-]+", said))):
                yield f"README.md: the map has no {top}/{room}"


REGISTRY = re.compile(r"\b(?:(?:proxy|sum|pkg)\.golang\.org|goproxy\.\w+|pypi\.org|pythonhosted\.org|registry\.npmjs\.org|"
                      r"crates\.io|rubygems\.org|(?:deb|security|snapshot)\.debian\.org|packages\.debian\.org)\b")


@rule
def no_registry_is_named(tree):
    for path, text in tree.written.items():
        for found in REGISTRY.finditer(text):
            yield f"{path}: names {found[0]}; leave it to the client's own settings"


@rule
def no_path_of_one_machine_is_named(tree):
    for path, text in tree.written.items():
        for found in re.finditer(r"(?<![\w.}*])/(?:home|root|Users|work|workspace|builds)/[\w.]+", text):
            yield f"{path}: {found[0]} is one machine's path"


@rule
def nothing_is_put_off(tree):
    for path, text in tree.written.items():
        for number, line in enumerate(text.splitlines(), 1):
            if found := re.search(r"\b(?:TO[D]O|FIX[M]E|X[X]X)\b", line):
                yield f"{path}:{number}: {found[0]}: do it, or file an issue"


@rule
def every_check_that_is_off_has_its_reason(tree):
    settings = tree.text(".clang-tidy")
    off = re.findall(r"(?<![\w*])-([a-z][\w.-]*[*\w])", re.sub(r"^#.*$", "", settings, flags=re.M))
    said = [re.fullmatch(r"#\s+((?:[a-z]+-[\w.*-]+(?:,\s+)?)+)\s+(\w+.* .*)", line) for line in settings.splitlines()]
    explained = {name for row in said if row for name in re.split(r",\s+", row[1].strip())}
    for check in off:
        if check not in explained:
            yield f".clang-tidy: {check} is off, and no line `#  {check}   why` says why"


@rule
def test_data_is_small(tree):
    size = sum((tree.root / path).stat().st_size for path in tree.files if path.startswith("testdata/"))
    if size > 20_000_000:
        yield f"testdata has {size} bytes, more than 20 MB"


@rule
def test_data_has_its_provenance(tree):
    """A row of the table is of the folders in its first cell; a file but an answer has its name in the row, too."""
    rows = [(re.findall(r"`([^`]+)`", line.split("|")[1]), re.findall(r"`([^`]+)`", line.split("|", 2)[2]))
            for line in tree.text("testdata/README.md").splitlines() if line.startswith("| `")]
    for path in tree.files:
        inner, name = path.removeprefix("testdata/"), os.path.basename(path)
        if inner == path or path == "testdata/README.md":
            continue
        plain = name.removesuffix(".zst").removesuffix(".tar")
        for folders, words in rows:
            near = [f for f in folders if fnmatch.fnmatch(inner, f) or fnmatch.fnmatch(inner, f + "/*")]
            if any("answers" in f for f in near) or (near and "/answers/" not in inner
                                                     and {plain, plain.rsplit(".", 1)[0]} & set(words)):
                break
        else:
            yield f"testdata/README.md: no row says where {inner} is from"
