#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The HTTP API and the push stream of a live run against a simulated venue: what they say is what
the store, `audit` and the counters say, and a hole is everywhere at once with the same ids."""
import http.client, json, re, shutil, signal, subprocess, time

from fixture import DEADLINE, Options, SystemTest, main, wait_for
from stream_client import Closed, StreamClient

KINDS = ("delivered", "duplicate", "late", "rejected", "shed", "control")
COLUMNS = ("open", "high", "low", "close", "volume", "buy_volume", "notional", "vwap", "trades",
           "first_id", "last_id", "state", "quality", "revision")


class Serve(SystemTest):
    def start_run(self, faults="off", rate=200):
        self.sims = {"coinbase": self.start_sim("coinbase", "--faults", faults, "--rate", rate)}
        self.config = self.configure(self.sims)
        self.start_again()
        self.instrument = "coinbase:" + sorted(self.symbols_of(self.sims["coinbase"],
                                                               "coinbase"))[0]
        wait_for("readiness", lambda: self.ask("/readyz")[0] == 200)
        wait_for("a trade", lambda: any(
            i["instrument"] == self.instrument and i["last"]
            for i in self.api("/instruments")["instruments"]))

    def start_again(self):
        self.run_process = self.start("--config", self.config, "run")
        found = wait_for("the page's address", lambda: re.search(
            r"the page is served address=http://(\S+)", self.log_of(self.run_process)))
        self.address = found[1]

    def connect(self, headers=()):
        client = StreamClient(self.address, headers)
        self.addCleanup(client.close)
        return client

    def ask(self, path, method="GET", headers=None, body=None):
        connection = http.client.HTTPConnection(self.address, timeout=DEADLINE)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), dict(answer.getheaders())
        finally:
            connection.close()

    def api(self, path):
        status, body, _ = self.ask("/api/v1" + path)
        self.assertEqual(status, 200, body)
        return json.loads(body)

    def stop_run(self):
        self.run_process.send_signal(signal.SIGTERM)
        self.assertEqual(self.run_process.wait(timeout=60), 0, self.log_of(self.run_process))

    def metrics(self):
        out = {}
        for line in self.ask("/metrics")[1].splitlines():
            if not line.startswith("#"):
                name, value = line.rsplit(" ", 1)
                out[name] = float(value)
        return out

    def test_a_start_shows_the_last_prices_before_anything_new_comes(self):
        self.start_run()
        self.stop_run()
        self.sims["coinbase"].kill()
        self.sims["coinbase"].wait()
        stored = {row["instrument"]: row for row in self.sql(
            self.config, "SELECT instrument, max_by(trade_id, (ts_event, first_fill)) AS id "
                         "FROM trades GROUP BY ALL")}
        self.assertGreater(len(stored), 0)
        self.start_again()
        wait_for("the last trades of the store", lambda: {
            i["instrument"]: i["last"] and i["last"]["trade_id"]
            for i in self.api("/instruments")["instruments"] if i["last"]} == {
                name: row["id"] for name, row in stored.items()})
        self.stop_run()

    def test_bars_trades_and_counters_are_those_of_the_store(self):
        self.start_run()
        time.sleep(3)
        to = self.api("/bars?interval=1s&limit=1&instrument=" + self.instrument)["bars"][0]["start"]
        wait_for("the bars' store", lambda: int(self.sql(
            self.config, f"SELECT count(*) AS n FROM bars WHERE start >= '{to}'")[0]["n"]))
        path = f"/bars?instrument={self.instrument}&interval=1s&to={to}"
        pages, before = [], to
        while True:
            page = self.api(f"/bars?instrument={self.instrument}&interval=1s&limit=2&to={before}")
            pages = page["bars"] + pages
            if not page["more"]:
                break
            before = page["bars"][0]["start"]
        whole = self.api(path)["bars"]
        self.assertEqual(pages, whole)
        stored = self.sql(self.config, f"SELECT * FROM bars WHERE instrument = '{self.instrument}' "
                          f"AND interval = '1s' AND start < '{to}' ORDER BY start")
        self.assertGreater(len(stored), 1)
        self.assertEqual([[str(bar[c]) for c in COLUMNS] for bar in whole],
                         [[row[c] for c in COLUMNS] for row in stored])
        trades = self.api(f"/trades?instrument={self.instrument}&to={to}&limit=5000")["trades"]
        stored = self.sql(self.config, "SELECT trade_id, price, size FROM trades WHERE instrument ="
                          f" '{self.instrument}' AND ts_event < '{to}' "
                          "ORDER BY ts_event, CAST(trade_id AS BIGINT)")
        self.assertEqual([(t["trade_id"], t["price"], t["size"]) for t in trades],
                         [(t["trade_id"], t["price"], t["size"]) for t in stored])
        for _ in range(20):
            status = self.api("/status")
            rows = [status["items"], *status["items_by_venue"]]
            for row in rows:
                self.assertEqual(row["received"], sum(row[kind] for kind in KINDS), row)
            self.assertEqual(status["items"]["received"],
                             sum(row["received"] for row in status["items_by_venue"]))
        self.assertEqual(status["mode"], "simulated")
        self.assertGreater(status["items"]["received"], 100)
        self.stop_run()

    def test_the_stream_shows_a_bar_while_it_is_open_and_says_good_bye(self):
        self.start_run()
        client = self.connect({"Origin": f"http://{self.address}"})
        self.assertEqual(client.receive()["type"], "hello")
        topic = f"bars:{self.instrument}:1s"
        client.subscribe(topic, f"trades:{self.instrument}", "prices", "status", "feeds", "gaps")
        seq, seen = {}, set()
        end = time.monotonic() + 4
        bars = {}
        while time.monotonic() < end:
            message = client.receive(1)
            if message is None:
                continue
            name = message["topic"]
            seen.add((message["type"], name))
            if message["type"] == "update":
                self.assertEqual(message["prev"], seq[name])
            seq[name] = message["seq"]
            if name == topic:
                bars.update({bar["start"]: bar for bar in message["data"]})
        self.assertEqual({name for kind, name in seen if kind == "snapshot"}, set(seq))
        self.assertIn("provisional", {bar["state"] for bar in bars.values()})
        final = {start: bar for start, bar in bars.items() if bar["state"] == "final"}
        self.assertGreater(len(final), 1)
        stored = {b["start"]: b for b in self.api(
            f"/bars?instrument={self.instrument}&interval=1s&limit=5000")["bars"]}
        for start, bar in final.items():
            if stored[start]["revision"] == bar["revision"]:
                self.assertEqual(stored[start], bar)
        client.subscribe(topic, resume={"epoch": self.api("/status")["epoch"],
                                        "seq": {topic: seq[topic]}})
        again = client.wait(lambda m: m.get("topic") == topic)
        self.assertEqual((again["type"], again["prev"]), ("update", seq[topic]))
        self.run_process.send_signal(signal.SIGTERM)
        with self.assertRaises(Closed) as closed:
            while True:
                last = client.receive(DEADLINE)
        self.assertEqual((last["type"], closed.exception.code), ("ended", 1001))
        self.assertEqual(self.run_process.wait(timeout=60), 0, self.log_of(self.run_process))

    def test_who_reads_nothing_holds_up_no_good_bye(self):
        self.start_run(rate=500)
        deaf = StreamClient(self.address, receive_bytes=2048)
        self.addCleanup(deaf.close)
        topics = ("status", "prices", f"trades:{self.instrument}", f"bars:{self.instrument}:1s")
        deaf.subscribe(*topics)
        client = self.connect()
        client.subscribe(*topics)
        client.wait(lambda m: m.get("topic") == "status" and m["data"]["push"]["clients"] == 2)
        asked = time.monotonic()
        self.run_process.send_signal(signal.SIGTERM)
        with self.assertRaises(Closed):
            while True:
                last = client.receive(DEADLINE)
        self.assertEqual(last["type"], "ended")
        self.assertEqual(self.run_process.wait(timeout=60), 0, self.log_of(self.run_process))
        # A close that nobody answers is waited for by net for ten seconds, and here for two.
        self.assertLess(time.monotonic() - asked, 8)

    def test_a_hole_is_everywhere_with_the_same_ids(self):
        self.start_run("drop=3s", rate=500)
        client = self.connect()
        client.subscribe("gaps")
        pushed = client.wait(lambda m: m.get("topic") == "gaps" and m["data"])["data"][0]
        found = time.monotonic()
        key = (pushed["instrument"], pushed["from_id"], pushed["to_id"])

        def keys(gaps):
            return {(g["instrument"], g["from_id"], g["to_id"]) for g in gaps}

        self.assertIn(key, keys(self.api("/gaps")["gaps"]))
        wait_for("the hole in audit", lambda: re.search(
            f"hole {key[0]} trades ids {key[1]}\\.\\.{key[2]} ", self.audit()), 1)
        self.assertLess(time.monotonic() - found, 2)

        def all_agree():
            gaps = self.api("/gaps")["gaps"]
            metrics = self.metrics()
            status = self.api("/status")["missing"]
            coverage = self.api("/coverage")["coverage"]
            sums = {sum(g["ids"] for g in gaps), status["ids"],
                    sum(c["missing"] for c in coverage),
                    sum(v for k, v in metrics.items() if k.startswith("tapeline_ledger_missing"))}
            return len(sums) == 1 and len(gaps) == status["holes"] and gaps

        wait_for("the same sums everywhere", all_agree)
        self.stop_run()

    def audit(self):
        done = subprocess.run([Options.binary, "--config", str(self.config), "audit"],
                              capture_output=True, text=True, timeout=60)
        return done.stderr

    def test_metrics_are_what_prometheus_wants(self):
        promtool = shutil.which("promtool")
        self.assertTrue(promtool, "promtool is missing: script/bootstrap installs it")
        self.start_run()
        self.connect().subscribe("status")
        page = self.ask("/metrics")[1]
        checked = subprocess.run([promtool, "check", "metrics"], input=page, capture_output=True,
                                 text=True, timeout=60)
        self.assertEqual((checked.returncode, checked.stdout + checked.stderr), (0, ""))
        self.assertIn("tapeline_build_info{version=", page)
        metrics = self.metrics()
        buckets = [v for k, v in metrics.items() if "engine_bar_latency_seconds_bucket" in k]
        self.assertEqual(buckets, sorted(buckets))
        self.assertEqual(buckets[-1], metrics["tapeline_engine_bar_latency_seconds_count"])
        self.stop_run()

    def test_what_is_configured_is_counted_from_the_start(self):
        # A rate over a counter that comes only with its first event misses that event.
        self.sims = {"coinbase": self.start_sim("coinbase")}
        self.config = self.configure(self.sims)
        self.sims["coinbase"].kill()
        self.sims["coinbase"].wait()
        self.start_again()
        metrics = self.metrics()
        items = {f'tapeline_decode_items_{kind}_total{{venue="coinbase",channel="{channel}"}}'
                 for kind in ("received", "delivered", "duplicate", "late")
                 for channel in ("trades", "quotes")}
        more = {'tapeline_decode_items_rejected_total{venue="coinbase",channel="trades",'
                'reason="bad_price"}',
                'tapeline_feed_frames_received_total{venue="coinbase"}',
                'tapeline_feed_history_given_up_total{venue="coinbase"}'}
        self.assertEqual({name: metrics.get(name) for name in items | more},
                         dict.fromkeys(items | more, 0))
        self.assertFalse([name for name in metrics if 'venue="binance"' in name])
        self.stop_run()

    def test_a_venues_clock_that_is_ahead_is_measured_and_moves_no_bar(self):
        self.start_run(faults="skew=+3s")
        # The first window of ten seconds has to be over.
        clock = wait_for("the venue's clock", lambda: self.api("/latency")["venues"][0]["clock"],
                         seconds=40)
        self.assertLess(abs(clock["offset_ms"] + 3000), 200, clock)
        latency = self.api("/latency")
        self.assertIn("250ms ahead of this machine's clock", clock["warning"])
        self.assertEqual({feed["clock_warning"] for feed in self.api("/feeds")["feeds"]},
                         {clock["warning"]})
        self.assertEqual([venue["venue"] for venue in latency["venues"]], ["coinbase"])
        for stage in ("journal", "engine", "bar"):
            waits = latency[f"receipt_to_{stage}_ms"]
            self.assertGreater(waits["count"], 0, stage)
            shares = [waits[name] for name in ("p50", "p90", "p99", "p999")]
            self.assertEqual(shares, sorted(shares), stage)
        metrics = self.metrics()
        offset = metrics['tapeline_feed_clock_offset_seconds{venue="coinbase"}']
        self.assertLess(abs(offset + 3), 0.2)
        self.assertGreater(
            metrics['tapeline_feed_venue_latency_seconds_count{venue="coinbase"}'], 0)
        venues = {found for name in metrics for found in re.findall(r'venue="(\w+)"', name)}
        self.assertEqual(venues, {"coinbase"}, "of no venue that nobody asked for")
        wait_for("a thousand trades", lambda:
                 self.api("/latency")["venues"][0]["disorder_ms"]["count"] >= 1000)
        checked = self.run_tool(self.config, "check", "--connect").stdout
        self.assertRegex(checked, r"disorder coinbase +of 1,\d{3} trades 99\.9 % came at most .*; "
                                  r"stream.disorder is ")
        status = self.run_tool(self.config, "status")
        self.assertRegex(status.stdout, r"clock coinbase +[23]\d{3}\.\d\d ms ahead of this")
        self.stop_run()
        qualities = {row["quality"] for row in self.sql(
            self.config, "SELECT quality FROM bars WHERE interval = '1s' AND state = 'final'")}
        self.assertLessEqual(qualities, {"complete", "unknown"})
        self.assertIn("complete", qualities)
        # Without a process the stored trades say it.
        self.assertRegex(self.run_tool(self.config, "check", "--connect").stdout,
                         r"disorder coinbase +of [\d,]+ trades 99\.9 % came at most .*; "
                         r"stream.disorder is 500ms")

    def test_other_origins_and_wrong_questions_are_refused(self):
        self.start_run()
        self.assertEqual(self.ask("/api/v1/status", headers={"Host": "evil.example"})[0], 403)
        self.assertEqual(self.ask("/healthz", headers={"Host": "localhost"})[0], 200)
        for headers in ({"Origin": "http://evil.example"}, {"Host": "evil.example"}):
            self.assertEqual(self.connect(headers).status, 403)
        drop = "/api/v1/demo/drop?venue=coinbase"
        self.assertEqual(self.ask(drop, "POST")[0], 403)
        self.assertEqual(self.ask(drop, "POST", {"X-Tapeline": "1"})[0], 404, "this is no demo")
        for path, field in ((f"/bars?instrument={self.instrument}&interval=7s", "interval"),
                            ("/bars?instrument=x:Y&interval=1s", "instrument"),
                            (f"/trades?instrument={self.instrument}&from=now", "from"),
                            (f"/trades?instrument={self.instrument}&limit=9999", "limit")):
            status, body, _ = self.ask("/api/v1" + path)
            self.assertIn(status, (400, 404), path)
            self.assertEqual(json.loads(body)["field"], field)
        self.assertEqual(self.ask("/../../etc/passwd")[0], 400)
        headers = self.ask("/")[2]
        self.assertIn("default-src 'self'", headers["Content-Security-Policy"])
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
        taken = subprocess.run(
            [Options.binary, "--config", str(self.config), "--data-dir", str(self.folder / "b"),
             "--set", f"serve.listen={self.address}", "run"], capture_output=True, text=True,
            timeout=60)
        self.assertNotEqual(taken.returncode, 0)
        self.assertIn("serve: {listen:", taken.stderr)
        self.stop_run()

    def test_what_an_earlier_run_stored_is_there_after_a_start(self):
        self.start_run()
        time.sleep(2)
        self.stop_run()
        before = self.sql(self.config, "SELECT start FROM bars WHERE interval = '1s' AND "
                          f"instrument = '{self.instrument}' ORDER BY start")
        self.run_process = self.start("--config", self.config, "run")
        self.address = wait_for("the page's address", lambda: re.search(
            r"the page is served address=http://(\S+)", self.log_of(self.run_process)))[1]
        wait_for("instruments", lambda: self.api("/instruments")["instruments"])
        bars = self.api(f"/bars?instrument={self.instrument}&interval=1s&limit=5000")["bars"]
        self.assertLessEqual({row["start"] for row in before}, {bar["start"] for bar in bars})
        client = self.connect()
        client.subscribe(f"bars:{self.instrument}:1s", f"trades:{self.instrument}")
        shown = client.wait(lambda m: m["type"] == "snapshot" and m["topic"].startswith("bars"))
        self.assertLessEqual({row["start"] for row in before}, {b["start"] for b in shown["data"]})
        tape = client.wait(lambda m: m["type"] == "snapshot" and m["topic"].startswith("trades"))
        stored = self.sql(self.config, "SELECT trade_id FROM trades WHERE instrument = "
                          f"'{self.instrument}'")
        first = tape["data"][0]["trade_id"]
        self.assertEqual(len(tape["data"]) == 50 or
                         {row["trade_id"] for row in stored} <=
                         {t["trade_id"] for t in tape["data"]}, True, (first, len(stored)))
        self.stop_run()


if __name__ == "__main__":
    main()
