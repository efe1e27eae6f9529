# SPDX-License-Identifier: Apache-2.0
import unittest

import text_rules
from tree import tree_of


def found(check, path, text):
    return [str(finding) for finding in check(tree_of(**{path: text}))]


class BannedTokens(unittest.TestCase):
    def check(self, path, text):
        return found(text_rules.check_banned_tokens, path, text)

    def test_names_line_token_and_replacement(self):
        self.assertEqual(
            self.check("src/base/x.cc", "\nauto d = std::stod(text);\n"),
            ["src/base/x.cc:2: banned: std::stod (use parse_decimal: prices are never doubles)"])

    def test_finds_each_token(self):
        for code in ("std::stod(s)", "std::stof(s)", 'printf("x")', 'std::fprintf(f, "x")',
                     'snprintf(b, 1, "x")', "std::cout << 1", "std::cerr << 1",
                     "std::chrono::system_clock::now()", "steady_clock::now()", "#include <ranges>",
                     "int timestamp = 0;"):
            with self.subTest(code):
                self.assertEqual(len(self.check("src/base/x.cc", code)), 1)

    def test_leaves_prose_literals_and_longer_names_alone(self):
        for code in ("// a printf( in prose", 'key = "timestamp";', "int timestamp_ns = 0;",
                     "my_printf(x);", "fmt::print(x);", "#include <range_set>"):
            with self.subTest(code):
                self.assertEqual(self.check("src/base/x.cc", code), [])

    def test_allows_each_token_at_its_one_place(self):
        self.assertEqual(self.check("src/app/main.cc", "std::cout << 1;"), [])
        self.assertEqual(self.check("tests/support/x.cc", "std::cout << 1;"), [])
        self.assertEqual(self.check("src/base/clock.cc", "std::chrono::system_clock::now()"), [])
        self.assertEqual(self.check("src/app/main.cc", "sleep_for(1ms);"), [])

    def test_refuses_sleeping_in_tests(self):
        self.assertEqual(len(self.check("src/app/x_test.cc", "std::this_thread::sleep_for(t);")), 1)


class OpenWork(unittest.TestCase):
    def check(self, text):
        return found(text_rules.check_open_work, "src/base/x.cc", text)

    def test_finds_fixme_and_todo_without_issue(self):
        self.assertEqual(len(self.check("// FIXME later\n// TODO later\n// TODO(me) later\n")), 3)

    def test_accepts_todo_with_issue(self):
        self.assertEqual(self.check("// TODO(#12): later\n"), [])


class Ascii(unittest.TestCase):
    def test_finds_character_in_any_text(self):
        self.assertEqual(
            found(text_rules.check_ascii, "docs/x.md", "ok\na \u2014 b\n"),
            [r"docs/x.md:2: non-ASCII character '\u2014' "
             "(write it in ASCII, or as an escape in a literal)"])

    def test_accepts_ascii(self):
        self.assertEqual(found(text_rules.check_ascii, "docs/x.md", "a - b\n"), [])


class Columns(unittest.TestCase):
    def test_accepts_100_refuses_101(self):
        self.assertEqual(found(text_rules.check_columns, "src/base/x.cc", "x" * 100), [])
        self.assertEqual(found(text_rules.check_columns, "src/base/x.cc", "x" * 101),
                         ["src/base/x.cc:1: 101 columns (at most 100)"])

    def test_does_not_measure_prose(self):
        self.assertEqual(found(text_rules.check_columns, "docs/x.md", "x" * 101), [])


class FirstLines(unittest.TestCase):
    GOOD = "// SPDX-License-Identifier: Apache-2.0\n"

    def check(self, path, text):
        return found(text_rules.check_first_lines, path, text)

    def test_finds_missing_spdx(self):
        self.assertEqual(len(self.check("src/base/x.cc", "int x;\n")), 1)
        self.assertEqual(len(self.check("src/base/x.cc", "\n" + self.GOOD)), 1)
        self.assertEqual(len(self.check("src/base/x.cc", "")), 1)

    def test_finds_missing_pragma_once(self):
        self.assertEqual(len(self.check("src/base/x.h", self.GOOD)), 1)
        self.assertEqual(len(self.check("src/base/x.h", self.GOOD + "// #pragma once\n")), 1)

    def test_accepts_both_and_an_expectation_first(self):
        self.assertEqual(self.check("src/base/x.h", self.GOOD + "#pragma once\n"), [])
        self.assertEqual(self.check("tests/compile_fail/x.cc", "// expect: no\n" + self.GOOD), [])


class RegistryHosts(unittest.TestCase):
    def test_finds_every_host_in_any_file(self):
        for parts in text_rules.REGISTRY_HOSTS:
            with self.subTest(parts):
                text = f"see https://{'.'.join(parts)}/x\n"
                self.assertEqual(len(found(text_rules.check_registry_hosts, "docs/x.md", text)), 1)

    def test_accepts_other_hosts(self):
        self.assertEqual(found(text_rules.check_registry_hosts, "x.md", "https://a.example/\n"), [])


if __name__ == "__main__":
    unittest.main()
