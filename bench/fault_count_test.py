#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What bench/fault_table makes of given lists, and that it says how it is used."""
import pathlib, subprocess, sys, unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from fault_count import (MESSAGE_MAX, count, expand, kinds_of, pattern_of, summarise,  # noqa: E402
                         unnamed)


def trades(*numbers, name="BTC-USD"):
    return [(name, number) for number in numbers]


class Counting(unittest.TestCase):
    def test_what_never_came_is_lost_and_what_came_again_is_doubled(self):
        found = count(trades(1, 2, 3, 4, 5), trades(1, 3, 3, 4, 3))
        self.assertEqual((found.trades, found.lost, found.doubled),
                         (5, {("BTC-USD", 2), ("BTC-USD", 5)}, {("BTC-USD", 3)}))

    def test_what_is_not_of_the_window_counts_for_nothing(self):
        found = count(trades(4, 5), trades(1, 1, 2, 4, 5, 9, 9))
        self.assertEqual((found.trades, found.lost, found.doubled), (2, set(), set()))

    def test_order_counts_for_nothing(self):
        self.assertEqual(count(trades(1, 2, 3), trades(3, 1, 2)), count(trades(1, 2, 3),
                                                                      trades(1, 2, 3)))

    def test_ids_are_those_of_an_instrument(self):
        found = count(trades(1) + trades(1, name="ETH-USD"), trades(1, 1))
        self.assertEqual((found.lost, found.doubled), ({("ETH-USD", 1)}, {("BTC-USD", 1)}))

    def test_what_was_delivered_as_one_counts_as_the_trades_in_it(self):
        rows = [("BTC-USD", 1, 3), ("BTC-USD", 3, 3)]
        self.assertEqual(expand(rows), trades(1, 2, 3, 3))
        self.assertEqual(count(trades(1, 2, 3), expand(rows)).doubled, {("BTC-USD", 3)})

    def test_a_lost_trade_is_named_by_a_hole_of_its_instrument_alone(self):
        holes = [("BTC-USD", 2, 4), ("ETH-USD", 9, 9)]
        self.assertEqual(unnamed(trades(2, 4), holes), set())
        self.assertEqual(unnamed(trades(1, 2, 9), holes), {("BTC-USD", 1), ("BTC-USD", 9)})


class Telling(unittest.TestCase):
    def test_messages_that_differ_in_their_numbers_are_one_kind(self):
        self.assertEqual(kinds_of([("WARNING", "BINANCE.ws.1: reconnecting in 1.0 seconds"),
                                   ("WARNING", "BINANCE.ws.2: reconnecting in 2.0 seconds")]),
                         [("WARNING", "BINANCE.ws.N: reconnecting in N seconds", 2)])

    def test_the_commonest_come_first_and_the_rest_is_a_number(self):
        said = kinds_of([("WARNING", "a")] + [("ERROR", "b")] * 3 + [("ERROR", "c")] * 2)
        self.assertEqual(summarise([said], 2), "3 x ERROR: b; 2 x ERROR: c; and 1 more")
        self.assertEqual(summarise([said, said[:1]], 1), "6 x ERROR: b; and 3 more")

    def test_nothing_said_is_nothing(self):
        self.assertEqual(summarise([kinds_of([])]), "")

    def test_a_message_is_its_first_line_and_short(self):
        self.assertEqual(pattern_of("no answer of wss://127.0.0.1:7/ws\nTraceback"),
                         "no answer of URL")
        self.assertEqual(len(pattern_of("x" * 500)), MESSAGE_MAX)


class Program(unittest.TestCase):
    def test_it_says_how_it_is_used(self):
        program = pathlib.Path(__file__).parent / "fault_table"
        done = subprocess.run([program, "--help"], capture_output=True, text=True, timeout=30)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("--faults", done.stdout)
        self.assertIn("script/bootstrap --peers", done.stdout)


if __name__ == "__main__":
    unittest.main()
