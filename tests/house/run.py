#!/usr/bin/env python3
"""Whether the tree keeps the rules of the house (rules.py), and whether each rule can be broken (broken.py).

usage: run.py [--root FOLDER] [--salvor PROGRAM]
"""
import argparse, pathlib, sys

import broken
from rules import RULES
from tree import Tree

SHOWN = 20  # places of one rule
HERE = pathlib.Path(__file__).resolve().parent


def built(root):
    """The newest program that was built of the tree."""
    programs = sorted(root.glob("build/*/bin/salvor"), key=lambda p: p.stat().st_mtime)
    if not programs:
        sys.exit(f"house: no build/*/bin/salvor in {root}; build it first, for its commands are asked for")
    return programs[-1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=pathlib.Path, default=HERE.parent.parent)
    parser.add_argument("--salvor", type=pathlib.Path, help="the tree's program, by default the one built last")
    args = parser.parse_args()
    tree = Tree(args.root, args.salvor or built(args.root))
    failed = 0
    for rule in RULES:
        places = list(rule(tree))
        if places:
            failed += 1
            print(f"FAILED {rule.__name__.replace('_', ' ')}")
            print("\n".join("    " + place for place in places[:SHOWN] + [f"and {len(places) - SHOWN} more"][:len(places) > SHOWN]))
    for flaw in broken.flaws():
        failed += 1
        print(f"FAILED {flaw}")
    print(f"house: {len(RULES) + broken.count() - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
