#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a live run listens to changes while it runs: by SIGHUP, which reads the configuration anew,
and by the API. The connection stays, what is given up ends without a hole, what is new begins.

    tests/system/subscribe_test.py BINARY [TEST...]
"""
import http.client, json, re, signal, subprocess, time
from decimal import Decimal

from fixture import DEADLINE, Options, SystemTest, ask_status, main, ns, wait_for


class Subscribe(SystemTest):
    def setUp(self):
        super().setUp()
        self.sim = self.start_sim("coinbase", "--faults", "off", "--rate", 200)
        self.config = self.configure({"coinbase": self.sim})
        self.symbols = sorted(self.symbols_of(self.sim, "coinbase"))[:3]
        self.whole = self.config.read_text()
        self.want(self.symbols[:2])
        self.run_process = self.start("--config", self.config, "run")
        found = wait_for("the page's address", lambda: re.search(
            r"the page is served address=http://(\S+)", self.log_of(self.run_process)))
        self.address = found[1]
        wait_for("the first symbols", lambda: self.live() == self.symbols[:2])

    def want(self, symbols, text=None):
        self.config.write_text(re.sub(r"symbols: \[.*\]", f"symbols: [{', '.join(symbols)}]",
                                      text or self.whole))

    def hang_up(self):
        self.run_process.send_signal(signal.SIGHUP)

    def ask(self, path, method="GET", headers=None):
        connection = http.client.HTTPConnection(self.address, timeout=DEADLINE)
        try:
            connection.request(method, "/api/v1" + path, None, headers or {})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or "null")
        finally:
            connection.close()

    def post(self, path):
        return self.ask(path, "POST", {"X-Tapeline": "1"})

    def feeds(self):
        return self.ask("/feeds")[1]["feeds"]

    def live(self):
        """The symbols whose trades and quotes are live."""
        states = {}
        for stream in [stream for feed in self.feeds() for stream in feed["streams"]]:
            states.setdefault(stream["symbol"], set()).add(stream["state"])
        return sorted(s for s, its in states.items() if its == {"live"})

    def trades_of(self, symbol):
        rows = self.sql(self.config, "SELECT count(*) AS n FROM trades WHERE instrument = "
                                     f"'coinbase:{symbol}'")
        return int(rows[0]["n"])

    def stop_run(self):
        self.run_process.send_signal(signal.SIGTERM)
        self.assertEqual(self.run_process.wait(timeout=60), 0, self.log_of(self.run_process))

    def check_given_up(self, symbol):
        """Nothing comes of it any more, of another one it does, and nothing is missing."""
        time.sleep(1)  # what was under way
        before = self.trades_of(symbol)
        others = self.trades_of(self.symbols[1])
        wait_for("trades of the others",
                 lambda: self.trades_of(self.symbols[1]) > others + 100)
        self.assertGreater(before, 0)
        self.assertEqual(self.trades_of(symbol), before)
        self.assertEqual(self.sql(self.config, "SELECT * FROM gaps"), [])
        coverage = self.sql(self.config, "SELECT * FROM coverage WHERE channel = 'trades' AND "
                                         f"instrument = 'coinbase:{symbol}'")
        self.assertEqual(len(coverage), 1, "one run, that has ended")

    def test_a_hangup_brings_a_symbol_more_and_then_one_less(self):
        self.want(self.symbols)
        self.hang_up()
        wait_for("the new symbol", lambda: self.live() == self.symbols)
        wait_for("its trades", lambda: self.trades_of(self.symbols[2]) > 0)
        self.want(self.symbols[1:])
        self.hang_up()
        wait_for("one symbol less", lambda: self.live() == self.symbols[1:])
        self.check_given_up(self.symbols[0])
        self.assertEqual([feed["reconnects"] for feed in self.feeds()], [0], "one connection")
        status = self.run_tool(self.config, "status").stdout
        self.assertRegex(status, r"6 of 6 streams live")  # trades, quotes and heartbeats
        self.stop_run()
        self.run_tool(self.config, "verify")
        log = self.log_of(self.run_process)
        self.assertEqual(log.count("the configuration was read anew"), 2, log)

    def test_a_mistake_is_refused_whole_and_what_cannot_change_is_named(self):
        self.want(self.symbols, self.whole.replace("disorder: 500ms", "disorder: often"))
        self.hang_up()
        refused = wait_for("the refusal", lambda: re.search(
            r".*the configuration was refused.*", self.log_of(self.run_process)))[0]
        checked = subprocess.run([Options.binary, "--config", str(self.config), "check"],
                                 capture_output=True, text=True, timeout=60)
        self.assertEqual(checked.returncode, 2)
        self.assertIn(checked.stderr.strip().replace('"', '\\"'), refused)
        self.assertEqual(self.live(), self.symbols[:2], "what was in force goes on")
        self.want(self.symbols, self.whole.replace("disorder: 500ms", "disorder: 700ms"))
        self.hang_up()
        wait_for("the new symbol", lambda: self.live() == self.symbols)
        named = re.findall(r".*cannot change while running.*", self.log_of(self.run_process))
        self.assertEqual(len(named), 1, named)
        self.assertRegex(named[0], r"key=stream\.disorder in_force=500ms file=700ms")
        self.stop_run()

    def test_the_api_does_it_until_the_configuration_is_read_anew(self):
        path = f"/feeds/subscribe?instrument=coinbase:{self.symbols[2]}"
        self.assertEqual(self.ask(path, "POST")[0], 403, "the header is missing")
        foreign = {"X-Tapeline": "1", "Origin": "http://a.b"}
        self.assertEqual(self.ask(path, "POST", foreign)[0], 403)
        for wrong, word in (("kraken:BTC-USD", "no feed of this venue"),
                            ("BTC-USD", "venue:SYMBOL"), ("coinbase:a b", "is none"),
                            ("", "venue:SYMBOL")):
            status, answer = self.post("/feeds/subscribe?instrument=" + wrong.replace(" ", "%20"))
            self.assertEqual((status, answer["field"]), (400, "instrument"), wrong)
            self.assertIn(word, answer["error"])
        status, answer = self.post(path)
        self.assertEqual((status, answer["subscribed"]), (202, True))
        wait_for("the new symbol", lambda: self.live() == self.symbols)
        give_up = f"/feeds/unsubscribe?instrument=coinbase:{self.symbols[0]}"
        self.assertEqual(self.post(give_up)[0], 202)
        wait_for("one symbol less", lambda: self.live() == self.symbols[1:])
        self.check_given_up(self.symbols[0])
        self.assertEqual(self.post(give_up)[0], 400, "it is no longer subscribed to")
        self.hang_up()
        wait_for("what the file says", lambda: self.live() == self.symbols[:2])
        self.stop_run()


class RecordOnly(SystemTest):
    def test_what_was_recorded_unparsed_is_used_by_a_reparse(self):
        sim = self.start_sim("binance", "--faults", "off", "--rate", 200)
        config = self.configure({"binance": sim})
        config.write_text(config.read_text().replace("[trades, quotes]", "[quotes, raw:trade]"))
        process = self.start("--config", config, "run")
        wait_for("frames", lambda: re.search(r"raw:trade", str(ask_status(self.data))))
        time.sleep(3)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=60), 0, self.log_of(process))
        self.assertEqual(self.sql(config, "SELECT * FROM trades"), [])
        self.run_tool(config, "verify")
        self.assertEqual(self.replay(config, "trades"), [])
        trades = self.replay(config, "trades", "--reparse")
        self.assertGreater(len(trades), 100)
        for symbol in self.symbols_of(sim, "binance"):
            name = f"binance:{symbol}"
            ours = [(ns(t["ts_event"]), int(t["trade_id"]), Decimal(t["price"]),
                     Decimal(t["size"])) for t in trades if t["instrument"] == name]
            truth = {trade[1]: trade for trade in self.truth_of(sim, name)}
            self.assertEqual(ours, [truth[trade[1]] for trade in ours])
            ids = [trade[1] for trade in ours]
            self.assertEqual(ids, list(range(ids[0], ids[-1] + 1)) if ids else [])
        wrong = self.run_tool(config, "replay", self.data / "x", "--input-format", "raw",
                              "--venue", "binance", "--reparse", status=2)
        self.assertIn("--input-format journal", wrong.stderr)


if __name__ == "__main__":
    main()
