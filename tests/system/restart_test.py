#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Stops, and restarts over real TLS sockets on this machine: from snapshots, while older journal
goes.

    tests/system/restart_test.py BINARY [TEST...]
"""
import signal, time

from fixture import DEADLINE, SystemTest, main, wait_for


# A machine of its own whose name server takes every question and answers none, for half a minute.
DEAF = """
ip link set lo up && mount --bind "$FOLDER/resolv.conf" /etc/resolv.conf || exit 1
python3 -c '
import pathlib, socket, sys
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 53))
server.settimeout(30)
server.recv(512)
pathlib.Path(sys.argv[1], "asked").touch()
import time
time.sleep(30)' "$FOLDER" &
exec "$@"
"""


class Restart(SystemTest):
    def test_a_stop_does_not_wait_for_a_name_that_nobody_resolves(self):
        (self.folder / "resolv.conf").write_text("nameserver 127.0.0.1\noptions timeout:25\n")
        inside = ["unshare", "--map-root-user", "--net", "--mount", "env", f"FOLDER={self.folder}",
                  "sh", "-c", DEAF, "sh"]
        run = self.start("--data-dir", self.data, "run", inside=inside)
        wait_for("the question", lambda: (self.folder / "asked").exists())
        run.send_signal(signal.SIGTERM)
        began = time.monotonic()
        self.assertEqual(run.wait(timeout=DEADLINE), 0, self.log_of(run))
        self.assertLess(time.monotonic() - began, 8, self.log_of(run))

    def test_a_restart_begins_at_a_snapshot_and_older_journal_may_go(self):
        sims = {"coinbase": self.start_sim("coinbase", "--rate", 3000)}
        config = self.configure(sims, "checkpoint: {every: 200ms, keep: 2}",
                                journal="segment_bytes: 1MiB, retain: {bytes: 1MiB}")
        segments = lambda: sorted((self.data / "journal").glob("*.journal*"))
        snapshots = lambda: sorted((self.data / "snapshots").glob("*.snapshot"))
        run = self.start("--config", config, "run")
        wait_for("segments and a snapshot of the last",
                 lambda: len(segments()) > 2 and len(snapshots()) > 1 and
                 snapshots()[0].name.split(".")[0] > segments()[1].name.split(".")[0])
        run.send_signal(signal.SIGKILL)
        run.wait()
        before = self.run_tool(config, "verify").stderr
        self.assertIn("verify: equal", before)

        run = self.start("--config", config, "run")
        wait_for("older journal to go", lambda: int(segments()[0].name.split(".")[0]) > 0) 
        self.assertRegex(self.log_of(run), r"starts from a snapshot .*replays")
        self.assertNotIn("passed over", self.log_of(run))
        status = self.run_tool(config, "status").stdout
        self.assertRegex(status, r"snapshot +of [0-9.]+ s ago, at record")
        run.send_signal(signal.SIGTERM)
        self.assertEqual(run.wait(timeout=DEADLINE), 0, self.log_of(run))
        after = self.run_tool(config, "verify").stderr
        self.assertIn("verify: equal", after)
        self.assertIn("verifiable since 20", after)

        newest = snapshots()[-1]
        newest.write_bytes(newest.read_bytes()[:-1] + b"?")
        run = self.start("--config", config, "run", "--duration", "1s")
        self.assertEqual(run.wait(timeout=DEADLINE), 0, self.log_of(run))
        self.assertRegex(self.log_of(run), f"passed over .*{newest.name}")
        self.assertIn("starts from a snapshot", self.log_of(run))
        self.assertIn("verify: equal", self.run_tool(config, "verify").stderr)

    def test_retention_leaves_what_a_start_from_further_back_needs(self):
        config = self.configure({"coinbase": self.start_sim("coinbase", "--rate", 6000)},
                                "checkpoint: {every: 200ms, keep: 3}",
                                journal="segment_bytes: 1MiB")
        begins_at = lambda: min(int(file.name.split(".")[0])
                                for file in (self.data / "journal").glob("*.journal*"))
        self.run_tool(config, "run", "--duration", "5s")
        config.write_text(config.read_text().replace(
            "segment_bytes: 1MiB", "segment_bytes: 1MiB, retain: {bytes: 1MiB}"))
        for snapshot in (self.data / "snapshots").glob("*.snapshot"):
            its = bytearray(snapshot.read_bytes())
            its[-1] ^= 1
            snapshot.write_bytes(its)
        said = self.run_tool(config, "record", "--duration", "1s").stderr
        self.assertIn("journal.retain rests", said)
        self.assertEqual(begins_at(), 0, "only a run knows which snapshots are of use")
        run = self.start("--config", config, "run", "--duration", "3s")
        self.assertEqual(run.wait(timeout=DEADLINE), 0, self.log_of(run))
        self.assertIn("starts from the journal's beginning", self.log_of(run))
        self.assertIn("verify: equal", self.run_tool(config, "verify").stderr)

    def test_nothing_is_recorded_over_what_the_store_was_made_of(self):
        config = self.configure({"coinbase": self.start_sim("coinbase", "--rate", 500)},
                                "checkpoint: {every: 200ms, keep: 100}")
        journal, aside = self.data / "journal", self.folder / "aside"
        contents = lambda: {file.name: file.read_bytes() for file in journal.glob("*.journal*")}
        self.run_tool(config, "run", "--duration", "4s")
        last = max(journal.glob("*.journal"))
        whole = contents()
        last.write_bytes(last.read_bytes()[:len(last.read_bytes()) // 6])
        before = contents()
        for command in ("run", "record"):
            said = self.run_tool(config, command, "--duration", "1s", status=1).stderr
            self.assertIn("the store is ahead of its journal", said, command)
            self.assertEqual(contents(), before, command)
        bar = self.sql(config, "SELECT instrument, interval, start FROM bars WHERE interval = '1s' "
                               "AND instrument = 'coinbase:BTC-USD' ORDER BY start LIMIT 1")[0]
        explain = ("explain", bar["instrument"], bar["interval"], bar["start"], "--frames")
        self.assertIn("the store is ahead of its journal",
                      self.run_tool(config, *explain, status=1).stderr)

        # As it advises; and then somebody brings the old store back.
        aside.mkdir()
        for file in self.data.glob("store.duckdb*"):
            file.rename(aside / file.name)
        self.run_tool(config, "run", "--duration", "9s")
        self.assertIn("verify: equal", self.run_tool(config, "verify").stderr)
        for file in self.data.glob("store.duckdb*"):
            file.unlink()
        for file in aside.iterdir():
            file.rename(self.data / file.name)
        before = contents()
        for command in ("run", "record"):
            said = self.run_tool(config, command, "--duration", "1s", status=1).stderr
            self.assertRegex(said, "made of another journal .* or move store.duckdb away", command)
            self.assertEqual(contents(), before, command)

        self.assertIn("made of another journal", self.run_tool(config, *explain, status=1).stderr)

        # And the old journal: what is left of the other one are its snapshots.
        self.assertTrue(list((self.data / "snapshots").glob("*.snapshot")))
        for file in journal.iterdir():
            file.unlink()
        for name, its in whole.items():
            (journal / name).write_bytes(its)
        run = self.start("--config", config, "run", "--duration", "2s")
        self.assertEqual(run.wait(timeout=DEADLINE), 0, self.log_of(run))
        self.assertRegex(self.log_of(run), "passed over .*snapshot: was taken of another journal")
        self.assertNotIn("starts from a snapshot", self.log_of(run))
        self.assertIn("verify: equal", self.run_tool(config, "verify").stderr)
        self.assertIn("frames:", self.run_tool(config, *explain).stdout)

    def test_nothing_is_imported_over_what_the_store_was_made_of(self):
        config, rows = self.folder / "real.yaml", self.folder / "rows.csv"
        config.write_text(f"data_dir: {self.data}\nfeeds:\n  - venue: coinbase\n"
                          "    symbols: [BTC-USD]\n    channels: [trades]\n"
                          "    endpoint: wss://nowhere.invalid/\n"
                          "    rest_endpoint: https://nowhere.invalid\n"
                          'serve: {listen: "127.0.0.1:0"}\n')
        rows.write_text("venue,symbol,ts_event,ts_recv,price,size,side,trade_id\n" + "".join(
            f"coinbase,BTC-USD,{ns},{ns + 500_000},100.5,0.1,buy,{number}\n"
            for number, ns in enumerate(range(10 ** 18, 10 ** 18 + 4 * 10 ** 9, 10 ** 6), 1)))
        to_import = ("journal", "import", rows, "--input-format", "trades-csv", "--time-unit", "ns")
        self.run_tool(config, *to_import)
        for _ in range(2):
            self.run_tool(config, "run", "--duration", "1s")
        self.assertIn("verify: equal", self.run_tool(config, "verify").stderr)
        last = max((self.data / "journal").glob("*.journal"))
        last.write_bytes(last.read_bytes()[:-len(last.read_bytes()) // 2])
        before = last.read_bytes()
        said = self.run_tool(config, *to_import, status=1).stderr
        self.assertIn("the store is ahead of its journal", said)
        self.assertEqual(last.read_bytes(), before)
        (self.data / "journal").rename(self.folder / "elsewhere")
        said = self.run_tool(config, *to_import, status=2).stderr
        self.assertIn("holds none; bring the one that belongs to it", said)
        self.assertFalse((self.data / "journal").exists())

    def test_a_journal_is_not_founded_beside_a_store_of_another(self):
        config = self.configure({"coinbase": self.start_sim("coinbase", "--rate", 500)})
        self.run_tool(config, "run", "--duration", "2s")
        (self.data / "journal").rename(self.folder / "elsewhere")
        for command in ("run", "record"):
            said = self.run_tool(config, command, "--duration", "1s", status=2).stderr
            self.assertIn("holds none; bring the one that belongs to it", said, command)
            self.assertFalse((self.data / "journal").exists(), command)

    def test_bars_that_have_left_memory_are_those_of_the_journal(self):
        sims = {"coinbase": self.start_sim("coinbase", "--rate", 500, "--faults",
                                           "delay=9s:2%,swap=1%")}
        config = self.configure(sims, "checkpoint: {every: 300ms, keep: 2}")
        config.write_text(config.read_text().replace("[1s, 5s]", "[100ms, 1s]"))

        def tables():
            try:
                return list((self.data / "snapshots").glob("*.cold/*.sst"))
            except FileNotFoundError:  # a copy that went while it was listed
                return []

        run = self.start("--config", config, "run")
        wait_for("a snapshot with bars that are not in memory", tables)
        run.send_signal(signal.SIGKILL)
        run.wait()
        self.assertTrue((self.data / "state").exists(), "what a kill leaves")
        left = self.data / "snapshots" / "00000000000000099999.cold.unfinished"
        left.mkdir()
        self.assertIn("verify: equal", self.run_tool(config, "verify").stderr)

        run = self.start("--config", config, "run", "--duration", "12s")
        self.assertEqual(run.wait(timeout=2 * DEADLINE), 0, self.log_of(run))
        self.assertRegex(self.log_of(run), r"starts from a snapshot .*replays")
        self.assertFalse((self.data / "state").exists(), "only copies outlive a run")
        self.assertFalse(left.exists(), "what a kill in the middle of a copy leaves")
        self.assertIn("verify: equal", self.run_tool(config, "verify").stderr)
        revised = self.sql(config, "SELECT count(*) AS n FROM bar_revisions WHERE cause = "
                                   "'late_trade' AND revision > 0")
        self.assertGreater(int(revised[0]["n"]), 20, "late trades reached bars")
        self.assertEqual(list((self.data / "proofs").glob("*")), [], "a proof clears up")


if __name__ == "__main__":
    main()
