# SPDX-License-Identifier: Apache-2.0
import unittest

import module_rules
from tidy import findings
from tree import tree_of

SPDX = "// SPDX-License-Identifier: Apache-2.0\n"
CLEAN = {
    "src/CMakeLists.txt": "modules(base)\n",
    "src/base/CMakeLists.txt": "tapeline_module(base SOURCES x.cc)\n",
    "src/base/x.h": SPDX + "#pragma once\n",
    "src/base/x.cc": SPDX + '#include "base/x.h"\n',
}
# One per rule: the path, the text, and what the finding says.
FAULTS = [
    ("src/base/x.cc", SPDX + "int timestamp;\n", "banned"),
    ("src/base/x.cc", SPDX + "// FIXME\n", "FIXME"),
    ("src/base/x.cc", SPDX + "// \u00e9\n", "non-ASCII"),
    ("src/base/x.cc", SPDX + "//" + "x" * 100 + "\n", "columns"),
    ("src/base/x.cc", "\n", "SPDX"),
    ("README.md", "get it from https://py" + "pi.org\n", "registry"),
    ("src/base/x.cc", SPDX + "//\n" * 600, "601 lines"),
    ("src/base/y.cc", SPDX, "in no CMakeLists.txt"),
    ("src/base/x.cc", SPDX + '#include "x.h"\n', "no file"),
    ("src/base/CMakeLists.txt", "tapeline_module(base SOURCES x.cc PUBLIC tapeline_app)", "links"),
    ("src/model/CMakeLists.txt", "tapeline_module(model)\n", "not listed"),
]


class Findings(unittest.TestCase):
    """Every rule is called: a rule that is written but not run would check nothing."""

    def found(self, texts):
        return [str(finding) for finding in findings(tree_of(**texts), module_rules.read_layers())]

    def test_clean_tree_passes(self):
        self.assertEqual(self.found(CLEAN), [])

    def test_each_fault_is_found_alone(self):
        for path, text, what in FAULTS:
            with self.subTest(what):
                found = self.found(CLEAN | {path: text})
                self.assertEqual(len(found), 1, found)
                self.assertIn(what, found[0])


if __name__ == "__main__":
    unittest.main()
