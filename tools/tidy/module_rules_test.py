# SPDX-License-Identifier: Apache-2.0
import unittest

import module_rules
from tree import tree_of

LAYERS = module_rules.read_layers()


def found(check, texts):
    return [str(finding) for finding in check(tree_of(**texts), LAYERS)]


class Layers(unittest.TestCase):
    def test_names_only_known_modules_and_has_no_cycle(self):
        done = set()
        while True:
            ready = {name for name, uses in LAYERS.items() if done.issuperset(set(uses) - {"*"})}
            if ready == done:
                break
            done = ready
        self.assertEqual(done, set(LAYERS))


class Includes(unittest.TestCase):
    def check(self, user, used):
        return found(module_rules.check_includes,
                     {user: f'#include "{used}"\n', f"src/{used}": "x\n"})

    def test_refuses_an_edge_outside_the_table(self):
        self.assertEqual(
            self.check("src/base/x.cc", "model/trade.h"),
            ["src/base/x.cc:1: module base includes model (base may use: no module)"])
        self.assertEqual(len(self.check("src/analytics/x.cc", "journal/record.h")), 1)
        self.assertEqual(len(self.check("src/decode/x.cc", "app/main.h")), 1)

    def test_accepts_the_edges_of_the_table(self):
        for user, used in (("src/model/x.cc", "base/time.h"), ("src/base/x.cc", "base/time.h"),
                           ("src/decode/x.cc", "venue/json.h"), ("src/app/x.cc", "decode/y.h"),
                           ("src/decode/x.cc", "venue/coinbase/parse.h")):
            self.assertEqual(self.check(user, used), [])

    def test_a_venue_sees_the_seam_and_never_another_venue(self):
        self.assertEqual(self.check("src/venue/coinbase/x.cc", "venue/json.h"), [])
        self.assertEqual(self.check("src/venue/coinbase/x.cc", "venue/coinbase/y.h"), [])
        self.assertEqual(len(self.check("src/venue/coinbase/x.cc", "venue/binance/y.h")), 1)
        self.assertEqual(len(self.check("src/venue/x.cc", "venue/binance/y.h")), 1)
        self.assertEqual(len(self.check("src/venue/coinbase/x.cc", "metrics/y.h")), 1)

    def test_refuses_a_path_that_does_not_start_at_src(self):
        texts = {"src/base/x.cc": '#include "time.h"\n', "src/base/time.h": "x\n"}
        self.assertEqual(
            found(module_rules.check_includes, texts),
            ["src/base/x.cc:1: no file src/time.h (include our headers by their path from src/)"])

    def test_a_generated_table_needs_no_file(self):
        self.assertEqual(
            found(module_rules.check_includes, {"src/app/x.cc": '#include "commit.inc"\n'}), [])

    def test_tests_outside_modules_may_include_all(self):
        self.assertEqual(self.check("tests/x_test.cc", "app/main.h"), [])


class Links(unittest.TestCase):
    def check(self, module, text):
        return found(module_rules.check_links, {f"src/{module}/CMakeLists.txt": text})

    def test_refuses_a_link_outside_the_table(self):
        self.assertEqual(
            self.check("ledger", "tapeline_module(ledger SOURCES a.cc\n PRIVATE tapeline_journal)"),
            ["src/ledger/CMakeLists.txt:2: module ledger links tapeline_journal"
             " (ledger may use: base, model)"])
        for module, text in (
                ("venue/coinbase", "tapeline_module(x PUBLIC tapeline_venue_binance)"),
                ("base", "target_link_libraries(tapeline_base PRIVATE tapeline_app)")):
            self.assertEqual(len(self.check(module, text)), 1)

    def test_accepts_the_table_other_libraries_and_comments(self):
        text = ("tapeline_module(ledger SOURCES a.cc  # not tapeline_journal\n"
                "  PUBLIC tapeline_model tapeline_base fmt::fmt TESTS a_test.cc)\n")
        self.assertEqual(self.check("ledger", text), [])
        self.assertEqual(
            self.check("decode", "tapeline_module(decode PUBLIC tapeline_venue_coinbase)"), [])


class ModuleFolders(unittest.TestCase):
    GOOD = {"src/CMakeLists.txt": "add(\n  base\n  venue/okx)\n", "src/base/CMakeLists.txt": "x",
            "src/base/a.h": "x", "src/venue/okx/CMakeLists.txt": "x"}

    def check(self, texts):
        return found(module_rules.check_module_folders, texts)

    def test_accepts_listed_folders_with_lists(self):
        self.assertEqual(self.check(self.GOOD), [])

    def test_finds_missing_list(self):
        texts = dict(self.GOOD)
        del texts["src/base/CMakeLists.txt"]
        self.assertEqual(self.check(texts), ["src/base/a.h:1: src/base has no CMakeLists.txt"
                                             " (call tapeline_module in it)"])

    def test_finds_folder_that_src_does_not_list(self):
        self.assertEqual(
            self.check(self.GOOD | {"src/model/CMakeLists.txt": "x"}),
            ["src/CMakeLists.txt:1: model is not listed (add it in layer order)"])

    def test_finds_module_without_layer(self):
        texts = self.GOOD | {"src/CMakeLists.txt": "base venue/okx helper",
                             "src/helper/CMakeLists.txt": "x"}
        self.assertEqual(
            self.check(texts), ["src/helper/CMakeLists.txt:1: module helper has no layer"
                                " (add it to tools/tidy/layers.toml and to ARCHITECTURE.md)"])


class Orphans(unittest.TestCase):
    def check(self, texts):
        return [str(finding) for finding in module_rules.check_orphans(tree_of(**texts))]

    def test_finds_a_source_that_no_list_names(self):
        texts = {"src/base/CMakeLists.txt": "tapeline_module(base SOURCES a.cc)  # b.cc\n",
                 "src/base/a.cc": "x", "src/base/b.cc": "x"}
        self.assertEqual(self.check(texts), ["src/base/b.cc:1: in no CMakeLists.txt"
                                             " (add it to a target or delete it)"])

    def test_accepts_a_list_above_and_globbed_files(self):
        texts = {"tests/CMakeLists.txt": "tapeline_test(sim SOURCES sim/a_test.cc)\n",
                 "tests/sim/a_test.cc": "x", "tests/compile_fail/b.cc": "x"}
        self.assertEqual(self.check(texts), [])


if __name__ == "__main__":
    unittest.main()
