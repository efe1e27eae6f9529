#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bench/backfill_bench.py BINARY [--trades N] [--rate N] [--markets N] [--seconds N]

How much a back-fill delays live bars. A live run against a simulated venue with --rate trades a
second is stopped, and begun again at once: from the receipt of a trade until its bar is there, as
the process measures it. Then it is stopped until the venue has traded --trades, and begun again:
the same while all of them are fetched. Exit 1 when the second p99 is longer by more than 10 ms, or
anything is still missing."""
import argparse, signal, sys, time

from live_run import LiveRun

DELAY_MAX_MS = 10
FETCH_MAX = 300  # seconds


class Bench(LiveRun):
    def stop(self):
        self.run.send_signal(signal.SIGTERM)
        if (code := self.run.wait(timeout=FETCH_MAX)) != 0:
            sys.exit(f"the run ended with status {code}")
        self.processes.remove(self.run)

    def go_on(self, name):
        self.run, log = self.start(name, "--config", self.config, "run")
        self.address = self.wait_for(log, r"the page is served address=http://(\S+)")[1]

    def until_whole(self, seconds):
        """At least so long: the status when nothing is missing, and the seconds it took."""
        began = time.monotonic()
        while (passed := time.monotonic() - began) < FETCH_MAX:
            time.sleep(0.5)
            status = self.get("/api/v1/status")
            is_whole = status["missing"]["ids"] == 0 and status["items"]["received"] > 0
            if is_whole and "whole" not in locals():
                whole = passed
            if is_whole and passed >= seconds:
                return status, whole
        sys.exit(f"not everything was fetched: {status['missing']}")


def row(what, status, before=0):
    latency = status["latency"]["bar_ms"]
    feed = status["backfill"][0]
    print(f"| {what} | {status['missing']['repaired'] - before:,} | {feed['pages']} | {latency} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--trades", type=int, default=100_000)
    parser.add_argument("--rate", type=int, default=5_000)
    parser.add_argument("--markets", type=int, default=6)
    parser.add_argument("--seconds", type=int, default=30)
    options = parser.parse_args()
    with Bench(options.binary) as bench:
        bench.begin(options.rate, options.markets)
        time.sleep(5)
        bench.stop()
        bench.go_on("without")
        without, _ = bench.until_whole(options.seconds)
        repaired = without["missing"]["repaired"]
        bench.stop()
        time.sleep(options.trades / options.rate)
        bench.go_on("with")
        during, seconds = bench.until_whole(options.seconds)
    print("| | trades fetched | pages | receipt of a trade until its bar, ms |\n|---|---|---|---|")
    row("without", without)
    row("with", during, repaired)
    print(f"fetched in {seconds:.0f} s")
    longer = during["latency"]["bar_ms"]["p99"] - without["latency"]["bar_ms"]["p99"]
    print(f"p99 is {longer:.2f} ms longer")
    return 1 if longer > DELAY_MAX_MS else 0


if __name__ == "__main__":
    sys.exit(main())
