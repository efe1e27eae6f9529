# SPDX-License-Identifier: Apache-2.0
import unittest

from size_rules import ALLOW_LIST, check_allow_list_shrinks, check_sizes
from tree import tree_of


def found(path, text, allow=""):
    tree = tree_of(**{path: text, ALLOW_LIST: allow})
    return [str(finding) for finding in check_sizes(tree)]


def function(lines, parameters=0):
    arguments = ", ".join(f"int a{i}" for i in range(parameters))
    return f"void f({arguments}) {{\n" + "g();\n" * (lines - 2) + "}\n"


class FileLines(unittest.TestCase):
    def test_limits_by_kind_of_file(self):
        for path, limit in (("src/base/x.h", 400), ("src/base/x.cc", 600),
                            ("src/base/x_test.cc", 800), ("fuzz/x_fuzz.cc", 800),
                            ("tests/golden_test.cc", 800), ("src/stream/runner.cc", 300),
                            ("src/app/main.cc", 300)):
            with self.subTest(path):
                self.assertEqual(found(path, "//\n" * limit), [])
                self.assertEqual(
                    found(path, "//\n" * (limit + 1)),
                    [f"{path}:{limit + 1}: {limit + 1} lines (split it, at most {limit})"])

    def test_generated_files_are_exempt(self):
        self.assertEqual(found("src/base/generated/x.cc", "//\n" * 5000), [])


class FunctionLines(unittest.TestCase):
    def test_accepts_80_refuses_81(self):
        self.assertEqual(found("src/base/x.cc", function(80)), [])
        self.assertEqual(found("src/base/x.cc", "\n" + function(81)),
                         ["src/base/x.cc:2: f has 81 lines (split it, at most 80)"])


class Parameters(unittest.TestCase):
    def test_accepts_6_refuses_7(self):
        self.assertEqual(found("src/base/x.cc", function(3, 6)), [])
        self.assertEqual(
            found("src/base/x.cc", function(3, 7)),
            ["src/base/x.cc:1: f takes 7 parameters (use an options struct, at most 6)"])


class AllowList(unittest.TestCase):
    def test_excuses_up_to_the_named_size(self):
        allow = "# why\nfunction_lines src/base/x.cc 90\n"
        self.assertEqual(found("src/base/x.cc", function(90), allow), [])
        self.assertEqual(len(found("src/base/x.cc", function(91), allow)), 1)
        self.assertEqual(len(found("src/base/y.cc", function(90), allow)), 2)

    def test_must_follow_the_code_down(self):
        allow = "function_lines src/base/x.cc 90\n"
        self.assertEqual(
            found("src/base/x.cc", function(85), allow),
            [f"{ALLOW_LIST}:1: function_lines src/base/x.cc no longer needs 90 (lower it to 85)"])
        self.assertEqual(
            found("src/base/x.cc", function(80), allow),
            [f"{ALLOW_LIST}:1: function_lines src/base/x.cc no longer needs 90 (delete the line)"])

    def test_may_only_shrink(self):
        before = "parameters a.cc 8\nparameters b.cc 8\n"
        for now in (before, "parameters a.cc 7\n", ""):
            self.assertEqual(list(check_allow_list_shrinks(now, before)), [])
        for now in ("parameters a.cc 9\n", "parameters c.cc 7\n", "file_lines a.cc 8\n"):
            self.assertEqual(len(list(check_allow_list_shrinks(now, before))), 1)


if __name__ == "__main__":
    unittest.main()
