# SPDX-License-Identifier: Apache-2.0
"""Rules about modules: who includes whom, who links whom, and that CMake knows every file."""
import pathlib
import re
import tomllib

from tree import Finding, module_of

LAYERS = pathlib.Path(__file__).parent / "layers.toml"
# Headers only: a generated table (.inc) is found in the build directory.
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+\.h)"')
CALL = re.compile(r"\b(tapeline_module|target_link_libraries)\s*\(([^()]*)\)")
# Compiled by a GLOB, or on purpose by no target.
NOT_LISTED = ("tests/compile_fail/", "tests/canary/tidy_canary.cc")


def read_layers():
    return tomllib.loads(LAYERS.read_text(encoding="utf-8"))["allowed"]


def may_use(layers, user, used):
    """Whether module `user` may include or link module `used`."""
    allowed = layers.get("venue/*" if user.startswith("venue/") else user, [])
    if user == used or "*" in allowed or used in allowed:
        return True
    return used.startswith("venue/") and "venue" in allowed and not user.startswith("venue")


def is_known(layers, module):
    return module in layers or module.startswith("venue/")


def allowed_text(layers, user):
    allowed = layers.get("venue/*" if user.startswith("venue/") else user, [])
    return f"{user} may use: {', '.join(allowed) or 'no module'}"


def check_includes(tree, layers):
    for file in tree.values():
        user = module_of(file.path)
        if not file.is_cxx:
            continue
        for number, line in enumerate(file.lines, 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            # The slow references that the fuzzers use are at hand in tests too.
            if file.name.endswith("_test.cc") and f"fuzz/{match[1]}" in tree:
                continue
            if user and f"src/{match[1]}" not in tree:
                yield Finding(file.path, number, f'no file src/{match[1]}',
                              "include our headers by their path from src/")
                continue
            used = module_of(f"src/{match[1]}")
            if user and not may_use(layers, user, used):
                yield Finding(file.path, number, f"module {user} includes {used}",
                              allowed_text(layers, user))


def check_links(tree, layers):
    for file in tree.values():
        user = module_of(file.path)
        if user is None or file.name != "CMakeLists.txt":
            continue
        # Comments go; newlines stay, so that a position still tells its line.
        text = re.sub(r"#[^\n]*", "", file.text)
        for call in CALL.finditer(text):
            for word in re.finditer(r"\btapeline_(\w+)", call[2]):
                used = module_of_target(layers, word[1])
                if used is None or may_use(layers, user, used):
                    continue
                number = text.count("\n", 0, call.start(2) + word.start()) + 1
                yield Finding(file.path, number, f"module {user} links {word[0]}",
                              allowed_text(layers, user))


def module_of_target(layers, name):
    """base -> base; venue_coinbase -> venue/coinbase; a target that is no module -> None."""
    if name.startswith("venue_"):
        return "venue/" + name.removeprefix("venue_")
    return name if name in layers else None


def check_module_folders(tree, layers):
    text = tree["src/CMakeLists.txt"].text if "src/CMakeLists.txt" in tree else ""
    listed = cmake_words(text)
    modules = {}
    for file in tree.values():
        module = module_of(file.path)
        if module:
            modules.setdefault(module, file)
    for module, file in modules.items():
        if not is_known(layers, module):
            yield Finding(file.path, 1, f"module {module} has no layer",
                          "add it to tools/tidy/layers.toml and to ARCHITECTURE.md")
        if f"src/{module}/CMakeLists.txt" not in tree:
            yield Finding(file.path, 1, f"src/{module} has no CMakeLists.txt",
                          "call tapeline_module in it")
        if module not in listed:
            yield Finding("src/CMakeLists.txt", 1, f"{module} is not listed",
                          "add it in layer order")


def check_orphans(tree):
    for file in tree.values():
        if not file.path.endswith(".cc") or not file.is_cxx or file.path.startswith(NOT_LISTED):
            continue
        if not any(named_in(tree, folder, file) for folder in parents(file.path)):
            yield Finding(file.path, 1, "in no CMakeLists.txt", "add it to a target or delete it")


def parents(path):
    parts = path.split("/")[:-1]
    return ["/".join(parts[:count]) for count in range(len(parts), 0, -1)]


def named_in(tree, folder, file):
    lists = tree.get(f"{folder}/CMakeLists.txt")
    if lists is None:
        return False
    return file.path.removeprefix(folder + "/") in cmake_words(lists.text)


def cmake_words(text):
    return re.split(r"[\s()]+", re.sub(r"#[^\n]*", "", text))
