#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the project against the rules of STYLE.md that no compiler knows.

    tools/tidy/tidy.py     prints `path:line: what (do this instead)`; exit status 1 with a finding
"""
import pathlib
import subprocess
import sys

import module_rules
import size_rules
import text_rules
from tree import read_tree

ROOT = pathlib.Path(__file__).resolve().parents[2]


def git(*arguments):
    done = subprocess.run(
        ["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else None


def allow_list_before():
    """The allow-list before its latest change, committed or not; None when it never changed."""
    path = size_rules.ALLOW_LIST
    at_head = git("show", f"HEAD:{path}")
    if at_head is None or at_head != (ROOT / path).read_text(encoding="utf-8"):
        return at_head
    last_change = (git("log", "-1", "--format=%H", "--", path) or "").strip()
    return git("show", f"{last_change}^:{path}")


def findings(tree, layers):
    yield from text_rules.check_banned_tokens(tree)
    yield from text_rules.check_open_work(tree)
    yield from text_rules.check_ascii(tree)
    yield from text_rules.check_columns(tree)
    yield from text_rules.check_first_lines(tree)
    yield from text_rules.check_registry_hosts(tree)
    yield from size_rules.check_sizes(tree)
    yield from module_rules.check_orphans(tree)
    yield from module_rules.check_includes(tree, layers)
    yield from module_rules.check_links(tree, layers)
    yield from module_rules.check_module_folders(tree, layers)


def main():
    tree = read_tree(ROOT)
    found = list(findings(tree, module_rules.read_layers()))
    before = allow_list_before()
    if before is not None:
        found += size_rules.check_allow_list_shrinks(tree[size_rules.ALLOW_LIST].text, before)
    for finding in sorted(found):
        print(finding)
    if not any(file.is_cxx for file in tree.values()):
        sys.exit("No C++ file found: the check looks at the wrong place.")
    print(f"{len(tree)} files, {len(found)} findings")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
