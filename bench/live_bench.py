#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bench/live_bench.py BINARY [OTHER] [--seconds N] [--frames N] [--runs N] [--only WORD ...]

A live run against a venue (bench/venue_load.cc) over TLS and loopback, from socket to store: what
Tapeline's own process takes while hardly anything comes (idle), how long trades take to be seen in
their bars at 5,000 a second (paced), how many cores 1,000 instruments on 20 connections take at
50,000 a second (wide), and what a frame costs when more comes than it can take: plain, in TLS
records of 16 frames (joined), with permessage-deflate (deflated), and with 1 % of the trades up to
60 s late (late). With two binaries both are measured in turns, and compared.
"""
import argparse, json, os, pathlib, re, shutil, ssl, subprocess, sys, tempfile, time, urllib.request

LOAD = pathlib.Path(__file__).resolve().parent.parent / "build/release/bench/venue_load"
# What the venue is told.
KINDS = {
    "idle": ["--rate", 1],
    "paced": ["--rate", 5_000],
    "wide": ["--rate", 2_500, "--instruments", 1_000],
    "plain": [],
    "joined": ["--record-frames", 16],
    "deflated": ["--deflate", 1],
    "late": ["--late-percent", 1],
}
UNITS = {"idle": "ms of CPU a second", "wide": "cores"}
FEEDS = {"wide": 20}  # that share the instruments, a connection each


class Bench:
    def __init__(self, folder, options):
        self.folder, self.options, self.processes, self.runs = folder, options, [], 0

    def start(self, name, *args):
        log = open(self.folder / f"{name}.log", "wb")
        process = subprocess.Popen([str(a) for a in args], stdout=subprocess.DEVNULL, stderr=log)
        process.log = pathlib.Path(log.name)
        self.processes.append(process)
        return process

    def start_venue(self, kind):
        ca = self.folder / "ca.pem"
        ca.unlink(missing_ok=True)
        told = KINDS[kind] if "--rate" in KINDS[kind] else [
            "--frames", self.options.frames, *KINDS[kind]]
        venue = self.start("venue", LOAD, "--ca-out", ca, *told)
        for _ in range(500):
            found = re.search(r"127\.0\.0\.1:\d+", venue.log.read_text())
            if found:
                venue.address, venue.ca = found[0], ca
                return venue
            time.sleep(0.02)
        sys.exit("live_bench: the venue does not start: " + venue.log.read_text())

    def configure(self, venue, data, feeds):
        context = ssl.create_default_context(cafile=str(venue.ca))
        with urllib.request.urlopen(f"https://{venue.address}/products",
                                    context=context) as answer:
            symbols = [p["id"] for p in json.loads(answer.read())]
        path = self.folder / "tapeline.yaml"
        entries = "".join(
            f"  - venue: coinbase\n    symbols: [{', '.join(symbols[feed::feeds])}]\n"
            f"    channels: [trades]\n    endpoint: wss://{venue.address}/\n"
            f"    rest_endpoint: https://{venue.address}\n    ca_file: {venue.ca}\n"
            for feed in range(feeds))
        path.write_text(f"data_dir: {data}\nfeeds:\n{entries}"
                        'serve: {listen: "127.0.0.1:0"}\n'
                        "stream: {intervals: [1s, 1m, 5m, 15m, 1h, 1d], shards: 1}\n")
        return path

    def measure(self, binary, kind):
        """What one run took and what `status` says of its bars; None where nothing was stored."""
        self.runs += 1
        data = self.folder / f"data{self.runs}"
        venue = self.start_venue(kind)
        config = self.configure(venue, data, FEEDS.get(kind, 1))
        run = self.start("run", binary, "--config", config, "run", "--duration",
                         f"{self.options.seconds}s")
        time.sleep(max(1, self.options.seconds - 2))
        status = subprocess.run([binary, "--config", config, "status"], capture_output=True,
                                text=True).stdout
        threads = threads_of(run.pid)
        _, code, usage = os.wait4(run.pid, 0)
        run.returncode = code
        venue.kill()
        venue.wait()
        if code != 0:
            sys.exit("live_bench: the run failed: " + run.log.read_text())
        verified = subprocess.run([binary, "--config", config, "verify"], capture_output=True,
                                  text=True)
        if verified.returncode != 0:
            sys.exit("live_bench: " + verified.stderr)
        shutil.rmtree(data)
        delivered = int(re.search(r"delivered (\d+)", run.log.read_text().replace(",", ""))[1])
        waits = next((line.strip() for line in status.splitlines()
                      if line.strip().startswith("bars")), "")
        return {"delivered": delivered, "cpu": usage.ru_utime + usage.ru_stime,
                "peak": usage.ru_maxrss / 1024, "waits": waits, "threads": threads,
                "switches": usage.ru_nvcsw}


def threads_of(pid):
    """CPU seconds by thread, the greatest first."""
    ticks, found = os.sysconf("SC_CLK_TCK"), []
    for task in pathlib.Path(f"/proc/{pid}/task").glob("*/stat"):
        name, rest = re.search(r"\((.*)\) (.*)", task.read_text()).groups()
        fields = rest.split()
        found.append(((int(fields[11]) + int(fields[12])) / ticks, name))
    return ", ".join(f"{name} {cpu:.2f}" for cpu, name in sorted(found, reverse=True)[:5])


def figure_of(kind, seconds, done):
    if kind == "idle":
        return done["cpu"] / seconds * 1000
    if kind == "wide":
        return done["cpu"] / seconds
    return done["cpu"] * 1e6 / max(1, done["delivered"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("binary", nargs="+", type=os.path.abspath)
    parser.add_argument("--seconds", type=int, default=15)
    parser.add_argument("--frames", type=int, default=2_000_000)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--only", nargs="+", choices=KINDS, default=list(KINDS))
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="tapeline_live_bench_"))
    bench = Bench(folder, options)
    try:
        for kind in options.only:
            least = {}
            for _ in range(options.runs):
                for number, binary in enumerate(options.binary):
                    done = bench.measure(binary, kind)
                    figure = figure_of(kind, options.seconds, done)
                    least[number] = min(least.get(number, figure), figure)
                    unit = UNITS.get(kind, "us of CPU a frame")
                    print(f"{kind:9} {chr(65 + number)} {figure:8.3f} {unit}, "
                          f"{done['delivered']:,} stored, {done['peak']:.0f} MB at the peak; "
                          f"{done['threads']}; {done['switches']:,} waits", flush=True)
                    if kind == "paced":
                        print("          " + done["waits"], flush=True)
            if len(least) == 2:
                print(f"{kind:9} the least of B is {least[1] / least[0]:.2f} of A's", flush=True)
    finally:
        for process in bench.processes:
            if process.poll() is None:
                process.kill()
        shutil.rmtree(folder)


main()
