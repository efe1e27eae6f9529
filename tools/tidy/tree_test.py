# SPDX-License-Identifier: Apache-2.0
import pathlib
import subprocess
import tempfile
import unittest

from tree import File, module_of, read_tree


class Code(unittest.TestCase):
    def code(self, text):
        return File("src/base/x.cc", text).code

    def test_blanks_comments(self):
        self.assertEqual(self.code("a; // printf(\nb; /* x\ny */ c;"), "a;  \nb;  \n c;")

    def test_empties_literals(self):
        self.assertEqual(self.code('f("a \\" // b", \'"\');'), 'f("", 0);')

    def test_empties_raw_strings_and_keeps_line_numbers(self):
        self.assertEqual(self.code('f(R"(a " \n b)"); // c\nd'), 'f(""\n);  \nd')

    def test_keeps_digit_separators(self):
        self.assertEqual(self.code("x = 1'000'000; y = 0xff'ff; c = 'c';"),
                         "x = 1'000'000; y = 0xff'ff; c = 0;")


class ModuleOf(unittest.TestCase):
    def test_folder_is_module_and_each_venue_is_one(self):
        self.assertEqual(module_of("src/base/time.h"), "base")
        self.assertEqual(module_of("src/venue/json.h"), "venue")
        self.assertEqual(module_of("src/venue/coinbase/parse.h"), "venue/coinbase")
        self.assertIsNone(module_of("src/CMakeLists.txt"))
        self.assertIsNone(module_of("tests/support/gtest_main.cc"))


class ReadTree(unittest.TestCase):
    def test_sees_untracked_text_and_leaves_out_ignored_binary_and_foreign_files(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            subprocess.run(["git", "init", "--quiet", folder], check=True)
            (root / ".gitignore").write_text("ignored.h\n")
            (root / "tests/golden").mkdir(parents=True)
            for path in ("a.h", "ignored.h", "tests/golden/x.json"):
                (root / path).write_text("x\n")
            (root / "binary").write_bytes(b"\0\1")
            self.assertEqual(list(read_tree(root)), [".gitignore", "a.h"])


if __name__ == "__main__":
    unittest.main()
