#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The demo as a user starts it: what it says, what it leaves, and that its comparison with the
truth can fail.

    tests/system/demo_test.py BINARY --change-store PROGRAM [--seconds N] [TEST...]
"""
import collections, csv, os, pathlib, re, signal, subprocess, sys
from decimal import Decimal

from fixture import DEADLINE, Options, SystemTest, ask_status, main, wait_for
from stream_client import Closed, StreamClient

CHANGE_STORE = None
FIRST_BAR_WITHIN = 3.0


class Demo(SystemTest):
    def setUp(self):
        super().setUp()
        self.tmp = self.folder / "tmp"
        self.tmp.mkdir()
        self.env = {**os.environ, "TMPDIR": str(self.tmp)}

    def demo(self, *args, **env):
        return self.start(*args, env={**self.env, **env})

    def finished(self, *args, status=0, **env):
        process = self.demo(*args, **env)
        # As long as a demo may take to settle, and to store the rest.
        code = process.wait(timeout=Options.seconds + 4 * DEADLINE)
        said = self.log_of(process)
        self.assertEqual(code, status, said)
        return said

    def counts(self, said):
        """The numbers of the summary, by name; they have to add up."""
        counts = {name: int(number.replace(",", "")) for name, number in
                  re.findall(r"^ *(\w+) +([\d,]+)(?:  |$)", said, re.MULTILINE)}
        parts = ("delivered", "duplicate", "late", "rejected", "shed", "control")
        self.assertEqual(counts["received"], sum(counts[part] for part in parts), said)
        return counts

    def folders(self):
        return sorted(path.name for path in self.tmp.iterdir())

    def check_truth(self, said):
        counts = self.counts(said)
        self.assertIn("truth: equal", said)
        qualities = ("complete", "repaired", "gap", "unknown")
        self.assertEqual(counts["bars"], sum(counts[quality] for quality in qualities), said)
        self.assertGreater(counts["complete"], Options.seconds, said)
        return counts

    def test_clean_markets_agree_with_the_truth_in_every_bar(self):
        said = self.finished("demo", "--duration", f"{Options.seconds}s", "--faults", "off")
        counts = self.check_truth(said)
        self.assertEqual((counts["missing"], counts["gap"], counts["rejected"]), (0, 0, 0), said)
        self.assertIn("SIMULATED coinbase and binance", said)
        first_bar = float(re.search(r"first bar came after ([\d.]+) s", said)[1])
        self.assertLess(first_bar, FIRST_BAR_WITHIN)
        self.assertEqual(self.folders(), [], "the temporary folder is gone")

    def test_what_is_missing_is_marked_and_nothing_else(self):
        said = self.finished("demo", "--duration", f"{Options.seconds}s", "--faults",
                             "mild,lose=2%,drop=3s", "--seed", 3, "--no-backfill")
        counts = self.check_truth(said)
        self.assertGreater(counts["missing"], 0, said)
        self.assertGreater(counts["gap"], 0, said)

    def test_what_can_be_known_of_venues_that_count_no_trades(self):
        for venue in ("bitstamp", "bybit", "finnhub", "twelvedata"):
            said = self.finished("demo", "--venue", venue, "--duration", f"{Options.seconds}s",
                                 "--faults", "mild,lose=8%,dup=8%", "--seed", 4)
            counts = self.counts(said)
            self.assertIn("truth: equal", said)
            self.assertEqual(counts["complete"] + counts["repaired"] + counts["gap"], 0, said)
            self.assertGreater(counts["unknown"], Options.seconds, said)
            self.assertGreater(counts["unseen"], 0, said)
            self.assertEqual("doubled" in counts, venue in ("finnhub", "twelvedata"), said)

    def test_the_other_venues_agree_with_the_truth(self):
        for venue in ("coinbase_advanced", "kraken", "okx"):
            said = self.finished("demo", "--venue", venue, "--duration", f"{Options.seconds}s",
                                 "--faults", "mild,lose=2%", "--seed", 4)
            self.check_truth(said)

    def test_what_is_missing_is_repaired_out_of_the_history(self):
        said = self.finished("demo", "--duration", f"{Options.seconds}s", "--faults",
                             "mild,lose=2%,drop=3s,rest_html=5%", "--seed", 3)
        # The number stands twice: of the bars, and of the trades.
        bars, trades = (int(number.replace(",", "")) for number in
                        re.findall(r"^ *repaired +([\d,]+)(?:  |$)", said, re.MULTILINE)[::-1])
        self.assertIn("truth: equal", said)
        self.assertEqual(self.counts(said)["missing"], 0, said)
        self.assertGreater(bars, 0, said)
        self.assertGreater(trades, 0, said)

    def test_who_follows_is_told_all_of_the_end_and_then_good_bye(self):
        # Held up until the very end: the last repairs come when the connections are closed.
        process = self.demo("demo", "--duration", f"{Options.seconds}s", "--faults",
                            "mild,lose=2%,drop=3s,rest_html=5%", "--seed", 3)
        address = wait_for("the address", lambda: re.search(
            r"^http://(\S+)$", self.log_of(process), re.MULTILINE))[1]
        client = StreamClient(address)
        self.addCleanup(client.close)
        client.subscribe("status", "gaps", "prices")
        newest, holes, words = {}, 0, []
        with self.assertRaises(Closed) as closed:
            while True:
                message = client.receive(Options.seconds + 4 * DEADLINE)
                words.append(message["type"])
                if "topic" in message:
                    newest[message["topic"]] = message["data"]
                    holes = max(holes, len(newest.get("gaps", [])))
        self.assertEqual((closed.exception.code, words[-1], words.count("ended")),
                         (1001, "ended", 1))
        self.assertEqual(process.wait(timeout=4 * DEADLINE), 0, self.log_of(process))
        counts = self.counts(self.log_of(process))
        self.assertGreater(holes, 0, "there were some to be repaired")
        self.assertEqual((newest["gaps"], counts["missing"]), ([], 0))
        status = newest["status"]
        self.assertTrue(status["ending"])
        self.assertEqual(status["items"],
                         {name: counts[name] for name in status["items"]})

    def test_what_the_history_no_longer_has_is_missing_for_good(self):
        said = self.finished("demo", "--duration", f"{Options.seconds}s", "--faults",
                             "drop=3s,lose=2%,history=4", "--seed", 3)
        self.assertIn("truth: equal", said)
        self.assertRegex(said, r"for good +[\d,]+ ")

    def test_one_venue_alone(self):
        said = self.finished("--data-dir", self.data, "demo", "--venue", "binance", "--duration",
                             "4s", "--faults", "off")
        self.assertIn("truth: equal", said)
        self.assertNotIn("coinbase", said)
        # What it leaves is a data folder like any other.
        config = self.folder / "none.yaml"
        config.write_text("{}\n")
        verify = self.run_tool(config, "--data-dir", self.data, "verify")
        self.assertIn("verify: equal", verify.stderr)

    def test_bars_of_stocks_follow_the_conditions_of_their_trades(self):
        said = self.finished("--data-dir", self.data, "demo", "--venue", "finnhub", "--duration",
                             f"{Options.seconds}s", "--faults", "off", "--seed", 6)
        self.assertIn("truth: equal", said)
        config = self.folder / "none.yaml"
        config.write_text("{}\n")

        def ask(*command):
            out = self.run_tool(config, "--data-dir", self.data, *command).stdout
            return list(csv.DictReader(out.splitlines()))

        trades = collections.defaultdict(list)
        for row in ask("sql", "SELECT * FROM trades ORDER BY ts_event_ns, position, ordinal",
                       "--format", "csv"):
            codes = set(row["conditions"].split())
            counts = ("volume" if "12" in codes else "fallback" if "24" in codes else "all")
            self.assertEqual(row["counts"], counts, row)
            trades[row["instrument"], int(row["ts_event_ns"]) // 10**9].append(row)
        kinds = collections.Counter()
        for bar in ask("sql", "SELECT * FROM bars WHERE interval = '1s'", "--format", "csv"):
            inside = trades[bar["instrument"], int(bar["start_ns"]) // 10**9]
            best = min((t["counts"] for t in inside), key=("all", "fallback", "volume").index)
            prices = [Decimal(t["price"]) for t in inside if t["counts"] == best]
            said = [bar[name] and Decimal(bar[name]) for name in ("open", "high", "low", "close")]
            self.assertEqual(said, ["", "", "", ""] if best == "volume" else
                             [prices[0], max(prices), min(prices), prices[-1]], bar)
            self.assertEqual(Decimal(bar["volume"]), sum(Decimal(t["size"]) for t in inside), bar)
            self.assertEqual(int(bar["trades"]), len(inside), bar)
            kinds[best] += 1
        self.assertEqual(set(kinds), {"all", "fallback", "volume"}, kinds)
        self.assertIn("verify: equal", self.run_tool(config, "--data-dir", self.data,
                                                     "verify").stderr)

    def changed(self, statement, status=3):
        """A demo whose store somebody changes before it is compared."""
        wait = self.folder / "wait"
        wait.touch()
        process = self.demo("--data-dir", self.data, "demo", "--duration", "5s", "--faults",
                            "mild,lose=2%", "--seed", 2, TAPELINE_DEMO_WAIT=str(wait))
        wait_for("the end of the run", lambda: "waiting to compare" in self.log_of(process))
        done = subprocess.run([CHANGE_STORE, self.data / "store.duckdb", statement],
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, statement + done.stderr)
        wait.unlink()
        code = process.wait(timeout=DEADLINE)
        self.assertEqual(code, status, self.log_of(process))
        return self.log_of(process)

    # A bar's newest revision; {} says which.
    ONE = ("(SELECT b.rowid FROM stored.bars b WHERE {} AND NOT EXISTS (SELECT 1 FROM stored.bars "
           "n WHERE n.instrument = b.instrument AND n.interval = b.interval AND n.start = b.start "
           "AND n.revision > b.revision) ORDER BY b.position, b.ordinal LIMIT 1 OFFSET 5)")

    def test_one_stored_bar_that_is_wrong_in_its_last_place_is_found(self):
        said = self.changed("UPDATE stored.bars SET close = close + 0.000000000000000001 "
                            f"WHERE rowid = {self.ONE.format('true')}")
        self.assertRegex(said, r"truth: 1 difference\n  \w+:\w+-\w+ \w+ \S+ \(\w+\): close "
                               r"\S+000001 \(should be \S+\)\n")

    def test_a_bar_that_claims_too_much_is_found(self):
        said = self.changed("UPDATE stored.bars SET quality = 1 "
                            f"WHERE rowid = {self.ONE.format('quality = 0')}")
        self.assertRegex(said, r"truth: 1 difference\n  .*: says repaired \(should be complete\)\n")

    def test_a_bar_that_is_gone_is_found(self):
        said = self.changed("DELETE FROM stored.bars "
                            f"WHERE rowid = {self.ONE.format('revision = 0')}")
        self.assertIn(": is not there, and trades came for it\n", said)

    def test_without_a_change_the_same_demo_is_right(self):
        said = self.changed("UPDATE stored.bars SET close = close "
                            f"WHERE rowid = {self.ONE.format('true')}", status=0)
        self.assertIn("truth: equal", said)

    def test_a_signal_ends_it_with_a_summary_and_nothing_left(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            process = self.demo("demo")
            wait_for("its data folder", self.folders)
            folder = self.tmp / wait_for("its folder", lambda: [
                name for name in self.folders() if name.startswith("tapeline-demo-")])[0]
            wait_for("its socket", lambda: ask_status(folder))
            process.send_signal(number)
            self.assertEqual(process.wait(timeout=DEADLINE), 0, self.log_of(process))
            self.counts(self.log_of(process))
            self.assertNotIn("truth:", self.log_of(process))
            self.assertEqual(self.folders(), [])

    def test_one_that_was_to_last_longer_says_that_it_was_cut_short(self):
        process = self.demo("demo", "--duration", "10m")
        wait_for("its socket", lambda: [
            name for name in self.folders() if ask_status(self.tmp / name)])
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(timeout=DEADLINE), 130, self.log_of(process))
        self.assertNotIn("truth:", self.log_of(process))

    def test_who_looks_on_finds_the_page_by_the_folder(self):
        # Not where it would be without options, since that port is taken or left free.
        process = self.demo("--data-dir", self.data, "demo", "--faults", "off", "--port", 18651)
        address = wait_for("the address", lambda: re.search(
            r"^http://(\S+)$", self.log_of(process), re.MULTILINE))[1]
        page = wait_for("the page in its status", lambda: (ask_status(self.data) or {}).get("page"))
        self.assertEqual(page, f"http://{address}")
        watch = self.start("--data-dir", self.data, "watch", stdout=subprocess.PIPE)
        line = watch.stdout.readline().decode()
        watch.stdout.close()
        self.assertRegex(line, r"(coinbase|binance):\w+-\w+ ")

    def test_what_a_killed_one_left_goes_with_the_next(self):
        killed = self.demo("demo")
        left = pathlib.Path(self.tmp / wait_for("its folder", lambda: [
            name for name in self.folders() if name.startswith("tapeline-demo-")])[0])
        wait_for("its socket", lambda: ask_status(left))
        self.assertEqual(left.stat().st_mode & 0o777, 0o700)
        running = self.demo("demo", "--duration", "3s", "--faults", "off")
        self.assertEqual(running.wait(timeout=DEADLINE), 0, self.log_of(running))
        self.assertTrue(left.exists(), "it is held while it runs")
        killed.kill()
        killed.wait()
        self.finished("demo", "--duration", "3s", "--faults", "off", "--venue", "coinbase")
        self.assertEqual(self.folders(), [])


def load_tests(loader, _tests, _pattern):
    return loader.loadTestsFromTestCase(Demo)


if __name__ == "__main__":
    at = sys.argv.index("--change-store")
    CHANGE_STORE = os.path.abspath(sys.argv.pop(at + 1))
    sys.argv.pop(at)
    main()
