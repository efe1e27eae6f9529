#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Back-fill against simulated venues: what is lost on the way comes out of their histories, what
these no longer have is named, and `audit --repair` asks again. What really happened is the
simulator's to say.

    tests/system/backfill_test.py BINARY [TEST...]
"""
import csv, io, json, signal, subprocess, time

from fixture import Options, SystemTest, main, wait_for


class Backfill(SystemTest):
    def start_run(self, venue, faults, *args, backfill=True):
        self.sim = self.start_sim(venue, "--faults", faults, "--rate", 200, *args)
        self.config = self.configure({venue: self.sim}, backfill=backfill)
        self.start_again()

    def start_again(self):
        """Nobody asks before it runs: an audit of the files would keep it from the store."""
        self.run_process = self.start("--config", self.config, "run")
        wait_for("the process", lambda: "the page is served" in self.log_of(self.run_process))

    def audit(self, *args, status=None):
        """The rows of an audit, and what it says of them."""
        done = subprocess.run([Options.binary, "--config", str(self.config), "audit", *args],
                              capture_output=True, text=True, timeout=120)
        if status is not None:
            self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return list(csv.DictReader(io.StringIO(done.stdout))), done.stderr

    def total(self, column, rows):
        return sum(int(row[column]) for row in rows)

    def calm(self):
        self.get(self.sim, "/sim/faults", b"off")

    def wait_until_nothing_is_missing(self):
        def rows():
            found = self.audit()[0]
            return found if found and self.total("missing", found) == 0 else None
        return wait_for("every hole to close", rows, 30)

    def stop_run(self):
        self.run_process.send_signal(signal.SIGTERM)
        self.assertEqual(self.run_process.wait(timeout=60), 0, self.log_of(self.run_process))

    def check_against_truth(self, venue):
        """Every trade between the first and the last that is stored is stored once."""
        for symbol in self.symbols_of(self.sim, venue):
            name = f"{venue}:{symbol}"
            ids = [int(row["trade_id"]) for row in self.sql(
                self.config, f"SELECT trade_id FROM trades WHERE instrument = '{name}' "
                             "ORDER BY first_fill")]
            self.assertEqual(ids, list(range(ids[0], ids[-1] + 1)) if ids else [], name)
        self.run_tool(self.config, "verify")

    def check_repaired(self, venue):
        self.start_run(venue, "lose=5%,drop=2s,rest=20%,rest_html=5%")
        time.sleep(8)
        self.calm()
        rows = self.wait_until_nothing_is_missing()
        self.assertGreater(self.total("repaired", rows), 0, rows)
        self.stop_run()
        self.check_against_truth(venue)
        bars = self.sql(self.config, "SELECT quality, count(*) AS n FROM bars GROUP BY ALL")
        self.assertIn("repaired", [row["quality"] for row in bars])
        causes = self.sql(self.config, "SELECT DISTINCT cause FROM bar_revisions")
        self.assertIn("backfill", [row["cause"] for row in causes])

    def test_what_coinbase_lost_is_repaired(self):
        self.check_repaired("coinbase")

    def test_what_binance_lost_is_repaired(self):
        self.check_repaired("binance")

    def test_what_the_history_no_longer_has_is_unrecoverable_until_it_has(self):
        self.start_run("coinbase", "lose=5%,history=1")
        rows = wait_for("something that is gone for good", lambda: [
            row for row in self.audit()[0] if int(row["unrecoverable"]) > 0], 30)
        self.assertGreater(len(rows), 0)
        # The venue finds its memory again: nobody asks by himself, but a repair does.
        self.calm()
        time.sleep(3)
        self.assertGreater(self.total("unrecoverable", self.audit(status=3)[0]), 0)
        rows, said = self.audit("--repair", status=0)
        self.assertEqual(self.total("missing", rows), 0, said)
        self.assertGreater(self.total("repaired", rows), 0, said)
        self.stop_run()
        self.check_against_truth("coinbase")

    def test_nothing_is_given_up_that_a_lagging_history_shows_later(self):
        self.start_run("coinbase", "lose=5%,drop=2s,rest_lag=4s")
        time.sleep(8)
        self.get(self.sim, "/sim/faults", b"rest_lag=4s")
        rows = self.wait_until_nothing_is_missing()
        self.assertGreater(self.total("repaired", rows), 0, rows)
        self.stop_run()
        self.check_against_truth("coinbase")

    def test_a_silent_channel_is_found_and_asked_for_anew(self):
        # Of an instrument that is quiet by nature nobody would know within the minute.
        self.start_run("binance", "off", "--markets", 1)
        # So much has to be known of it before its own rhythm says what is too long.
        wait_for("trades", lambda: self.total("received", self.audit()[0]) > 2000)
        self.get(self.sim, "/sim/faults", b"silent_channel@1ms")

        def silenced():
            return json.loads(self.get(self.sim, "/sim/stats"))["frames"]["silenced"]

        def is_found():
            done = subprocess.run([Options.binary, "--config", str(self.config), "status"],
                                  capture_output=True, text=True, timeout=120)
            return "1 asked for anew" in done.stdout
        wait_for("a silent channel", silenced)
        wait_for("somebody to find it", is_found, 60)
        before = silenced()
        time.sleep(3)
        self.assertEqual(silenced(), before, "it speaks again")
        self.wait_until_nothing_is_missing()
        self.stop_run()
        self.check_against_truth("binance")

    def test_a_repair_needs_a_running_process(self):
        self.start_run("coinbase", "off", backfill=False)
        wait_for("a trade", lambda: self.audit()[0])
        self.assertIn("backfill", self.audit("--repair", status=2)[1])
        named = self.audit("--repair", "-i", "coinbase:BTC-USDD", status=2)[1]
        self.assertIn("--repair: asks for everything that is missing", named)
        self.stop_run()
        self.assertIn("no process runs here", self.audit("--repair", status=2)[1])

    def test_a_start_asks_for_what_came_while_nobody_ran(self):
        self.start_run("coinbase", "off")
        wait_for("trades", lambda: self.total("received", self.audit()[0]) > 100)
        self.stop_run()
        time.sleep(2)
        self.start_again()
        rows = wait_for("the repair", lambda: [
            row for row in self.audit()[0] if int(row["repaired"]) > 0], 30)
        self.assertGreater(len(rows), 0)
        self.wait_until_nothing_is_missing()
        self.stop_run()
        self.check_against_truth("coinbase")


if __name__ == "__main__":
    main()
