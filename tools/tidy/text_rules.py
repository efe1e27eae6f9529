# SPDX-License-Identifier: Apache-2.0
"""Rules that look at one line at a time."""
import re

from tree import Finding, module_of

COLUMNS_MAX = 100
SPDX = "// SPDX-License-Identifier: Apache-2.0"

# Written in parts, because no file of ours may name one.
REGISTRY_HOSTS = [
    ("pypi", "org"), ("files", "pythonhosted", "org"), ("registry", "npmjs", "org"),
    ("registry", "yarnpkg", "com"), ("crates", "io"), ("repo1", "maven", "org"),
    ("repo", "maven", "apache", "org"), ("proxy", "golang", "org"), ("sum", "golang", "org"),
    ("rubygems", "org"), ("deb", "debian", "org"), ("security", "debian", "org"),
    ("archive", "ubuntu", "com"), ("anaconda", "org"), ("docker", "io"), ("ghcr", "io"),
    ("quay", "io"), ("gcr", "io"),
]
REGISTRY = re.compile(
    r"(?<![\w-])(" + "|".join(r"\.".join(host) for host in REGISTRY_HOSTS) + r")\b", re.IGNORECASE)


def outside(*prefixes):
    return lambda file: not file.path.startswith(prefixes)


def in_tests(file):
    return file.is_test


def in_modules_but_app(file):
    return module_of(file.path) not in (None, "app")


# (pattern in code, where it is banned, what to do instead)
BANNED = [
    (r"\bstd::sto(d|f|ld)\b", outside(), "use parse_decimal: prices are never doubles"),
    (r"\b(v?[fs]|v?sn|v)?printf\s*\(", outside(), "use fmt"),
    (r"\bstd::(cout|cerr)\b", in_modules_but_app,
     "return it or log it: only app writes to the terminal"),
    (r"\b(system|steady|high_resolution)_clock::now\b", outside("src/base/clock", "bench/"),
     "take the time as an argument, or a base Clock"),
    (r"\bsleep_(for|until)\b", in_tests, "drive a fake clock: tests never wait for the wall clock"),
    (r"#\s*include\s*<ranges>", outside(), "use <algorithm>: clang 14 fails on this header"),
    (r"\btimestamp\b", outside(), "say ts_event or ts_recv"),
]
BANNED = [(re.compile(pattern), where, instead) for pattern, where, instead in BANNED]


def check_banned_tokens(tree):
    for file in tree.values():
        if not file.is_cxx:
            continue
        for number, line in enumerate(file.code_lines, 1):
            for pattern, where, instead in BANNED:
                match = pattern.search(line)
                if match and where(file):
                    yield Finding(file.path, number, f"banned: {match.group().strip()}", instead)


def check_open_work(tree):
    for file in tree.values():
        if not file.is_code or file.path.startswith("tools/tidy/"):
            continue
        for number, line in enumerate(file.lines, 1):
            if re.search(r"\bFIXME\b", line):
                yield Finding(file.path, number, "FIXME", "mend it, or write an issue and TODO(#n)")
            if re.search(r"\bTODO\b(?!\(#\d+\))", line):
                yield Finding(file.path, number, "TODO without an issue", "write TODO(#n)")


def check_ascii(tree):
    for file in tree.values():
        for number, line in enumerate(file.lines, 1):
            if not line.isascii():
                odd = next(character for character in line if not character.isascii())
                yield Finding(file.path, number, f"non-ASCII character {ascii(odd)}",
                              "write it in ASCII, or as an escape in a literal")


def check_columns(tree):
    for file in tree.values():
        for number, line in enumerate(file.lines, 1):
            if file.is_code and len(line) > COLUMNS_MAX:
                yield Finding(file.path, number, f"{len(line)} columns", f"at most {COLUMNS_MAX}")


def check_first_lines(tree):
    for file in tree.values():
        if not file.is_cxx:
            continue
        head = file.lines[:2]
        # tests/compile_fail wants its expectation first.
        if head and head[0].startswith("// expect: "):
            head = head[1:]
        if not head or head[0] != SPDX:
            yield Finding(file.path, 1, "no SPDX line", f"begin with `{SPDX}`")
        if file.path.endswith(".h") and "#pragma once" not in file.code_lines:
            yield Finding(file.path, 1, "no #pragma once", "add it below the SPDX line")


def check_registry_hosts(tree):
    for file in tree.values():
        for number, line in enumerate(file.lines, 1):
            match = REGISTRY.search(line)
            if match:
                yield Finding(file.path, number, f"names the package registry {match.group(1)}",
                              "let the package client's own configuration say where")
