#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A feed's token over real TLS sockets on this machine: it opens the venue's door, and nothing that
the program writes or says has it.

    tests/system/token_test.py BINARY [TEST...]
"""
import os
import signal
import subprocess

from fixture import DEADLINE, Options, SystemTest, ask_status, main, wait_for

TOKEN = "s3cr3t+t0ken/of=mine"
ENCODED = "s3cr3t%2Bt0ken%2Fof%3Dmine"


class Token(SystemTest):
    def configure_one(self, venue, sim, path, token):
        file = self.folder / "tapeline.yaml"
        file.write_text(
            f"data_dir: {self.data}\nfeeds:\n  - venue: {venue}\n    symbols: [BTC-USD, ETH-USD]\n"
            f"    endpoint: wss://{sim.address}{path}\n    ca_file: {sim.ca}\n    {token}\n"
            'serve: {listen: "127.0.0.1:0"}\nstream: {intervals: [1s], idle_timeout: 2s}\n')
        return file

    def expect_hidden(self, *texts):
        """In what was said, and in every file of the data folder, sealed or not."""
        for text in texts:
            for secret in (TOKEN, ENCODED):
                self.assertNotIn(secret, text)
        self.run_tool(self.config, "journal", "seal")
        for path in self.data.rglob("*"):
            if not path.is_file():
                continue
            content = path.read_bytes()
            if path.suffix == ".zst":
                content += subprocess.run(["zstd", "-dc", path], capture_output=True).stdout
            for secret in (TOKEN, ENCODED):
                self.assertNotIn(secret.encode(), content, path)

    def check_venue(self, venue, path):
        os.environ["TOKEN_OF_THE_TEST"] = TOKEN
        self.addCleanup(os.environ.pop, "TOKEN_OF_THE_TEST")
        sim = self.start_sim(venue, "--rate", 500)
        self.config = self.configure_one(venue, sim, path, "token: ${TOKEN_OF_THE_TEST}")
        connect = self.run_tool(self.config, "check", "--connect", "--show")
        run = self.start("--log-level", "debug", "--config", self.config, "run")
        wait_for("a live feed", lambda: any(
            part.startswith("feed ") and state.startswith("live")
            for part, state in (ask_status(self.data) or {}).items()))
        self.get(sim, "/sim/drop", data=b"")
        status = self.run_tool(self.config, "status")
        wait_for("trades", lambda: int(self.sql(
            self.config, "SELECT count(*) AS n FROM trades")[0]["n"]) > 200)
        run.send_signal(signal.SIGTERM)
        self.assertEqual(run.wait(timeout=DEADLINE), 0, self.log_of(run))
        records = self.run_tool(self.config, "journal", "cat")
        self.assertIn(f"wss://{sim.address}", records.stdout)
        # The simulator's own report shows what it was asked: it was let in by the token.
        self.assertIn(ENCODED, self.get(sim, "/sim/stats"))
        self.expect_hidden(connect.stdout, connect.stderr, status.stdout, self.log_of(run),
                           records.stdout)
        self.assertIn("***", connect.stdout)

    def test_finnhub_s_is_nowhere(self):
        self.check_venue("finnhub", "/")

    def test_twelve_data_s_is_nowhere(self):
        self.check_venue("twelvedata", "/v1/quotes/price")

    def test_one_that_is_refused_is_said_once_and_not_tried_again(self):
        sim = self.start_sim("finnhub")
        file = self.folder / "token"
        file.write_text("refused\n")
        self.config = self.configure_one("finnhub", sim, "/", f"token_file: {file}")
        tried = self.run_tool(self.config, "check", "--connect", status=3)
        self.assertIn("401", tried.stdout + tried.stderr)
        run = self.start("--config", self.config, "run")
        wait_for("a refused feed", lambda: "refused" in str(ask_status(self.data)))
        status = self.run_tool(self.config, "status", status=3).stdout
        self.assertIn("check the URL and the credentials (the feed's token)", status)
        run.send_signal(signal.SIGTERM)
        self.assertEqual(run.wait(timeout=DEADLINE), 0, self.log_of(run))

    def test_one_that_is_missing_is_a_mistake_of_the_configuration(self):
        sim = self.start_sim("finnhub")
        self.config = self.configure_one("finnhub", sim, "/", "backfill: false")
        done = self.run_tool(self.config, "check", status=2)
        self.assertIn("tapeline.yaml:3: feeds[0].token: missing: finnhub wants one", done.stderr)
        bare = subprocess.run([Options.binary, "--data-dir", self.data, "run", "-i",
                               "finnhub:AAPL"], capture_output=True, text=True, timeout=DEADLINE)
        self.assertNotEqual(bare.returncode, 0)
        self.assertIn("token: finnhub wants one", bare.stderr)


if __name__ == "__main__":
    main()
