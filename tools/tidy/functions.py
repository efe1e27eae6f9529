# SPDX-License-Identifier: Apache-2.0
"""Finds C++ functions, their length and parameters by matching braces: no parser, a heuristic."""
import dataclasses
import re

PREPROCESSOR = re.compile(r"^[ \t]*#(?:\\\n|[^\n])*", re.MULTILINE)
SCOPE = re.compile(r"^(?:inline\s+)?(?:namespace|class|struct|union|enum|extern)\b")
OPERATOR = re.compile(r"\boperator\s*(?:\(\s*\)|[^\s\w(]+)")
ATTRIBUTE = re.compile(r"\[\[.*?\]\]", re.DOTALL)
NOT_A_NAME = re.compile(r"\b(?:alignas|decltype|explicit|requires|noexcept)\s*$")
ACCESS = re.compile(r"(?:public|private|protected)\s*$")


@dataclasses.dataclass(frozen=True)
class Function:
    name: str
    line: int
    lines: int  # 0 for a declaration
    parameters: int


def find_functions(code):
    """Functions in code without comments (File.code), in the order of their ends."""
    code = PREPROCESSOR.sub(lambda match: "\n" * match.group().count("\n"), code)
    found, blocks = [], []  # a block: (scope, function, initialiser or other; head; its line)
    head, head_line, line = "", 1, 1
    for character in code:
        inside = any(kind in ("function", "other") for kind, _, _ in blocks)
        if character == "{":
            blocks.append((_kind(head, inside), head, head_line))
            head = ""
        elif character == "}" and blocks:
            kind, opened_by, start = blocks.pop()
            head = opened_by + "{}" if kind == "initialiser" else ""
            head_line = start if kind == "initialiser" else head_line
            if kind == "function" and not inside_function(blocks):
                found.append(_function(opened_by, start, line - start + 1))
        elif character == ";" and _parentheses(head) == 0:
            if not inside and _parameters(head) is not None:
                found.append(_function(head, head_line, 0))
            head = ""
        elif character == ":" and ACCESS.match(head):
            head = ""
        elif head or not character.isspace():
            if not head:
                head_line = line
            head += character
        line += character == "\n"
    return found


def inside_function(blocks):
    return any(kind == "function" for kind, _, _ in blocks)


def _kind(head, inside):
    if inside:
        return "other"
    plain = _plain(head)
    parameters = _parameters(head)
    if SCOPE.match(plain) and parameters is None:
        return "scope"
    if parameters is None:
        return "other" if plain else "scope"
    if _parentheses(head) > 0:
        return "initialiser"  # a default argument: f(Options options = {})
    in_initialisers = re.search(r"\)[^()]*(?<!:):(?!:)", plain)
    if in_initialisers and not plain.endswith((")", "}")):
        return "initialiser"  # Thing(int a) : a_{a}
    return "function"


def _plain(head):
    """The head without attributes, template parameters and operator symbols."""
    plain = OPERATOR.sub("operator_", ATTRIBUTE.sub(" ", head)).strip()
    while plain.startswith("template"):
        plain = _after_angles(plain)
    return plain


def _after_angles(text):
    depth = 0
    for index, character in enumerate(text):
        depth += (character == "<") - (character == ">")
        if character == ">" and depth == 0:
            return text[index + 1:].strip()
    return ""


def _parentheses(text):
    return text.count("(") - text.count(")")


def _parameter_list(head):
    """(name, text between the parentheses) of the first group that is a parameter list, or None."""
    plain = _plain(head)
    start = plain.find("(")
    while start >= 0:
        before = plain[:start].rstrip()
        depth, end = 0, start
        for end in range(start, len(plain)):
            depth += (plain[end] == "(") - (plain[end] == ")")
            if depth == 0:
                break
        if "=" in before or not re.search(r"[\w>]$", before):
            return None  # an initialiser, or no name in front
        if not NOT_A_NAME.search(before):
            return re.search(r"[~\w:]*$", before).group(), plain[start + 1:end]
        start = plain.find("(", end)
    return None


def _parameters(head):
    group = _parameter_list(head)
    if group is None or re.match(r"(using|typedef|static_assert|return|throw)\b", _plain(head)):
        return None
    text = group[1].strip()
    if text in ("", "void"):
        return 0
    depth, commas = 0, 0
    for character in text:
        depth += (character in "(<[{") - (character in ")>]}")
        commas += character == "," and depth == 0
    return commas + 1


def _function(head, line, lines):
    name, _ = _parameter_list(head) or ("?", "")
    return Function(name, line, lines, _parameters(head) or 0)
