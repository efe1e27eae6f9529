# SPDX-License-Identifier: Apache-2.0
"""The column "Tool refuses" of STYLE.md's size table, and the list of exceptions."""
import dataclasses
import re

from functions import find_functions
from tree import Finding

ALLOW_LIST = "tools/tidy/allow.txt"
FUNCTION_LINES_MAX = 80
PARAMETERS_MAX = 6
# Where the monster file of every large codebase grew: half the limit.
COORDINATORS = re.compile(r"^src/(feed/session|stream/runner|app/main)\b")


@dataclasses.dataclass(frozen=True)
class Excess:
    """One rule that one file breaks, by its worst place."""
    rule: str
    path: str
    size: int
    finding: Finding


def file_lines_max(file):
    limit = 800 if file.is_test else 400 if file.path.endswith(".h") else 600
    return limit // 2 if COORDINATORS.match(file.path) else limit


def excesses(tree):
    for file in tree.values():
        if not file.is_cxx or file.is_generated:
            continue
        limit = file_lines_max(file)
        if len(file.lines) > limit:
            finding = Finding(file.path, limit + 1, f"{len(file.lines)} lines",
                              f"split it, at most {limit}")
            yield Excess("file_lines", file.path, len(file.lines), finding)
        for function in find_functions(file.code):
            if function.lines > FUNCTION_LINES_MAX:
                finding = Finding(file.path, function.line,
                                  f"{function.name} has {function.lines} lines",
                                  f"split it, at most {FUNCTION_LINES_MAX}")
                yield Excess("function_lines", file.path, function.lines, finding)
            if function.parameters > PARAMETERS_MAX:
                finding = Finding(file.path, function.line,
                                  f"{function.name} takes {function.parameters} parameters",
                                  f"use an options struct, at most {PARAMETERS_MAX}")
                yield Excess("parameters", file.path, function.parameters, finding)


def read_allow_list(text):
    """Lines `rule path size` -> {(rule, path): (size, line number)}."""
    entries = {}
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            rule, path, size = line.split()
            entries[rule, path] = (int(size), number)
    return entries


def check_sizes(tree):
    allowed = read_allow_list(tree[ALLOW_LIST].text) if ALLOW_LIST in tree else {}
    worst = {}
    for excess in excesses(tree):
        key = (excess.rule, excess.path)
        worst[key] = max(worst.get(key, 0), excess.size)
        if excess.size > allowed.get(key, (0, 0))[0]:
            yield excess.finding
    for (rule, path), (size, number) in allowed.items():
        actual = worst.get((rule, path), 0)
        if actual < size:
            instead = f"lower it to {actual}" if actual else "delete the line"
            yield Finding(ALLOW_LIST, number, f"{rule} {path} no longer needs {size}", instead)


def check_allow_list_shrinks(now, before):
    """Both are texts of the allow-list; an entry may go or become smaller, never come or grow."""
    known = read_allow_list(before)
    for (rule, path), (size, number) in read_allow_list(now).items():
        if size > known.get((rule, path), (0, 0))[0]:
            yield Finding(ALLOW_LIST, number, f"{rule} {path} {size} is new or has grown",
                          "the list may only shrink: split the code")
