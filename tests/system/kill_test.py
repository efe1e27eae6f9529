#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""SIGKILL, and loss of power, at random moments of a live run under load.

    tests/system/kill_test.py BINARY [--kills N] [TEST...]

N kills, and half as many losses of power, at the seed that is printed.
However often it happens, what was said to be durable is in the journal afterwards, byte for byte,
and the store is what the journal says: by verify, by a replay of the journal from nothing, and by
sums over its trades with Decimal.
"""
import os, random, signal, sys, time

from fixture import (DEADLINE, DISORDER_NS, Options, SystemTest, ask_status, length_ns, main, ns,
                     wait_for)
from journal_files import Journal

LATEST = 1.2  # seconds from the start to a kill; recovery is in the first of them
VENUES = ("coinbase", "binance")
TRADE = "instrument,trade_id,ts_event,ts_recv,price,size,side,flags,conditions,counts"
BAR = ("instrument,interval,start,open,high,low,close,volume,buy_volume,notional,vwap,trades,"
       "first_id,last_id,state,quality,revision,cause")


class Killed(SystemTest):
    def setUp(self):
        super().setUp()
        seed = int.from_bytes(os.urandom(4), "little")
        print(f"seed {seed}", file=sys.stderr)
        self.random = random.Random(seed)
        self.sims = {v: self.start_sim(v, "--faults", "mild", "--rate", 1500) for v in VENUES}
        self.config = self.configure(self.sims, journal="segment_bytes: 4MiB")
        self.journal = Journal(self.data / "journal")

    def run_until_killed(self):
        """Gives the last ordinal that was said to be durable before the kill."""
        run = self.start("--config", self.config, "run")
        end = time.monotonic() + self.random.uniform(0.02, LATEST)
        durable = 0
        while time.monotonic() < end:
            status = ask_status(self.data)
            if status:
                words = status["journal"].replace(",", "").split()
                durable = int(words[1]) - int(words[3])
            else:
                time.sleep(0.005)
        run.send_signal(signal.SIGKILL)
        run.wait()
        return durable

    def stored_position(self):
        if not (self.data / "store.duckdb").exists():
            return -1
        rows = self.sql(self.config, "SELECT position FROM store")
        return int(rows[0]["position"]) if rows and rows[0]["position"] else -1

    def kill_again_and_again(self, kills, loses_power):
        began = time.monotonic()
        durable = lost = lost_tails = 0
        for kill in range(kills):
            durable = max(durable, self.run_until_killed())
            self.assertGreaterEqual(self.journal.end(), durable, f"kill {kill}")
            if durable:
                self.journal.prove(durable)
            if loses_power and self.journal.end() > 0:
                # The store holds nothing that was not durable, whether we heard of it or not.
                stored = self.stored_position()
                self.assertLess(stored, self.journal.end(), f"kill {kill}")
                bytes_lost = self.journal.lose_power(max(durable, stored + 1), self.random)
                lost += bytes_lost
                lost_tails += bytes_lost > 0
        took = time.monotonic() - began
        last = self.start("--config", self.config, "run")
        wait_for("a live run", lambda: "live," in (ask_status(self.data) or {}).get(
            "feed binance", ""))
        end = time.monotonic() + 6
        wait_for("windows that are whole", lambda: time.monotonic() > end)
        last.terminate()
        self.assertEqual(last.wait(timeout=DEADLINE), 0, self.log_of(last))
        self.assertEqual(self.journal.check(), [], "what was durable is not there any more")
        self.check_store(f"{kills} kills in {took:.0f} s"
                         f"{f', {lost} bytes lost in {lost_tails} of them' if loses_power else ''}")

    def check_store(self, what):
        self.assertIn("verify: equal", self.run_tool(self.config, "verify").stderr)
        self.run_tool(self.config, "journal", "check")
        trades = self.sql(self.config, "SELECT * FROM trades")
        bars = self.sql(self.config, "SELECT * FROM bars")
        self.check_same_trades(trades)
        self.check_same_bars(bars, trades)
        sums = self.check_sums(bars, trades)
        true = self.check_truth(self.sims, bars, least=0)
        self.assertGreater(true, 0, "complete bars were compared")
        print(f"{what}: {self.journal.end()} records, {len(trades)} trades and {len(bars)} bars "
              f"are those of the replay, {sums} bars are their trades' sums, {true} complete ones "
              "are the truth", file=sys.stderr)

    def check_same_trades(self, trades):
        columns = TRADE.split(",")
        stored = sorted(tuple(row[c] for c in columns) for row in trades)
        replayed = sorted(tuple(row[c] for c in columns)
                          for row in self.replay(self.config, "trades"))
        self.assertEqual(len(stored), len(replayed))
        self.assertEqual(stored, replayed)
        self.assertEqual(len(stored), len({row[:2] for row in stored}), "none is there twice")

    def check_same_bars(self, bars, trades):
        """The end of its input closes the windows that are still open in the store."""
        columns = BAR.split(",")
        newest = {}
        for trade in trades:
            newest[trade["instrument"]] = max(newest.get(trade["instrument"], 0),
                                              ns(trade["ts_event"]))
        replayed = {tuple(row[c] for c in columns[:3]): row
                    for row in self.replay(self.config, "bars")}
        for bar in bars:
            same = replayed.pop(tuple(bar[c] for c in columns[:3]), {})
            self.assertEqual({c: bar[c] for c in columns}, {c: same.get(c) for c in columns})
        for bar in replayed.values():
            end = ns(bar["start"]) + length_ns(bar["interval"])
            self.assertGreater(end, newest[bar["instrument"]] - DISORDER_NS, bar)

    def test_a_kill_at_any_moment_loses_and_doubles_nothing(self):
        self.kill_again_and_again(Options.kills, loses_power=False)

    def test_a_loss_of_power_takes_only_what_was_not_durable(self):
        self.kill_again_and_again(Options.kills // 2, loses_power=True)


if __name__ == "__main__":
    main()
