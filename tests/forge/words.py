"""Reads NAME.flaw: a file with one flaw, told in words.

    # why this flaw is worth a file
    base: snapshot 3.6                  see bases
    with: deep tree, stored freelist    optional; see bases.OPTIONS
    flaw: set id of first leaf of key to 7
                                        one sentence; see verbs. Without it the file is sound
    asked: --expect-cluster 5           optional: options that verify is given
    finds: page-id error                the rule that must find it, and its severity; or `nothing`
    at: first leaf of key               optional: where it is found, when not where the flaw was put
    also: page-excess error             optional, several: what else is rightly said
    loses: rows                         optional: rows are lost by it, so that errors of the
                                        record and revision layers are rightly said, too
    says: header says page 7            optional: a piece of the finding's message
    page-sizes: 4096                    optional: when not 4096, 16384 and 65536

Anything else is an error.
"""

import dataclasses
import pathlib
import re

from forge import bases

KEYS = ("base", "with", "flaw", "asked", "finds", "at", "also", "loses", "says", "page-sizes")
SEVERITIES = ("error", "warning", "note")


class WordsError(Exception):
    """A word that means nothing."""


@dataclasses.dataclass
class Expected:
    rule: str
    severity: str


@dataclasses.dataclass
class Words:
    name: str
    base: bases.Base
    flaw: str | None
    asked: list
    finds: Expected | None
    at: str | None
    also: list
    loses_rows: bool
    says: str | None
    page_sizes: tuple


def parse_lines(text, name):
    found = {key: [] for key in KEYS}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        key, colon, value = line.partition(": ")
        if key not in KEYS or not colon or not value.strip():
            raise WordsError(
                f"{name}:{number}: {line!r} is not `KEY: VALUE` with one of {', '.join(KEYS)}"
            )
        found[key].append(value.strip())
    for key, values in found.items():
        if len(values) > 1 and key != "also":
            raise WordsError(f"{name}: {key} is given {len(values)} times")
    return found


def parse_expected(text, name):
    rule, _, severity = text.partition(" ")
    if not re.fullmatch(r"[a-z0-9-]+", rule) or severity not in SEVERITIES:
        raise WordsError(
            f"{name}: {text!r} is not `RULE SEVERITY` with one of {', '.join(SEVERITIES)}"
        )
    return Expected(rule, severity)


def parse_base(text, options, name):
    kind, _, line = text.partition(" ")
    if kind not in ("snapshot", "db", "directory") or line not in ("3.4", "3.5", "3.6", "3.7"):
        raise WordsError(
            f"{name}: base {text!r} is none of snapshot, db, directory with 3.4, 3.5, 3.6 or 3.7"
        )
    chosen = frozenset(word.strip() for word in options.split(",")) if options else frozenset()
    unknown = chosen - bases.OPTIONS.keys()
    if unknown:
        raise WordsError(f"{name}: no such option: {', '.join(sorted(unknown))}")
    return bases.Base(kind, line, chosen)


def parse_sizes(text, name):
    if text is None:
        return bases.PAGE_SIZES
    sizes = bases.ALL_PAGE_SIZES if text == "all" else tuple(int(word) for word in text.split())
    if not sizes or not set(sizes) <= set(bases.ALL_PAGE_SIZES):
        raise WordsError(f"{name}: page sizes are powers of two from 512 to 65536, or `all`")
    return sizes


def parse(text, name):
    found = parse_lines(text, name)
    one = {key: values[0] if values else None for key, values in found.items()}
    if not one["base"] or not one["finds"]:
        raise WordsError(f"{name}: `base` and `finds` are missing or one of them is")
    if one["loses"] not in (None, "rows"):
        raise WordsError(f"{name}: what is lost is `rows`")
    finds = None if one["finds"] == "nothing" else parse_expected(one["finds"], name)
    return Words(
        name,
        parse_base(one["base"], one["with"], name),
        one["flaw"],
        (one["asked"] or "").split(),
        finds,
        one["at"],
        [parse_expected(text, name) for text in found["also"]],
        one["loses"] is not None,
        one["says"],
        parse_sizes(one["page-sizes"], name),
    )


def read_all(folder):
    """Every *.flaw below the folder, by name."""
    folder = pathlib.Path(folder)
    return [
        parse(path.read_text(), str(path.relative_to(folder).with_suffix("")))
        for path in sorted(folder.rglob("*.flaw"))
    ]
