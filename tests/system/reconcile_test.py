#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A live run under mild faults, and the venues' own candles of the same minutes: nothing that
claims to be right differs, and one candle that is made to lie is named exactly.

    tests/system/reconcile_test.py BINARY --change-store PROGRAM [TEST...]

Takes three and a half minutes: a minute has to pass whole, and to be over for another one before a
venue is asked for it.
"""
import decimal, http.client, json, os, re, signal, subprocess, sys

from fixture import DEADLINE, SystemTest, main, rows_of, wait_for

CHANGE_STORE = None
# By then a whole minute is over for a minute, whenever it begins.
SECONDS = 185


class Reconcile(SystemTest):
    def run_for(self, config, seconds, *args):
        run = self.start("--config", config, "run", "--duration", f"{seconds}s", *args)
        self.assertEqual(run.wait(timeout=seconds + DEADLINE), 0, self.log_of(run))
        return self.log_of(run)

    def reconcile(self, config, status):
        done = self.run_tool(config, "audit", "--reconcile", status=status)
        return rows_of(done.stdout), done.stderr

    def test_what_claims_to_be_right_equals_and_a_lie_is_named(self):
        sims = {venue: self.start_sim(venue, "--faults", "mild", "--rate", 50)
                for venue in ("coinbase", "binance")}
        config = self.configure(sims, backfill=True)
        config.write_text(config.read_text().replace("[1s, 5s]", "[1s, 1m]"))
        self.run_for(config, SECONDS)
        self.check_a_start(config)
        self.check_nothing_differs(config)
        self.check_a_lie(config)

    def ask(self, address, path, status=200):
        connection = http.client.HTTPConnection(address, timeout=DEADLINE)
        self.addCleanup(connection.close)
        connection.request("GET", "/api/v1" + path)
        answer = connection.getresponse()
        said = json.loads(answer.read())
        self.assertEqual(answer.status, status, said)
        return said

    def check_a_start(self, config):
        """It asks for what is over by now, and has it within seconds."""
        run = self.start("--config", config, "run", "--history", "1h")
        address = wait_for("the page's address", lambda: re.search(
            r"the page is served address=http://(\S+)", self.log_of(run)))[1]
        self.assertIn("the folder has data already", self.log_of(run))
        names = wait_for("the instruments", lambda: [
            each["instrument"] for each in self.ask(address, "/instruments")["instruments"]])
        path = f"/candles?interval=5m&instrument={names[0]}"
        said = wait_for("the venue's candles", lambda: [
            said for said in [self.ask(address, path)] if said["candles"]])[0]
        self.assertEqual(said["source"], "venue")
        self.assertGreaterEqual(said["candles"][0]["minutes"], 1)
        wait_for("a comparison", lambda: [
            day for day in self.ask(address, "/reconciliations?of=now")["days"] if day["equal"]])
        self.assertEqual(self.ask(address, "/reconciliations")["days"], [], "no day is over")
        for wrong, field in (("/candles?interval=90s&instrument=" + names[0], "interval"),
                             ("/reconciliations?of=then", "of")):
            self.assertEqual(self.ask(address, wrong, status=400)["field"], field)
        run.send_signal(signal.SIGTERM)
        self.assertEqual(run.wait(timeout=60), 0, self.log_of(run))

    def check_nothing_differs(self, config):
        days, said = self.reconcile(config, status=0)
        for venue in ("coinbase", "binance"):
            mine = [day for day in days if day["instrument"].startswith(venue)]
            self.assertGreater(sum(int(day["equal"]) for day in mine), 0, said)
        self.assertEqual(sum(int(day["different"]) for day in days), 0, said)
        self.assertNotRegex(said, "(?m)^differs ")
        print(said.splitlines()[-1], file=sys.stderr)

    def check_a_lie(self, config):
        minute = self.sql(config, "SELECT c.* FROM venue_candles c JOIN candle_comparisons x "
                                  "USING (instrument, interval_ns, start_ns) "
                                  "WHERE x.outcome = 'equal' ORDER BY position, ordinal LIMIT 1")[0]
        place = f"position = {minute['position']} AND ordinal = {minute['ordinal']}"
        done = subprocess.run([CHANGE_STORE, self.data / "store.duckdb",
                               f"UPDATE stored.venue_candles SET high = high + 1 WHERE {place}"],
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        said = self.reconcile(config, status=3)[1]
        lie = decimal.Decimal(minute["high"]) + 1
        self.assertEqual(re.findall("(?m)^differs .*$", said), [
            f"differs {minute['instrument']} {minute['start']} high: ours {minute['high']}, "
            f"the venue's {lie} ({self.quality_of(config, minute)})"])

    def quality_of(self, config, minute):
        rows = self.sql(config, "SELECT quality FROM candle_comparisons WHERE start_ns = "
                                f"{minute['start_ns']} AND instrument = '{minute['instrument']}'")
        return rows[0]["quality"]


if __name__ == "__main__":
    at = sys.argv.index("--change-store")
    CHANGE_STORE = os.path.abspath(sys.argv.pop(at + 1))
    sys.argv.pop(at)
    main()
