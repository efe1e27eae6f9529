#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the command blocks of documents, as printed, from the repository's root.

    tools/docs/run_blocks.py README.md HACKING.md

A block fenced as `sh` is one script: it must end with status 0. A block without a language right
behind it is what the script prints, to the byte. Closes with 'N passed, N failed'; exit status 1
when one fails, or when a document has no block.
"""
import dataclasses
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SECONDS_MAX = 1800


@dataclasses.dataclass
class Block:
    line: int
    script: str
    expected: str | None = None


def blocks_of(text):
    """The command blocks of a document, each with the output printed right behind it."""
    blocks, fence, lines, last = [], None, [], None
    for number, line in enumerate(text.splitlines(), 1):
        if fence is None:
            if line.startswith("```"):
                fence, start, lines = line[3:].strip(), number, []
            elif line.strip():
                last = None
            continue
        if line != "```":
            lines.append(line + "\n")
            continue
        if fence in ("bash", "console", "shell"):
            raise SystemExit(f"line {start}: a block of commands is fenced as sh")
        if fence == "sh":
            last = Block(start, "".join(lines))
            blocks.append(last)
        else:
            if fence == "" and last is not None:
                last.expected = "".join(lines)
            last = None
        fence = None
    if fence is not None:
        raise SystemExit(f"line {start}: the block does not end")
    return blocks


def run(block, root):
    """What is wrong with the block, or nothing."""
    # script/test, the README's own test, is what runs this: it looks whether that is true.
    environment = dict(os.environ, TAPELINE_TESTING=str(os.getpid()))
    try:
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", block.script], cwd=root,
                              env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=SECONDS_MAX, check=False)
    except subprocess.TimeoutExpired:
        return f"took more than {SECONDS_MAX} s"
    if done.returncode != 0:
        return f"exit status {done.returncode}\n{(done.stdout + done.stderr)[-4000:]}"
    if block.expected is not None and done.stdout != block.expected:
        return f"printed something else:\n{done.stdout}"
    return ""


def main(paths, root=ROOT):
    passed = failed = 0
    for path in paths:
        blocks = blocks_of((root / path).read_text(encoding="utf-8"))
        if not blocks:
            print(f"{path}: has no command block")
            failed += 1
        for block in blocks:
            wrong = run(block, root)
            print(f"{path}:{block.line}: {wrong or 'ok'}", flush=True)
            passed, failed = passed + (not wrong), failed + bool(wrong)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
