#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A simulated venue and a live run over real TLS sockets on this machine, held against the truth.

    tests/system/live_test.py BINARY [--seconds N] [TEST...]

Every bar that the run marks complete must equal what the simulator knows, and the windows that a
hole touches, and only those, must be marked; computed here from its trades with Decimal.
Conservation must hold, and the store must equal a replay of the journal.
"""
import json, re, signal, socket, subprocess, sys, time

from fixture import DEADLINE, Options, SystemTest, ask_status, length_ns, main, ns, wait_for


class Live(SystemTest):
    def check_conservation(self, log):
        line = next(l for l in log.splitlines() if "received" in l and " = " in l)
        line = line[line.index("received"):].replace(",", "")
        left, right = line.split(" = ")
        parts = [int(p.split()[1]) for p in right.split(" + ")]
        self.assertEqual(int(left.split()[1]), sum(parts), line)
        self.assertGreater(parts[0], 10 * Options.seconds, "trades were delivered")

    def received_of(self, config, name):
        """The runs of ids that came, by the stored trades."""
        runs = []
        for row in self.sql(config, "SELECT first_fill, last_fill FROM trades WHERE instrument = "
                                    f"'{name}' ORDER BY first_fill"):
            first, last = int(row["first_fill"]), int(row["last_fill"])
            if runs and first == runs[-1][1] + 1:
                runs[-1][1] = last
            else:
                runs.append([first, last])
        return runs

    def check_holes(self, sims, config, faults):
        """Quality is what the simulator's truth says of the ids that came."""
        counts = {"complete": 0, "gap": 0, "unknown": 0}
        bars = self.sql(config, "SELECT * FROM bars")
        for venue, sim in sims.items():
            stats = json.loads(self.get(sim, "/sim/stats"))
            for about in stats["instruments"]:
                name = about["instrument"]
                times = {trade[1]: trade[0] for trade in self.truth_of(sim, name)}
                runs = self.received_of(config, name)
                if not runs:
                    continue
                holes = [(a[1] + 1, b[0] - 1) for a, b in zip(runs, runs[1:])]
                self.check_ledger(config, name, holes)
                self.check_unseen(about, runs, holes, stats)
                self.check_qualities([b for b in bars if b["instrument"] == name], runs, holes,
                                     times, counts)
        self.assertGreater(counts["complete"], Options.seconds, counts)
        self.assertEqual(counts["gap"] > 0, faults != "off", counts)
        return counts

    def check_ledger(self, config, name, holes):
        """The table of gaps names every hole between ids that came; another may follow the last."""
        rows = self.sql(config, "SELECT from_id, to_id FROM gaps WHERE instrument = "
                                f"'{name}' ORDER BY from_id")
        gaps = [(int(row["from_id"]), int(row["to_id"])) for row in rows]
        self.assertEqual(gaps[:len(holes)], holes, name)
        self.assertLessEqual(len(gaps), len(holes) + 1, name)

    def check_unseen(self, about, runs, holes, stats):
        """What the simulator dropped for good is missing. Nothing else is, but for what was on its
        way when a connection was cut."""
        missing = {i for first, last in holes for i in range(first, last + 1)}
        low, high = runs[0][0], runs[-1][1]
        unseen = {i for first, last in about["unseen"].get("trades", [])
                  for i in range(max(first, low), min(last, high) + 1)}
        self.assertLessEqual(unseen, missing, about["instrument"])
        if len(stats["connections"]) == 1:
            self.assertEqual(missing, unseen, about["instrument"])

    def check_qualities(self, bars, runs, holes, times, counts):
        first_ns, last_ns = times[runs[0][0]], times[runs[-1][1]]
        touched = [(times[first - 1], times[last + 1]) for first, last in holes]
        for bar in bars:
            start = ns(bar["start"])
            end = start + length_ns(bar["interval"])
            if end > last_ns or any(start == to for _, to in touched):
                continue  # what follows the last id is the heartbeats' to say
            if any(to >= start and since < end for since, to in touched):
                expected = "gap"
            else:
                expected = "complete" if first_ns < start else "unknown"
            self.assertEqual(bar["quality"], expected, (bar, touched))
            counts[expected] += 1

    def test_a_clean_market_is_stored_whole(self):
        self.hold_against_truth("off")

    def test_faults_are_marked_and_never_taken_for_truth(self):
        # In a few seconds hardly anything is lost that way.
        self.hold_against_truth("mild" if Options.seconds >= 30 else "mild,lose=1%")

    def hold_against_truth(self, faults):
        sims = {venue: self.start_sim(venue, "--faults", faults, "--rate", 200)
                for venue in ("coinbase", "binance")}
        config = self.configure(sims)
        run = self.start("--config", config, "run", "--duration", f"{Options.seconds}s")
        self.assertEqual(run.wait(timeout=Options.seconds + DEADLINE), 0, self.log_of(run))
        self.check_conservation(self.log_of(run))
        self.assertIn("verify: equal", self.run_tool(config, "verify").stderr)
        self.run_tool(config, "journal", "check")
        bars = self.sql(config, "SELECT * FROM bars")
        compared = self.check_truth(sims, bars)
        self.check_sums(bars, self.sql(config, "SELECT * FROM trades"))
        counts = self.check_holes(sims, config, faults)
        print(f"{faults}: {len(bars)} bars, {compared} complete ones equal the truth, {counts}",
              file=sys.stderr)

    def test_a_dead_line_delays_a_stop_and_does_not_fail_it(self):
        sims = {"coinbase": self.start_sim("coinbase", "--faults", "halfopen=500ms")}
        config = self.configure(sims)
        run = self.start("--config", config, "run", "--duration", "3s")
        self.assertEqual(run.wait(timeout=60), 0, self.log_of(run))
        self.assertIn("verify: equal", self.run_tool(config, "verify").stderr)

    def test_it_goes_on_when_nobody_reads_what_it_says(self):
        sims = {"coinbase": self.start_sim("coinbase", "--faults", "drop=500ms", "--rate", 200)}
        config = self.configure(sims)
        run = self.start("--config", config, "run", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        run.stdout.close()
        run.stderr.readline()
        run.stderr.close()
        # Each reconnect is a line that nobody reads.
        def reconnects():
            return [int(count) for part, state in (ask_status(self.data) or {}).items()
                    if part.startswith("feed ")
                    for count in re.findall(r"(\d+) reconnects", state)]
        wait_for("some reconnects", lambda: any(count > 2 for count in reconnects()))
        run.terminate()
        self.assertEqual(run.wait(timeout=DEADLINE), 0)
        self.assertIn("verify: equal", self.run_tool(config, "verify").stderr)

    def test_a_run_that_was_cut_short_says_so(self):
        config = self.configure({"binance": self.start_sim("binance")})
        run = self.start("--config", config, "run", "--duration", "10m")
        wait_for("a live run", lambda: "live," in (ask_status(self.data) or {}).get(
            "feed binance", ""))
        run.send_signal(signal.SIGTERM)
        self.assertEqual(run.wait(timeout=DEADLINE), 130, self.log_of(run))
        self.assertIn("verify: equal", self.run_tool(config, "verify").stderr)

    def test_questions_beside_a_running_process(self):
        sims = {"coinbase": self.start_sim("coinbase", "--rate", 2000)}
        config = self.configure(sims)
        checked = self.run_tool(config, "check", "--connect")
        self.assertEqual([line.split()[0] for line in checked.stdout.splitlines()], ["ok"] * 3)
        self.assertEqual(self.run_tool(config, "sql", "SELECT 1", status=2).stdout, "")
        run = self.start("--config", config, "run")

        def count():
            done = self.run_tool(config, "sql", "SELECT count(*) AS n FROM trades", "--format",
                                 "jsonl")
            self.assertIn("answered by the running process", done.stderr)
            return json.loads(done.stdout)["n"]

        wait_for("the socket", lambda: ask_status(self.data))
        wait_for("stored trades", lambda: count() > 1000)
        self.assertIn("a running process has it open",
                      self.run_tool(config, "check", "--connect").stdout)
        # A question without end: it is given up, and what comes meanwhile is stored meanwhile.
        before, began = self.stored(), time.monotonic()
        slow = self.start("--config", config, "sql", "--timeout", "3s",
                          "SELECT count(*) FROM trades a, trades b, trades c, trades d")
        lags = []
        while slow.poll() is None:
            lags.append(self.lag())
            time.sleep(0.05)
        self.assertEqual(slow.returncode, 1, self.log_of(slow))
        self.assertIn("not answered within 3s", self.log_of(slow))
        rate = (self.stored() - before) / (time.monotonic() - began)
        print(f"beside a question without end: {rate:.0f} records stored a second, at most "
              f"{max(lags)} behind", file=sys.stderr)
        self.assertGreater(rate, 500, "storing goes on meanwhile")
        self.assertLess(max(lags), 20_000, "and is never far behind")
        # Two are answered at a time, and one that nobody waits for any more holds up no other.
        left = [self.start("--config", config, "sql", "--timeout", "1h",
                           "SELECT count(*) FROM trades a, trades b, trades c, trades d")]
        begun = time.monotonic()
        wait_for("the question to be asked", lambda: time.monotonic() > begun + 1)
        self.run_tool(config, "sql", "SELECT 1")
        left.append(self.start("--config", config, "sql", "--timeout", "1h",
                               "SELECT count(*) FROM trades a, trades b, trades c, trades d"))
        wait_for("the second to be asked", lambda: time.monotonic() > begun + 3)
        waiting = self.start("--config", config, "sql", "SELECT 1")
        wait_for("the third to wait", lambda: time.monotonic() > begun + 4)
        self.assertEqual([each.poll() for each in (*left, waiting)], [None] * 3)
        left[0].send_signal(signal.SIGINT)
        self.assertEqual(left[0].wait(timeout=DEADLINE), 130, self.log_of(left[0]))
        self.assertEqual(waiting.wait(timeout=DEADLINE), 0, self.log_of(waiting))
        left[1].send_signal(signal.SIGINT)
        self.assertEqual(left[1].wait(timeout=DEADLINE), 130, self.log_of(left[1]))
        # Nor does one take the memory of the process that records.
        before = self.peak_kib(run)
        for greedy in ("SELECT len(range(150000000))",
                       "SELECT length(repeat('abcdefghij', 60000000))",
                       "SELECT sum(x) FROM (SELECT unnest(range(100000000)) AS x)"):
            refused = self.run_tool(config, "sql", greedy, status=2)
            self.assertIn("needs more than 512 MiB of memory", refused.stderr)
        self.assertLess(self.peak_kib(run) - before, 1 << 20)
        wrong = self.run_tool(config, "sql", "DELETE FROM stored.trades", status=2)
        self.assertIn("only statements that read", wrong.stderr)
        rows = self.sql(config, "SELECT ts_event, price FROM trades")
        run.send_signal(signal.SIGSTOP)
        begun = time.monotonic()
        silent = self.run_tool(config, "status", status=1)
        self.assertLess(time.monotonic() - begun, 10)
        self.assertIn(f"process {run.pid} does not answer within 5s", silent.stderr)
        run.send_signal(signal.SIGCONT)
        run.terminate()
        self.assertEqual(run.wait(timeout=DEADLINE), 0, self.log_of(run))
        done = self.run_tool(config, "sql", "SELECT ts_event, price FROM trades ORDER BY position, "
                                            "ordinal", "--format", "csv")
        self.assertIn("read from the files", done.stderr)
        self.assertGreaterEqual(len(done.stdout.splitlines()) - 1, len(rows))
        self.assertIn("verify: equal", self.run_tool(config, "verify").stderr)
        nothing = self.run_tool(config, "verify", "--from", "2020-01-01T00:00:00Z", "--to",
                                "2020-01-02T00:00:00Z", status=2)
        self.assertIn("nothing is proven of that time", nothing.stderr)

    def test_a_statement_that_nothing_ends_holds_up_neither_others_nor_a_stop_nor_a_start(self):
        # DuckDB searches at each place, and looks at no interrupt meanwhile.
        deaf = "SELECT contains(repeat('a', 20000000), repeat('a', 10000000) || 'b')"
        sims = {"coinbase": self.start_sim("coinbase", "--rate", 200)}
        config = self.configure(sims)
        run = self.start("--config", config, "run")
        wait_for("the socket", lambda: ask_status(self.data))
        asked = self.start("--config", config, "sql", deaf)
        begun = time.monotonic()
        wait_for("the question to be asked", lambda: time.monotonic() > begun + 1)
        self.run_tool(config, "sql", "SELECT 1")
        self.run_tool(config, "verify")
        run.terminate()
        self.assertEqual(run.wait(timeout=DEADLINE), 0, self.log_of(run))
        self.assertEqual(asked.wait(timeout=DEADLINE), 1, self.log_of(asked))
        self.assertNotIn("read from the files", self.log_of(asked))
        # Of the files: a signal ends it, and so does a process that begins.
        for ends, status in ((lambda reads: reads.terminate(), 130),
                             (lambda reads: self.start("--config", config, "run"), 1)):
            reads = self.start("--config", config, "sql", deaf)
            wait_for("the files to be read", lambda: "read from the files" in self.log_of(reads))
            begun = time.monotonic()
            ends(reads)
            self.assertEqual(reads.wait(timeout=DEADLINE), status, self.log_of(reads))
            self.assertLess(time.monotonic() - begun, 10)
        wait_for("the process", lambda: ask_status(self.data))
        self.run_tool(config, "sql", "SELECT 1")

    def test_a_feed_that_never_connects_needs_a_person(self):
        with socket.socket() as taken:  # nobody listens there
            taken.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{taken.getsockname()[1]}"
            config = self.folder / "tapeline.yaml"
            config.write_text(f"data_dir: {self.data}\nfeeds:\n  - venue: coinbase\n"
                              f"    symbols: [BTC-USD]\n    endpoint: wss://{address}/\n"
                              f"    rest_endpoint: https://{address}\n"
                              'serve: {listen: "127.0.0.1:0"}\n')
            self.start("--config", config, "run")
            wait_for("the error", lambda: "last error" in (
                ask_status(self.data) or {}).get("feed coinbase", ""))
            lines = self.run_tool(config, "status", status=3).stdout.splitlines()
            line = next(line for line in lines if "feed coinbase" in line)
            self.assertRegex(line, r"^! feed coinbase .* has never connected in \d+\.\d s, \d+ ")
            self.assertIn(f"last error: {address}", line)
            self.assertIn("`tapeline check --connect` tries it", line)
            wrong = self.run_tool(config, "watch", "--interval", "7s", status=2).stderr
            self.assertIn("no 7s bars are made here; there are 1s, 1m, 5m, 15m, 1h, 1d", wrong)
            wrong = self.run_tool(config, "watch", "-i", "okx:*", status=2).stderr
            self.assertIn('"okx:*" matches nothing here; there is coinbase:BTC-USD', wrong)

    def peak_kib(self, process):
        """The most memory that it ever held."""
        with open(f"/proc/{process.pid}/status", encoding="ascii") as lines:
            return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))

    def stored(self):
        state = ask_status(self.data)["store"].replace(",", "")
        return int(state.split("up to record ")[1].split()[0])

    def lag(self):
        status = {part: state.replace(",", "") for part, state in ask_status(self.data).items()}
        written = int(status["journal"].split()[1])
        return written - int(status["store"].split("up to record ")[1].split()[0])


if __name__ == "__main__":
    main()
