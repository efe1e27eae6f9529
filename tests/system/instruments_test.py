#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The venues' instrument lists change while the program runs: each change is a row with its time,
the same in the terminal, over HTTP and in SQL, and what a venue seems to lose at once is not
believed.

    tests/system/instruments_test.py BINARY [TEST...]
"""
import http.client, json, re, signal, time

from fixture import DEADLINE, SystemTest, ask_status, main, ns, rows_of, wait_for

VENUES = ("coinbase", "binance")
PAUSE = 11  # between two lists at least, of one venue


class Instruments(SystemTest):
    def start_all(self):
        self.sims = {venue: self.start_sim(venue) for venue in VENUES}
        self.config = self.configure(self.sims)
        self.run_live()

    def run_live(self):
        self.live = self.start("--config", self.config, "run")
        self.address = wait_for("the page's address", lambda: re.search(
            r"the page is served address=http://(\S+)", self.log_of(self.live)))[1]
        wait_for("trades", lambda: int(self.sql(
            self.config, "SELECT count(*) AS n FROM trades")[0]["n"]) > 20)

    def stop(self):
        self.live.send_signal(signal.SIGTERM)
        self.assertEqual(self.live.wait(timeout=DEADLINE), 0, self.log_of(self.live))

    def listed(self, *args):
        return rows_of(self.run_tool(self.config, "instruments", "--format", "csv", *args).stdout)

    def ask(self, query, status=200):
        connection = http.client.HTTPConnection(self.address, timeout=DEADLINE)
        self.addCleanup(connection.close)
        connection.request("GET", "/api/v1/instruments?" + query)
        answer = connection.getresponse()
        said = json.loads(answer.read())
        self.assertEqual(answer.status, status, said)
        return said

    def list_as(self, venue, instrument, word):
        self.get(self.sims[venue], f"/sim/list?instrument={instrument}&as={word}", data=b"")

    def asked(self, venue):
        return json.loads(self.get(self.sims[venue], "/sim/stats"))["rest"]["answered"]

    def refresh(self):
        """The lists that hold from now on have come."""
        before = {venue: self.asked(venue) for venue in VENUES}
        self.live.send_signal(signal.SIGHUP)
        for venue in VENUES:
            wait_for("the list of " + venue, lambda: self.asked(venue) > before[venue])

    def status_of(self, name):
        return [row["status"] for row in self.listed(name)]

    def test_each_change_is_a_row_with_its_time(self):
        self.start_all()
        self.check_the_first_lists()
        time.sleep(PAUSE)  # two lists do not come at once
        self.list_as("coinbase", "ADA-USD", "unlisted")
        self.list_as("binance", "SOL-USDT", "halted")
        self.refresh()
        wait_for("a row", lambda: self.status_of("coinbase:ADA-USD") == ["vanished"])
        wait_for("a row", lambda: self.status_of("binance:SOL-USDT") == ["halted"])
        self.check_before_and_after()
        status = ask_status(self.data)
        self.assertIn("ADA-USD vanished", status["list coinbase"])
        self.assertIn("SOL-USDT halted", status["list binance"])
        self.check_audit()
        self.stop()
        self.check_restart()

    def check_the_first_lists(self):
        wait_for("both lists", lambda: len(self.listed()) == 12)
        bitcoin = self.listed("--base", "XBT")
        self.assertEqual([(row["instrument"], row["venue_symbol"], row["base"], row["quote"])
                          for row in bitcoin],
                         [("binance:BTC-USDT", "BTCUSDT", "BTC", "USDT"),
                          ("coinbase:BTC-USD", "BTC-USD", "BTC", "USD")])
        for row in bitcoin:
            self.assertEqual((row["tick_size"], row["lot_size"], row["status"], row["valid_to"]),
                             ("0.01", "0.00000001", "trading", ""), row)
        dollars = self.listed("--base", "BTC", "--quote", "USD")
        self.assertEqual([row["instrument"] for row in dollars], ["coinbase:BTC-USD"])

    def check_before_and_after(self):
        rows = self.listed("ADA-USD", "--history")
        self.assertEqual([row["status"] for row in rows], ["trading", "vanished"])
        first, last = rows[0]["valid_from"], rows[1]["valid_from"]
        self.assertEqual(rows[0]["valid_to"], last)
        for at, status in ((first, "trading"), (last, "vanished")):
            self.assertEqual(
                [row["status"] for row in self.listed("ADA-USD", "--as-of", at)], [status])
            said = self.ask(f"as_of={at}&instrument=coinbase:ADA-USD")
            self.assertEqual([row["status"] for row in said["instruments"]], [status])
            self.assertEqual(self.sql(
                self.config, "SELECT status FROM instrument_history WHERE instrument = "
                f"'coinbase:ADA-USD' AND valid_from <= TIMESTAMP_NS '{at[:-1]}' AND "
                f"coalesce(valid_to > TIMESTAMP_NS '{at[:-1]}', true)"), [{"status": status}])
        self.assertEqual(self.listed("--as-of", "2020-01-01T00:00:00Z"), [])
        self.assertEqual(self.listed("--as-of", "1", "--time", "unix_ns"), [])
        self.assertEqual([row["valid_from"] for row in self.listed(
            "ADA-USD", "--history", "--time", "unix_ns")], [str(ns(first)), str(ns(last))])
        now = self.ask("as_of=now&base=BTC")
        self.assertEqual([row["instrument"] for row in now["instruments"]],
                         ["binance:BTC-USDT", "coinbase:BTC-USD"])
        self.assertEqual(now["instruments"][1]["tick_size"], "0.01")
        self.assertFalse(now["more"])
        self.assertTrue(self.ask("as_of=now&limit=3")["more"])
        self.assertEqual(self.ask("as_of=then", 400)["field"], "as_of")
        self.assertEqual(self.ask("as_of=now&revisions=some", 400)["field"], "revisions")

    def check_audit(self):
        said = self.run_tool(self.config, "audit").stderr
        self.assertRegex(said, r"(?m)^listing coinbase:ADA-USD: vanished since \S+$")
        self.assertRegex(said, r"(?m)^listing binance:SOL-USDT: halted since \S+$")
        self.assertEqual(len(re.findall("(?m)^listing ", said)), 2)

    def check_restart(self):
        """What was known is known still: the same lists make no row, and every row is the
        journal's."""
        before = self.listed("--history")
        self.list_as("coinbase", "ADA-USD", "trading")
        self.run_live()
        wait_for("a row", lambda: self.status_of("coinbase:ADA-USD") == ["trading"])
        self.stop()
        rows = self.listed("--history")
        self.assertEqual(len(rows), len(before) + 1)
        self.assertEqual(len(self.listed("ADA-USD", "--history")), 3)
        self.run_tool(self.config, "verify")

    def test_what_is_no_list_or_lost_most_of_itself_changes_nothing(self):
        self.start_all()
        wait_for("both lists", lambda: len(self.listed()) == 12)
        time.sleep(PAUSE)
        self.list_as("coinbase", "", "unlisted")
        self.get(self.sims["binance"], "/sim/faults", data=b"rest_html=100%")
        self.live.send_signal(signal.SIGHUP)
        wait_for("the doubt", lambda: self.sql(
            self.config, "SELECT reason, detail FROM rejected") == [
                {"reason": "list_shrunk", "detail": "instrument list"}])
        wait_for("the refusal", lambda: "the one before stands" in str(
            (ask_status(self.data) or {}).get("list binance")))
        self.assertIn("vanished", ask_status(self.data)["list coinbase"])
        self.assertEqual({row["status"] for row in self.listed()}, {"trading"})
        self.assertEqual(len(self.listed("--history")), 12)
        self.stop()
        self.run_tool(self.config, "verify")


if __name__ == "__main__":
    main()
