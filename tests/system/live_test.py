#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A simulated venue and a live run over real TLS sockets on this machine, held against the truth.

    tests/system/live_test.py BINARY [--seconds N] [--kills N] [TEST...]

Every bar that the run marks complete must equal what the simulator knows, computed here from its
trades with Decimal; conservation must hold; and after each SIGKILL the store must equal a replay
of the journal.
"""
import calendar, csv, io, json, os, pathlib, random, shutil, signal, ssl, subprocess, sys, tempfile
import time, unittest, urllib.request
from collections import defaultdict
from decimal import Decimal

BINARY = None
SECONDS = 8
KILLS = 3
DEADLINE = 30


def wait_for(what, condition, seconds=DEADLINE):
    """Polls until the condition holds; a test that waits for nothing fails by name."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"waited {seconds} s for {what}")


class Live(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tapeline_live_"))
        self.data = self.folder / "data"
        self.processes = []

    def tearDown(self):
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.wait()
            process.log.close()
        shutil.rmtree(self.folder)

    def start(self, *args):
        log = open(self.folder / f"log{len(self.processes)}", "w+b")
        process = subprocess.Popen([BINARY, *map(str, args)], stdout=subprocess.DEVNULL, stderr=log)
        process.log = log
        self.processes.append(process)
        return process

    def log_of(self, process):
        process.log.flush()
        return pathlib.Path(process.log.name).read_text(errors="replace")

    def start_sim(self, venue, *args):
        ca = self.folder / f"{venue}.pem"
        sim = self.start("sim", "--venue", venue, "--listen", "127.0.0.1:0", "--ca-out", ca,
                         "--seed", 7, *args)
        address = wait_for("the address of the simulator", lambda: [
            word.strip(".,") for line in self.log_of(sim).splitlines() for word in line.split()
            if "127.0.0.1:" in word])[0]
        sim.address = address[address.index("127.0.0.1:"):]
        sim.ca = ca
        return sim

    def get(self, sim, path, data=None):
        context = ssl.create_default_context(cafile=str(sim.ca))
        with urllib.request.urlopen(f"https://{sim.address}{path}", data=data,
                                    context=context) as answer:
            return answer.read().decode()

    def configure(self, sims, *more, journal="segment_bytes: 1MiB"):
        lines = [f"data_dir: {self.data}", "feeds:"]
        for venue, sim in sims.items():
            path = "/stream" if venue == "binance" else "/"
            symbols = sorted(self.symbols_of(sim, venue))
            lines += [f"  - venue: {venue}", f"    symbols: [{', '.join(symbols)}]",
                      "    channels: [trades, quotes]", f"    endpoint: wss://{sim.address}{path}",
                      f"    rest_endpoint: https://{sim.address}", f"    ca_file: {sim.ca}"]
        lines += [f"journal: {{{journal}}}", *more,
                  "stream: {intervals: [1s, 5s], disorder: 500ms, idle_timeout: 2s}"]
        path = self.folder / "tapeline.yaml"
        path.write_text("\n".join(lines) + "\n")
        return path

    def symbols_of(self, sim, venue):
        if venue == "coinbase":
            return [p["id"] for p in json.loads(self.get(sim, "/products"))]
        return [f"{s['baseAsset']}-{s['quoteAsset']}"
                for s in json.loads(self.get(sim, "/api/v3/exchangeInfo"))["symbols"]]

    def run_tool(self, config, *args, status=0):
        done = subprocess.run([BINARY, "--config", str(config), *map(str, args)],
                              capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, status, f"{args}: {done.stdout[-3000:]}{done.stderr}")
        return done

    def bars(self, config):
        """The bars that the journal says; verify has shown that they are those of the store."""
        out = self.run_tool(config, "replay", self.data, "--input-format", "journal", "--interval",
                            "1s,5s", "--disorder", "500ms", "--idle-timeout", "2s").stdout
        return list(csv.DictReader(io.StringIO(out)))

    def check_truth(self, sims, config):
        """Every complete bar equals the truth; a window with a hole is never complete."""
        compared = 0
        every = self.bars(config)
        for venue, sim in sims.items():
            trades = defaultdict(list)
            for symbol in self.symbols_of(sim, venue):
                name = f"{venue}:{symbol}"
                text = self.get(sim, f"/truth/trades?instrument={name}&format=csv")
                for row in csv.DictReader(io.StringIO(text)):
                    trades[name].append((row["ts_event"], int(row["trade_id"]),
                                         Decimal(row["price"]), Decimal(row["size"])))
            bars = [bar for bar in every if bar["instrument"].startswith(venue)]
            self.assertGreater(len(bars), SECONDS, "bars were stored")
            for bar in bars:
                if bar["quality"] != "complete":
                    continue
                start = self.ns(bar["start"])
                length = int(bar["interval"].rstrip("s")) * 1_000_000_000
                inside = sorted(t for t in trades[bar["instrument"]]
                                if start <= self.ns(t[0]) < start + length)
                self.assertTrue(inside, bar)
                prices = [t[2] for t in inside]
                expected = (prices[0], max(prices), min(prices), prices[-1],
                            sum(t[3] for t in inside), len(inside))
                got = tuple(Decimal(bar[c]) for c in ("open", "high", "low", "close", "volume")) + (
                    int(bar["trades"]),)
                self.assertEqual(got, expected, bar)
                compared += 1
        self.assertGreater(compared, 2 * len(sims), "complete bars were compared")

    @staticmethod
    def ns(text):
        date, fraction = text.rstrip("Z").split(".") if "." in text else (text.rstrip("Z"), "")
        seconds = calendar.timegm(time.strptime(date, "%Y-%m-%dT%H:%M:%S"))
        return seconds * 1_000_000_000 + int((fraction + "0" * 9)[:9])

    def check_conservation(self, log):
        line = next(l for l in log.splitlines() if "received" in l and " = " in l)
        line = line[line.index("received"):].replace(",", "")
        left, right = line.split(" = ")
        parts = [int(p.split()[1]) for p in right.split(" + ")]
        self.assertEqual(int(left.split()[1]), sum(parts), line)
        self.assertGreater(parts[0], 10 * SECONDS, "trades were delivered")

    def test_a_clean_market_is_stored_whole(self):
        self.hold_against_truth("off")

    def test_faults_are_marked_and_never_taken_for_truth(self):
        self.hold_against_truth("mild")

    def hold_against_truth(self, faults):
        sims = {venue: self.start_sim(venue, "--faults", faults, "--rate", 200)
                for venue in ("coinbase", "binance")}
        config = self.configure(sims)
        run = self.start("--config", config, "run", "--duration", f"{SECONDS}s")
        self.assertEqual(run.wait(timeout=SECONDS + DEADLINE), 0, self.log_of(run))
        self.check_conservation(self.log_of(run))
        verified = self.run_tool(config, "verify")
        self.assertIn("verify: equal", verified.stderr)
        self.run_tool(config, "journal", "check")
        self.check_truth(sims, config)

    def test_killed_at_any_moment_it_loses_and_doubles_nothing(self):
        seed = int.from_bytes(os.urandom(4), "little")
        print(f"seed {seed}", file=sys.stderr)
        moments = random.Random(seed)
        sims = {"coinbase": self.start_sim("coinbase", "--rate", 500)}
        config = self.configure(sims)
        for _ in range(KILLS):
            run = self.start("--config", config, "run")
            wait_for("the store to grow", lambda: (self.data / "store.duckdb").exists())
            time.sleep(moments.uniform(0.2, 1.5))  # the moment of the kill, not a wait
            run.send_signal(signal.SIGKILL)
            run.wait()
            verified = self.run_tool(config, "verify")
            self.assertTrue("verify: equal" in verified.stderr or "empty" in verified.stderr,
                            verified.stderr)
        run = self.start("--config", config, "run", "--duration", "2s")
        self.assertEqual(run.wait(timeout=DEADLINE), 0, self.log_of(run))
        self.assertIn("verify: equal", self.run_tool(config, "verify").stderr)
        self.check_truth(sims, config)

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


if __name__ == "__main__":
    BINARY = os.path.abspath(sys.argv.pop(1))
    for name in ("--seconds", "--kills"):
        if name in sys.argv:
            at = sys.argv.index(name)
            value = int(sys.argv.pop(at + 1))
            sys.argv.pop(at)
            if name == "--seconds":
                SECONDS = value
            else:
                KILLS = value
    unittest.main(verbosity=2)
