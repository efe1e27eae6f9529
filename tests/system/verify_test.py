#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A store that somebody changed behind Tapeline's back: verify names table, key and both values.

    tests/system/verify_test.py BINARY --change-store PROGRAM [TEST...]
"""
import os, re, shutil, subprocess, sys

from fixture import DEADLINE, SystemTest, main

CHANGE_STORE = None
# A row in the middle, by its place; {} is a table.
ONE = ("rowid = (SELECT rowid FROM stored.{0} ORDER BY position, ordinal "
       "LIMIT 1 OFFSET (SELECT count(*) // 2 FROM stored.{0}))")


class Original(SystemTest):
    """One short run, of which every test gets a copy."""

    def runTest(self):
        sims = {"coinbase": self.start_sim("coinbase", "--faults", "lose=1%", "--rate", 300)}
        config = self.configure(sims)
        run = self.start("--config", config, "run", "--duration", "4s")
        self.assertEqual(run.wait(timeout=DEADLINE), 0, self.log_of(run))


class Changed(SystemTest):
    @classmethod
    def setUpClass(cls):
        cls.original = Original()
        cls.original.setUp()
        cls.addClassCleanup(cls.original.tearDown)
        cls.original.runTest()

    def setUp(self):
        super().setUp()
        shutil.copytree(self.original.data, self.data)
        text = (self.original.folder / "tapeline.yaml").read_text()
        self.config = self.folder / "tapeline.yaml"
        self.config.write_text(text.replace(str(self.original.data), str(self.data)))

    def change(self, statement):
        done = subprocess.run([CHANGE_STORE, self.data / "store.duckdb", statement],
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, statement + done.stderr)

    def middle_of(self, view):
        rows = self.sql(self.config, f"SELECT * FROM {view} ORDER BY position, ordinal")
        return rows[len(rows) // 2]

    def differences(self):
        """(table, stored, replayed) of each that verify names."""
        done = self.run_tool(self.config, "verify", status=3)
        found = re.findall(r"differs in (\w+):\n  stored:   (.*)\n  replayed: (.*)\n", done.stdout)
        self.assertRegex(done.stderr, rf"verify: {len(found)} of [\d,]+ rows differ, up to record ")
        return found

    def test_nothing_was_changed(self):
        self.assertIn("verify: equal", self.run_tool(self.config, "verify").stderr)

    def test_a_price_of_a_trade(self):
        before = self.middle_of("trades")
        self.change("UPDATE stored.trades SET price = price + 1 WHERE " + ONE.format("trades"))
        after = self.middle_of("trades")
        self.assertNotEqual(before["price"], after["price"])
        [(table, stored, replayed)] = self.differences()
        self.assertEqual(table, "trades")
        key = f"instrument={before['instrument']} channel=trades trade_id={before['trade_id']} "
        for text, row in ((stored, after), (replayed, before)):
            self.assertIn(key, text)
            self.assertIn(f" price={row['price']} ", text)
            self.assertIn(f" record={row['position']} ", text)

    def test_one_last_place_of_a_bar(self):
        before = self.middle_of("bar_revisions")
        self.change("UPDATE stored.bars SET close = close + 0.000000000000000001 WHERE "
                    + ONE.format("bars"))
        after = self.middle_of("bar_revisions")
        [(table, stored, replayed)] = self.differences()
        self.assertEqual(table, "bars")
        key = (f"instrument={before['instrument']} interval={before['interval']} "
               f"start={before['start']} ")
        for text, row in ((stored, after), (replayed, before)):
            self.assertIn(key, text)
            self.assertIn(f" close={row['close']} ", text)

    def test_a_quote(self):
        self.change("UPDATE stored.quotes SET bid_size = bid_size + 1 WHERE "
                    + ONE.format("quotes"))
        [(table, stored, replayed)] = self.differences()
        self.assertEqual(table, "quotes")
        self.assertNotEqual(re.search("bid_size=(\\S+)", stored)[1],
                            re.search("bid_size=(\\S+)", replayed)[1])

    def test_a_row_that_is_gone(self):
        for view, table in (("trades", "trades"), ("bar_revisions", "bars")):
            row = self.middle_of(view)
            self.change(f"DELETE FROM stored.{table} WHERE " + ONE.format(table))
            named, stored, replayed = self.differences()[-1]
            self.assertEqual((named, stored), (table, "(nothing)"))
            self.assertIn(f"instrument={row['instrument']} ", replayed)
            self.assertIn(f" record={row['position']} ordinal={row['ordinal']}", replayed)

    def test_a_row_that_came_from_nowhere(self):
        row = self.middle_of("trades")
        self.change("INSERT INTO stored.trades SELECT * REPLACE (ordinal + 77 AS ordinal) FROM "
                    "stored.trades WHERE " + ONE.format("trades"))
        [(table, stored, replayed)] = self.differences()
        self.assertEqual((table, replayed), ("trades", "(nothing)"))
        self.assertIn(f" record={row['position']} ordinal={int(row['ordinal']) + 77}", stored)

    def test_a_row_beyond_the_end(self):
        """Behind the position that the store says of itself."""
        self.change("INSERT INTO stored.trades SELECT * REPLACE (1000000000 AS position) FROM "
                    "stored.trades WHERE " + ONE.format("trades"))
        [(table, stored, replayed)] = self.differences()
        self.assertEqual((table, replayed), ("trades", "(nothing)"))
        self.assertIn(" record=1000000000 ", stored)

    def test_a_hole_that_is_hushed_up(self):
        hole = self.sql(self.config, "SELECT instrument, from_id, to_id FROM gaps LIMIT 1")[0]
        self.change(f"DELETE FROM stored.gaps WHERE from_id = {hole['from_id']} AND instrument = "
                    f"(SELECT id FROM stored.instruments WHERE name = '{hole['instrument']}')")
        [(table, stored, replayed)] = self.differences()
        self.assertEqual(table, "ledgers")
        self.assertIn(hole["instrument"], stored)
        self.assertIn(hole["from_id"], replayed)
        self.assertNotEqual(stored, replayed)


def load_tests(loader, _tests, _pattern):
    return loader.loadTestsFromTestCase(Changed)


if __name__ == "__main__":
    at = sys.argv.index("--change-store")
    CHANGE_STORE = os.path.abspath(sys.argv.pop(at + 1))
    sys.argv.pop(at)
    main()
