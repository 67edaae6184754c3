"""Small trees, each broken in one way: proof that every rule can fail, and that a whole tree passes all."""
import pathlib, tempfile

import rules
from tree import Tree

PAGE = """# salvor-look

## NAME

salvor-look - look at it

## SYNOPSIS

## DESCRIPTION

## OPTIONS

`-o`, `--output` FORMAT
: text or json.

## EXAMPLES

## MEMORY

## EXIT STATUS

## SEE ALSO

salvor(1)
"""
PROGRAM = """#!/bin/sh
case "$*" in
"help -o json") echo '{"commands": [{"name": "look", "summary": "look at it"}]}' ;;
"look --help") printf 'usage: salvor look\\n\\n  -o, --output FORMAT  text or json\\n\\n  -h, --help  these lines\\n' ;;
esac
"""
WHOLE = {
    "README.md": "See [the format](formats/wal/FORMAT.md).\n\n## The tree\n\n    formats/    bytes: base, wal\n"
                 "    core/       meaning: verify\n    tools/      the program\n    testdata/   real data\n    tests/      cli/\n",
    ".clang-tidy": "#  misc-noise   it is noise here\nChecks: >\n  -*,misc-*,\n  -misc-noise\n",
    "formats/base/bytes.hpp": "#pragma once\n",
    "formats/wal/FORMAT.md": "Frames.\n",
    "formats/wal/log.hpp": '#include "formats/base/bytes.hpp"\n',
    "core/verify/verify.cpp": '#include "formats/wal/log.hpp"\n',
    "tools/salvor/salvor.md": "## OPTIONS\n\n`-h`, `--help`\n: these lines.\n",
    "tools/salvor/commands/look.cpp": '#include "core/verify/verify.hpp"\n',
    "tools/salvor/commands/look.md": PAGE,
    "testdata/README.md": "| `real/one` | etcd | `rich` |\n",
    "testdata/real/one/rich.db.zst": "",
    "tests/cli/look/help.test": "look has its help\n$ salvor look --help\n",
}
# Rule, then what breaks it: a path, and its text (None: the file is missing).
BREAKS = [
    ("includes_are_written_from_the_root", "core/verify/other.cpp", '#include "verify.hpp"\n'),
    ("no_include_goes_against_the_arrows", "formats/wal/record.hpp", '#include "core/verify/verify.hpp"\n'),
    ("no_include_goes_against_the_arrows", "formats/base/cursor.hpp", '#include "formats/wal/log.hpp"\n'),
    ("no_include_goes_against_the_arrows", "core/verify/rules.hpp", '#include "tools/salvor/options.hpp"\n'),
    ("no_includes_form_a_cycle", "formats/base/bytes.hpp", '#include "formats/base/bytes.hpp"\n'),
    ("no_name_says_nothing", "core/verify/string_util.hpp", ""),
    ("every_format_is_on_paper", "formats/wal/FORMAT.md", None),
    ("every_command_has_its_manual", "tools/salvor/commands/look.md", None),
    ("every_command_has_its_manual", "tools/salvor/commands/look.md", PAGE.replace("## MEMORY\n", "")),
    ("every_command_has_its_manual", "tools/salvor/commands/look.md", PAGE.replace("- look", "- gaze")),
    ("what_lies_among_the_commands_is_one", "tools/salvor/commands/answer.cpp", ""),
    ("every_page_that_a_manual_names_exists", "tools/salvor/salvor.md", "`-h`\n: lines\n\nsalvor-gaze(1)\n"),
    ("manual_and_help_list_the_same_options", "tools/salvor/commands/look.md", PAGE.replace("`-o`, ", "")),
    ("manual_and_help_list_the_same_options", "tools/salvor/commands/look.md", PAGE.replace("`-o`", "`-o`, `--more`")),
    ("every_command_has_its_help_test", "tests/cli/look/help.test", "look has its help\n$ salvor look\n"),
    ("every_link_into_the_tree_leads_somewhere", "formats/wal/FORMAT.md", "See [the other](../snap/FORMAT.md).\n"),
    ("the_map_is_true", "core/audit/audit.cpp", ""),
    ("the_map_is_true", "core/verify/verify.cpp", None),
    ("the_map_is_true", "extra/notes.txt", ""),
    ("no_registry_is_named", "tests/run", "GOPROXY=https://proxy." "golang.org\n"),
    ("no_path_of_one_machine_is_named", "tests/run", "cd /ho" "me/me/salvor\n"),
    ("nothing_is_put_off", "core/verify/verify.cpp", "// TO" "DO: the rest\n"),
    ("every_check_that_is_off_has_its_reason", ".clang-tidy", "Checks: >\n  -*,misc-*,\n  -misc-noise\n"),
    ("test_data_is_small", "testdata/real/one/rich.db.zst", " " * 20_000_001),
    ("test_data_has_its_provenance", "testdata/real/one/poor.db", ""),
    ("test_data_has_its_provenance", "testdata/real/two/rich.db", ""),
]


def fired(files):
    """The names of the rules that a tree of these files breaks."""
    with tempfile.TemporaryDirectory(prefix="salvor-house-") as folder:
        root = pathlib.Path(folder)
        for path, text in {**files, "build/dev/bin/salvor": PROGRAM}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        program = root / "build/dev/bin/salvor"
        program.chmod(0o755)
        tree = Tree(root, program)
        return {rule.__name__ for rule in rules.RULES if list(rule(tree))}


def flaws():
    """A sentence for each rule that does not fire where it should, or fires where it should not."""
    if found := fired(WHOLE):
        yield f"a whole tree breaks {', '.join(sorted(found))}"
    for rule, path, text in BREAKS:
        files = {**WHOLE, path: text}
        if rule not in fired({p: t for p, t in files.items() if t is not None}):
            yield f"{path} as {text and text[:60]!r} does not break {rule}"
    for rule in {r.__name__ for r in rules.RULES} - {name for name, _, _ in BREAKS}:
        yield f"no tree here breaks {rule}"


def count():
    return 1 + len(BREAKS)
