#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bench/serve_bench.py BINARY [--seconds N] [--rate N] [--clients N]: a live run with push clients.

A simulated venue brings --rate trades a second. First one client follows the bars of every
instrument: how long from a trade's receipt until its bar is with the socket, as the server measures
it of each bar's first change. Then --clients of them follow what the page does, and read as fast as
they can: what they cost the process in cores, against the time before."""
import argparse, json, os, pathlib, re, selectors, shutil, ssl, subprocess, sys, tempfile, time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "tests/system"))
from stream_client import StreamClient  # noqa: E402


class Bench:
    def __init__(self, options):
        self.options = options
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tapeline_serve_bench_"))
        self.processes = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.processes:
            process.terminate()
            process.wait()
        shutil.rmtree(self.folder)

    def start(self, name, *args):
        log = self.folder / f"{name}.log"
        process = subprocess.Popen([self.options.binary, *map(str, args)], stderr=open(log, "wb"),
                                   stdout=subprocess.DEVNULL)
        self.processes.append(process)
        return process, log

    def wait_for(self, log, pattern):
        for _ in range(1500):
            if found := re.search(pattern, log.read_text()):
                return found
            time.sleep(0.02)
        sys.exit(f"serve_bench: waited for {pattern}: {log.read_text()}")

    def get(self, path):
        with urllib.request.urlopen(f"http://{self.address}{path}") as answer:
            return json.loads(answer.read())

    def begin(self):
        ca = self.folder / "ca.pem"
        _, log = self.start("sim", "sim", "--venue", "coinbase", "--listen", "127.0.0.1:0",
                            "--ca-out", ca, "--seed", 7, "--rate", self.options.rate)
        venue = self.wait_for(log, r"127\.0\.0\.1:\d+")[0]
        with urllib.request.urlopen(f"https://{venue}/products",
                                    context=ssl.create_default_context(cafile=str(ca))) as answer:
            symbols = [p["id"] for p in json.loads(answer.read())]
        config = self.folder / "tapeline.yaml"
        config.write_text(f"data_dir: {self.folder}/data\nfeeds:\n  - venue: coinbase\n"
                          f"    symbols: [{', '.join(symbols)}]\n    channels: [trades]\n"
                          f"    endpoint: wss://{venue}/\n    rest_endpoint: https://{venue}\n"
                          f"    ca_file: {ca}\n"
                          'serve: {listen: "127.0.0.1:0"}\n'
                          "stream: {intervals: [1s, 1m, 5m, 15m, 1h, 1d], shards: 1}\n")
        self.run, log = self.start("run", "--config", config, "run")
        self.address = self.wait_for(log, r"the page is served address=http://(\S+)")[1]
        for _ in range(200):
            instruments = self.get("/api/v1/instruments")["instruments"]
            if instruments and instruments[0]["last"]:
                break
            time.sleep(0.05)
        self.instruments = [i["instrument"] for i in instruments]

    def cpu(self):
        fields = pathlib.Path(f"/proc/{self.run.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def cores(self, clients, seconds):
        """Processor seconds a second while these read, and how many messages they got."""
        selector = selectors.DefaultSelector()
        for client in clients:
            client.socket.setblocking(False)
            selector.register(client.socket, selectors.EVENT_READ)
        began, cpu, received = time.monotonic(), self.cpu(), 0
        while (left := began + seconds - time.monotonic()) > 0:
            for key, _ in selector.select(left):
                received += len(key.fileobj.recv(1 << 20))
        return (self.cpu() - cpu) / (time.monotonic() - began), received


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--rate", type=int, default=5000)
    parser.add_argument("--clients", type=int, default=200)
    options = parser.parse_args()
    with Bench(options) as bench:
        bench.begin()
        one = StreamClient(bench.address)
        one.subscribe(*(f"bars:{name}:1s" for name in bench.instruments[:60]))
        alone, _ = bench.cores([one], options.seconds)
        latency = bench.get("/api/v1/status")["latency"]
        print(f"{options.rate} trades a second, 1 client: receipt to socket {latency['push_ms']}, "
              f"receipt to bar {latency['bar_ms']}")
        one.close()  # nobody reads it any more
        topics = ["status", "prices", "gaps", "feeds", f"bars:{bench.instruments[0]}:1m",
                  f"trades:{bench.instruments[0]}"]
        clients = [StreamClient(bench.address) for _ in range(options.clients)]
        for client in clients:
            client.subscribe(*topics)
        before = bench.get("/api/v1/status")["push"]
        cost, received = bench.cores(clients, options.seconds)
        after = bench.get("/api/v1/status")["push"]
        print(f"{options.clients} clients: {cost - alone:.2f} cores more than {alone:.2f}, "
              f"{received / options.seconds / 1e6:.1f} MB/s, "
              f"{after['conflated'] - before['conflated']} updates conflated, "
              f"receipt to socket {bench.get('/api/v1/status')['latency']['push_ms']}")


if __name__ == "__main__":
    main()
