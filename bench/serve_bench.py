#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bench/serve_bench.py BINARY [--seconds N] [--rate N] [--clients N]: a live run with push clients.

A simulated venue brings --rate trades a second. First one client follows the bars of every
instrument: how long from a trade's receipt until its bar is with the socket, as the server measures
it of each bar's first change. Then --clients of them follow what the page does, and read as fast as
they can: what they cost the process in cores, against the time before."""
import argparse, pathlib, selectors, sys, time

from live_run import LiveRun

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "tests/system"))
from stream_client import StreamClient  # noqa: E402


class Bench(LiveRun):
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
    with Bench(options.binary) as bench:
        bench.begin(options.rate, stream="{intervals: [1s, 1m, 5m, 15m, 1h, 1d], shards: 1}")
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
