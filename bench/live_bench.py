#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bench/live_bench.py BINARY [--seconds N] [--rate N]: a live run against a simulated venue.

Real TLS over loopback. Prints what Tapeline's own process took per frame from socket to store at
the given rate, how long trades took to be seen in their bars at 5,000 a second, and its memory.
"""
import argparse, json, os, pathlib, re, shutil, signal, ssl, subprocess, sys, tempfile
import time, urllib.request


class Bench:
    def __init__(self, binary, folder):
        self.binary, self.folder, self.processes = binary, folder, []

    def start(self, name, *args):
        log = open(self.folder / f"{name}.log", "wb")
        process = subprocess.Popen([self.binary, *map(str, args)], stdout=subprocess.DEVNULL,
                                   stderr=log)
        process.log = pathlib.Path(log.name)
        self.processes.append(process)
        return process

    def start_sim(self, rate):
        ca = self.folder / "ca.pem"
        ca.unlink(missing_ok=True)
        sim = self.start("sim", "sim", "--venue", "coinbase", "--listen", "127.0.0.1:0",
                         "--ca-out", ca, "--seed", 7, "--rate", rate)
        for _ in range(500):
            found = re.search(r"127\.0\.0\.1:\d+", sim.log.read_text())
            if found:
                sim.address, sim.ca = found[0], ca
                return sim
            time.sleep(0.02)
        sys.exit("live_bench: the simulator does not start: " + sim.log.read_text())

    def configure(self, sim, data):
        context = ssl.create_default_context(cafile=str(sim.ca))
        with urllib.request.urlopen(f"https://{sim.address}/products", context=context) as answer:
            symbols = [p["id"] for p in json.loads(answer.read())]
        path = self.folder / "tapeline.yaml"
        path.write_text(f"data_dir: {data}\nfeeds:\n  - venue: coinbase\n"
                        f"    symbols: [{', '.join(symbols)}]\n    channels: [trades]\n"
                        f"    endpoint: wss://{sim.address}/\n"
                        f"    rest_endpoint: https://{sim.address}\n    ca_file: {sim.ca}\n"
                        'serve: {listen: "127.0.0.1:0"}\n'
                        "stream: {intervals: [1s, 1m, 5m, 15m, 1h, 1d], shards: 1}\n")
        return path

    def measure(self, rate, seconds):
        """Trades stored, CPU seconds, peak MB, and what `status` says of the bars."""
        data = self.folder / f"data{rate}"
        sim = self.start_sim(rate)
        config = self.configure(sim, data)
        run = self.start("run", "--config", config, "run", "--duration", f"{seconds}s")
        time.sleep(max(1, seconds - 2))
        status = subprocess.run([self.binary, "--config", config, "status"], capture_output=True,
                                text=True).stdout
        _, code, usage = os.wait4(run.pid, 0)
        run.returncode = code
        if code != 0:
            sys.exit("live_bench: the run failed: " + run.log.read_text())
        sim.send_signal(signal.SIGTERM)
        sim.wait()
        verified = subprocess.run([self.binary, "--config", config, "verify"], capture_output=True,
                                  text=True)
        if verified.returncode != 0:
            sys.exit("live_bench: " + verified.stderr)
        text = run.log.read_text().replace(",", "")
        delivered = int(re.search(r"delivered (\d+)", text)[1])
        waits = [line for line in status.splitlines() if line.strip().startswith("bars")]
        return delivered, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, waits


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary")
    parser.add_argument("--seconds", type=int, default=15)
    parser.add_argument("--rate", type=int, default=100_000)
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="tapeline_live_bench_"))
    bench = Bench(os.path.abspath(options.binary), folder)
    try:
        for rate in (1, 5_000, options.rate):
            delivered, cpu, peak, waits = bench.measure(rate, options.seconds)
            each = f"{cpu * 1e6 / delivered:.2f} us of CPU each" if delivered else ""
            print(f"{rate:>8} trades/s wanted: {delivered} stored, {cpu:.2f} s of CPU, {each},"
                  f" {peak:.0f} MB at the peak")
            for line in waits:
                print("         " + line.strip())
    finally:
        for process in bench.processes:
            if process.poll() is None:
                process.kill()
        shutil.rmtree(folder)


main()
