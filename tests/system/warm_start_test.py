#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`run --history` in an empty folder: the venues' own candles of that time, and the newest trades
of their histories, each once, whose bars are what really happened. What cannot be had is said.

    tests/system/warm_start_test.py BINARY [TEST...]
"""
import bisect, subprocess, time
from decimal import Decimal

from fixture import (BAR_VALUES, DEADLINE, Options, SystemTest, length_ns, main, ns, rows_of,
                     wait_for)

# Two histories that are paged in different ways: down from an id, and up to one.
VENUES = ("coinbase", "binance")
RATE = 20
TRADES_MAX = 6000  # 5,000 and a page


class WarmStart(SystemTest):
    def run_with(self, config, seconds, *args, status=0):
        run = self.start("--config", config, "run", "--duration", f"{seconds}s", *args)
        self.assertEqual(run.wait(timeout=seconds + DEADLINE), status, self.log_of(run))
        return self.log_of(run)

    def start_venues(self, *args):
        sims = {venue: self.start_sim(venue, "--rate", RATE, "--history", "1h", *args)
                for venue in VENUES}
        return sims, self.configure(sims, backfill=True)

    def stored_ids(self, config, name):
        return [int(row["first_fill"]) for row in self.sql(
            config, f"SELECT first_fill FROM trades WHERE instrument = '{name}' "
                    "ORDER BY first_fill")]

    def names(self, sims):
        return [(sim, f"{venue}:{symbol}") for venue, sim in sims.items()
                for symbol in self.symbols_of(sim, venue)]

    def test_an_empty_folder_begins_with_candles_and_trades_of_before_the_start(self):
        sims, config = self.start_venues()
        started = time.time_ns()
        self.run_with(config, 10, "--history", "1h")
        before = {}
        for sim, name in self.names(sims):
            before[name] = self.check_trades(sim, name, config, started)
        for venue in VENUES:
            busiest = max((n for name, n in before.items() if name.startswith(venue)))
            self.assertGreater(busiest, 2000, before)
        self.check_bars(sims, config, started)
        self.check_candles(sims, config)
        self.assertEqual(self.sql(config, "SELECT * FROM gaps"), [], "nobody has missed anything")
        self.run_tool(config, "audit")
        self.run_tool(config, "verify")
        self.check_a_restart(sims, config)

    def check_trades(self, sim, name, config, started):
        """Stored once each, without a hole; gives how many are of before the start."""
        ids = self.stored_ids(config, name)
        truth = self.truth_of(sim, name)
        if not ids:
            self.assertLess(len(truth), 20, f"of {name} nothing is stored")
            return 0
        self.assertEqual(ids, list(range(ids[0], ids[-1] + 1)), name)
        known = {trade[1] for trade in truth}
        self.assertTrue(set(ids) <= known, name)
        times = {trade[1]: trade[0] for trade in truth}
        past = sum(times[each] < started for each in ids)
        self.assertLessEqual(past, TRADES_MAX, name)
        self.assertGreaterEqual(times[ids[0]], started - 3600 * 10**9, name)
        return past

    def check_bars(self, sims, config, started):
        """Each that claims to be whole is what happened, and each window that the trades of before
        the start cover whole has one."""
        bars = self.sql(config, "SELECT * FROM bars")
        self.assertEqual([bar for bar in bars if bar["quality"] == "gap"], [])
        for sim, name in self.names(sims):
            trades = self.truth_of(sim, name)
            ids = self.stored_ids(config, name)
            if not ids:
                continue
            times = {trade[1]: trade[0] for trade in trades}
            first, last = times[ids[0]], times[ids[-1]]
            whole = {(bar["interval"], ns(bar["start"])): bar for bar in bars
                     if bar["instrument"] == name and bar["quality"] in ("complete", "repaired")}
            for (interval, start), bar in whole.items():
                self.check_bar(bar, trades, start, start + length_ns(interval))
            for interval in ("1s", "5s"):
                step = length_ns(interval)
                for at in {trade[0] - trade[0] % step for trade in trades
                           if trade[0] - trade[0] % step > first}:
                    if at + step <= min(last, started - 10**9):
                        self.assertTrue((interval, at) in whole, f"{name} {interval} {at}")

    def check_bar(self, bar, trades, start, end):
        inside = trades[bisect.bisect_left(trades, (start,)):bisect.bisect_left(trades, (end,))]
        self.assertTrue(inside, bar)
        prices = [trade[2] for trade in inside]
        expected = (prices[0], max(prices), min(prices), prices[-1],
                    sum(trade[3] for trade in inside), len(inside))
        got = tuple(Decimal(bar[c]) for c in BAR_VALUES[:5]) + (int(bar["trades"]),)
        self.assertEqual(got, expected, bar)

    def check_candles(self, sims, config):
        """The venue's own stand apart, and are what the venue said: the truth."""
        for sim, name in self.names(sims):
            said = self.sql(config, f"SELECT * FROM venue_candles WHERE instrument = '{name}'")
            truth = {row["start"]: row for row in rows_of(self.get(
                sim, f"/truth/bars?instrument={name}&interval=1m&format=csv"))}
            if len(truth) > 50:
                self.assertGreater(len(said), 50, name)
            for candle in said:
                right = next(row for start, row in truth.items()
                             if ns(start) == int(candle["start_ns"]))
                self.assertEqual([Decimal(candle[c]) for c in BAR_VALUES[:5]],
                                 [Decimal(right[c]) for c in BAR_VALUES[:5]], candle)

    def check_a_restart(self, sims, config):
        """A folder that is not empty goes on from its last trade, and no further back."""
        first = {name: self.stored_ids(config, name)[:1] for _, name in self.names(sims)}
        said = self.run_with(config, 4, "--history", "1h")
        self.assertIn("the folder has data already", said)
        for _, name in self.names(sims):
            ids = self.stored_ids(config, name)
            self.assertEqual(ids[:1], first[name] or ids[:1], name)
            self.assertEqual(len(ids), len(set(ids)), name)

    def test_what_would_be_too_late_is_left_out(self):
        sim = self.start_sim("coinbase", "--rate", RATE, "--history", "1h")
        config = self.configure({"coinbase": sim}, backfill=True)
        config.write_text(config.read_text().replace("disorder:", "lateness: 2m, disorder:"))
        started = time.time_ns()
        self.run_with(config, 6, "--history", "1h")
        past = self.sql(config, "SELECT count(*) AS n, min(ts_event) AS t FROM trades WHERE "
                                f"instrument = 'coinbase:BTC-USD' AND ts_event_ns < {started}")[0]
        self.assertGreater(int(past["n"]), 200, past)
        self.assertGreaterEqual(ns(past["t"]), started - 60 * 10**9, past)
        self.assertEqual(self.sql(config, "SELECT * FROM late"), [])
        self.assertEqual(self.sql(config, "SELECT * FROM bars WHERE quality = 'gap'"), [])

    def test_a_history_that_answers_with_a_web_page_brings_nothing_and_no_hole(self):
        sims, config = self.start_venues()
        instruments = len(self.names(sims))
        for sim in sims.values():
            self.get(sim, "/sim/faults", b"rest_html=100%")
        started = time.time_ns()
        # The instruments are named; without the venue's list it goes by the rule for symbols.
        self.run_with(config, 8, "--history", "1h")
        self.assertEqual(self.sql(config, "SELECT * FROM venue_candles"), [])
        # A venue shows the latest trade of each instrument at a subscription.
        past = self.sql(config, f"SELECT * FROM trades WHERE ts_event_ns < {started - 5 * 10**9}")
        self.assertLessEqual(len(past), instruments)
        self.assertEqual(self.sql(config, "SELECT * FROM bars WHERE quality = 'gap'"), [])
        self.assertEqual(self.sql(config, "SELECT * FROM gaps"), [])

    def refused(self, config, *args):
        done = subprocess.run([Options.binary, "--config", str(config), "run", "--duration", "1s",
                               *args], capture_output=True, text=True, timeout=DEADLINE)
        self.assertEqual(done.returncode, 2, done.stderr)
        return done.stderr

    def test_what_cannot_be_had_is_refused_with_the_reason(self):
        config = self.folder / "none.yaml"
        config.write_text(f"data_dir: {self.data}\n"
                          "feeds: [{venue: finnhub, symbols: [AAPL], token: x}]\n")
        self.assertIn("candles without a key", self.refused(config, "--history", "1h"))
        for wrong in ("0", "0s", "31d", "a week"):
            said = self.refused(config, "--history", wrong)
            self.assertIn("--history", said)
            self.assertIn("1m to 30d", said)


if __name__ == "__main__":
    main()
