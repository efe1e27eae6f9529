#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs clang-tidy-14 over what the given build directories compile: our .cc files, or in a unity
build the large files that stand for them. Tests only with --tests.

    tools/run_tidy.py [--tests] build/asan [build/dev ...]

First the alarm itself: clang-tidy must find every fault planted in tests/canary/tidy_canary.cc.
A file that passed is remembered, in the first build directory, by the hash of all that its result
depends on.
Closes with 'N passed, N failed'; exit status 1 when one fails.
"""
import concurrent.futures
import functools
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
CONFIG = ROOT / ".clang-tidy"
CANARY = ROOT / "tests" / "canary" / "tidy_canary.cc"
TIDY = "clang-tidy-14"
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)
EXPECT = re.compile(r"// expect: (\S+)")
FINDING = re.compile(r"^[^\n]*tidy_canary\.cc:(\d+):\d+: \w+: .*\[([\w.,-]+)\]$", re.MULTILINE)


def run_clang_tidy(path, flags):
    # A large file of a unity build includes .cc files; that is all it does.
    checks = ["--checks=-bugprone-suspicious-include"] if "Unity" in path.parts else []
    command = [TIDY, "--quiet", f"--config-file={CONFIG}", *checks, str(path), "--", *flags]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def canary_misses(output, source):
    """The planted faults, as (line, check), that the output does not report."""
    found = {(int(line), check)
             for line, names in FINDING.findall(output) for check in names.split(",")}
    expected = [(number, check) for number, text in enumerate(source.splitlines(), 1)
                for check in EXPECT.findall(text)]
    if not expected:
        raise SystemExit(f"{CANARY}: plants no fault, so it proves nothing")
    return [miss for miss in expected if miss not in found]


def flags_for_clang(entry):
    """How clang reads the file; not the launcher, GCC's warnings or the output."""
    words = shlex.split(entry["command"])
    flags, keep_next = [], False
    for word in words:
        if keep_next or word.startswith(("-I", "-D", "-U", "-std=", "-march=")):
            flags.append(word)
        keep_next = word in ("-isystem", "-include")
        if keep_next:
            flags.append(word)
    return flags


def is_checked(path, build_dirs, with_tests):
    """Not what the build makes for itself, like a file that includes one header."""
    parts = path.parts
    is_test = path.name.endswith("_test.cc") or any(part.endswith("_test.dir") for part in parts)
    is_made = any(path.is_relative_to(directory) for directory in build_dirs)
    return (with_tests or not is_test) and (not is_made or "Unity" in parts)


def compiled_files(build_dirs, with_tests):
    """The files and their flags, from the first directory that compiles the file."""
    files = {}
    for build_dir in build_dirs:
        database = build_dir / "compile_commands.json"
        if not database.is_file():
            raise SystemExit(f"{database} is missing: configure that preset first")
        for entry in json.loads(database.read_text(encoding="utf-8")):
            path = pathlib.Path(entry["file"])
            if is_checked(path, build_dirs, with_tests):
                files.setdefault(path, flags_for_clang(entry))
    return files


@functools.cache
def direct_includes(path):
    names = INCLUDE.findall(path.read_text(encoding="utf-8"))
    candidates = [base / name for name in names for base in (ROOT / "src", path.parent)]
    return [candidate.resolve() for candidate in candidates if candidate.is_file()]


def with_headers(path):
    """The file and every project header it reaches."""
    reached, todo = set(), [path]
    while todo:
        current = todo.pop()
        if current not in reached:
            reached.add(current)
            todo.extend(direct_includes(current))
    return sorted(reached)


def fingerprint(path, flags, version):
    digest = hashlib.sha256("\0".join([version, str(path), *flags]).encode())
    for part in [CONFIG, *with_headers(path)]:
        digest.update(hashlib.sha256(part.read_bytes()).digest())
    return digest.hexdigest()


def check_file(path, flags, passed_mark):
    if passed_mark.exists():
        return True, ""
    status, output = run_clang_tidy(path, flags)
    if status == 0:
        passed_mark.touch()
    return status == 0, output


def check_canary():
    source = CANARY.read_text(encoding="utf-8")
    _, output = run_clang_tidy(CANARY, ["-std=c++20"])
    misses = canary_misses(output, source)
    for line, check in misses:
        print(f"{CANARY.relative_to(ROOT)}:{line}: {check} does not see the planted fault "
              "(mend .clang-tidy: a check is off or misspelt)")
    return not misses


def main():
    with_tests = "--tests" in sys.argv[1:]
    build_dirs = [pathlib.Path(argument).resolve()
                  for argument in sys.argv[1:] if argument != "--tests"]
    if not build_dirs:
        raise SystemExit(__doc__)
    files = compiled_files(build_dirs, with_tests)
    marks = build_dirs[0] / "tidy_passed"
    marks.mkdir(exist_ok=True)
    version = subprocess.run(
        [TIDY, "--version"], capture_output=True, text=True, check=True).stdout
    passed = failed = 0
    passed += (canary := check_canary())
    failed += not canary
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        jobs = {}
        for path, flags in sorted(files.items()):
            mark = marks / fingerprint(path, flags, version)
            jobs[pool.submit(check_file, path, flags, mark)] = path
        for job in concurrent.futures.as_completed(jobs):
            good, output = job.result()
            passed += good
            failed += not good
            if not good:
                print(f"FAIL {jobs[job].relative_to(ROOT)}\n{output.strip()}", flush=True)
    if not files:
        print("The compile database names no file of ours.")
        failed += 1
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
