# SPDX-License-Identifier: Apache-2.0
"""The files of the project, as the rules see them."""
import dataclasses
import functools
import pathlib
import re
import subprocess

# Bytes that came from outside or are compared byte for byte: no rule of ours applies to them.
FOREIGN = ("tests/golden/", "fuzz/corpus/", "LICENSE")
CXX_FOLDERS = ("src/", "tests/", "fuzz/", "bench/")

# Comments and literals, so that a rule about code does not stumble over prose. A digit separator
# (1'000) is no character literal.
NOT_CODE = re.compile(
    r'//[^\n]*|/\*.*?\*/'
    r'|R"(?P<mark>[^()\s\\]*)\(.*?\)(?P=mark)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'",
    re.DOTALL)


@dataclasses.dataclass(frozen=True, order=True)
class Finding:
    path: str
    line: int
    what: str
    instead: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.what} ({self.instead})"


@dataclasses.dataclass(frozen=True)
class File:
    path: str
    text: str

    @functools.cached_property
    def lines(self):
        return self.text.splitlines()

    @property
    def name(self):
        return self.path.rsplit("/", 1)[-1]

    @property
    def folder(self):
        return self.path.rpartition("/")[0]

    @property
    def is_cxx(self):
        return self.path.endswith((".h", ".cc")) and self.path.startswith(CXX_FOLDERS)

    @property
    def is_test(self):
        return self.name.endswith(("_test.cc", "_fuzz.cc")) or self.path.startswith("tests/")

    @property
    def is_code(self):
        return (self.is_cxx or self.path.endswith((".py", ".cmake", "CMakeLists.txt"))
                or self.path.startswith(("script/", ".ci/")))

    @property
    def is_generated(self):
        return "/generated/" in self.path

    @functools.cached_property
    def code(self):
        """The text with comments blanked and literals emptied; every line keeps its number."""
        def blank(match):
            token = match.group()
            ends = '""' if token[0] in '"R' else "0" if token[0] == "'" else " "
            return ends + "\n" * token.count("\n")
        return NOT_CODE.sub(blank, self.text)

    @functools.cached_property
    def code_lines(self):
        return self.code.splitlines()


def module_of(path):
    """src/venue/coinbase/parse.h -> venue/coinbase; src/base/time.h -> base; else None."""
    parts = path.split("/")
    if parts[0] != "src" or len(parts) < 3:
        return None
    return "/".join(parts[1:3]) if parts[1] == "venue" and len(parts) > 3 else parts[1]


def read_tree(root):
    """Every text file that git tracks or would track, by path relative to the root."""
    listed = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True, text=True, check=True).stdout
    files = {}
    for path in sorted(set(filter(None, listed.split("\0")))):
        full = pathlib.Path(root) / path
        if path.startswith(FOREIGN) or not full.is_file():
            continue
        data = full.read_bytes()
        if b"\0" not in data:
            files[path] = File(path, data.decode("utf-8", errors="replace"))
    return files


def tree_of(**texts):
    """A small tree for the tests: tree_of(**{"src/base/x.h": "..."})."""
    return {path: File(path, text) for path, text in texts.items()}
