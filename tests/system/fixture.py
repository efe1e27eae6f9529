# SPDX-License-Identifier: Apache-2.0
"""What the system tests share: the program, simulated venues over real TLS sockets on this machine,
and an oracle that knows nothing of the program's code: bars and holes from trades, with Decimal."""
import bisect, calendar, csv, http.client, io, json, os, pathlib, shutil, socket, ssl, subprocess
import sys, tempfile, time, unittest, urllib.error, urllib.request
from collections import defaultdict
from decimal import Decimal

DEADLINE = 30
DISORDER_NS = 500_000_000
BAR_VALUES = ("open", "high", "low", "close", "volume", "buy_volume", "notional")


class Options:
    """What the command line says: BINARY [--seconds N] [--kills N], each with a default."""
    binary = None
    seconds = 8
    kills = 3


def main():
    Options.binary = os.path.abspath(sys.argv.pop(1))
    for name in ("seconds", "kills"):
        if f"--{name}" in sys.argv:
            at = sys.argv.index(f"--{name}")
            setattr(Options, name, int(sys.argv.pop(at + 1)))
            sys.argv.pop(at)
    unittest.main(verbosity=2)


def wait_for(what, condition, seconds=DEADLINE):
    """Polls until the condition holds; a test that waits for nothing fails by name."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"waited {seconds} s for {what}")


def ns(text):
    date, fraction = text.rstrip("Z").split(".") if "." in text else (text.rstrip("Z"), "")
    seconds = calendar.timegm(time.strptime(date, "%Y-%m-%dT%H:%M:%S"))
    return seconds * 1_000_000_000 + int((fraction + "0" * 9)[:9])


def length_ns(interval):
    return int(interval.rstrip("s")) * 1_000_000_000


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=DEADLINE)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def ask_status(data):
    """What the process that runs in the data folder says of its parts, or None where none does."""
    words = ("status", "format", "jsonl")
    body = "".join(f"{len(word)}:{word}" for word in words)
    connection = UnixConnection(data / "tapeline.sock")
    try:
        connection.request("POST", "/ask", body)
        answer = connection.getresponse().read().decode()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    texts = []
    while answer:
        size, _, rest = answer.partition(":")
        texts.append(rest[:int(size)])
        answer = rest[int(size):]
    rows = [json.loads(line) for line in texts[2].splitlines()]
    return {row["part"]: row["state"] for row in rows}


class SystemTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tapeline_system_"))
        self.data = self.folder / "data"
        self.processes = []

    def tearDown(self):
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.wait()
            process.log.close()
        shutil.rmtree(self.folder)

    def start(self, *args, inside=(), **streams):
        """`inside` is a command that runs another one."""
        log = open(self.folder / f"log{len(self.processes)}", "w+b")
        streams = {"stdout": subprocess.DEVNULL, "stderr": log, **streams}
        process = subprocess.Popen([*inside, Options.binary, *map(str, args)], **streams)
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
        """A page of the simulator; asked again where its faults refuse a request."""
        context = ssl.create_default_context(cafile=str(sim.ca))

        def answer():
            try:
                with urllib.request.urlopen(f"https://{sim.address}{path}", data=data,
                                            context=context) as got:
                    return [got.read().decode()]
            except urllib.error.HTTPError as error:
                if error.code not in (429, 503):
                    raise
                return None

        return wait_for(path, answer)[0]

    def configure(self, sims, *more, journal="segment_bytes: 1MiB", backfill=False):
        """Without back-fill, so that a hole stays where a test looks for it."""
        lines = [f"data_dir: {self.data}", "feeds:"]
        for venue, sim in sims.items():
            path = "/stream" if venue == "binance" else "/"
            symbols = sorted(self.symbols_of(sim, venue))
            lines += [f"  - venue: {venue}", f"    symbols: [{', '.join(symbols)}]",
                      "    channels: [trades, quotes]", f"    endpoint: wss://{sim.address}{path}",
                      f"    rest_endpoint: https://{sim.address}", f"    ca_file: {sim.ca}",
                      f"    backfill: {str(backfill).lower()}"]
        lines += [f"journal: {{{journal}}}", *more, 'serve: {listen: "127.0.0.1:0"}',
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
        done = subprocess.run([Options.binary, "--config", str(config), *map(str, args)],
                              capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, status, f"{args}: {done.stdout[-3000:]}{done.stderr}")
        return done

    def sql(self, config, statement):
        return rows_of(self.run_tool(config, "sql", statement, "--format", "csv").stdout)

    def replay(self, config, emit, *args):
        """The table that a replay of the whole journal gives."""
        return rows_of(self.run_tool(
            config, "replay", self.data, "--input-format", "journal", "--emit", emit, "--interval",
            "1s,5s", "--disorder", "500ms", "--idle-timeout", "2s", *args).stdout)

    def truth_of(self, sim, name):
        """What really happened: (ts_event, id, price, size), by id."""
        text = self.get(sim, f"/truth/trades?instrument={name}&format=csv")
        return sorted((ns(row["ts_event"]), int(row["trade_id"]), Decimal(row["price"]),
                       Decimal(row["size"])) for row in rows_of(text))

    def check_truth(self, sims, bars, least=3):
        """Every bar that is marked complete is what really happened, at least so many of each
        venue; gives how many."""
        compared = 0
        for venue, sim in sims.items():
            before = compared
            for symbol in self.symbols_of(sim, venue):
                name = f"{venue}:{symbol}"
                trades = self.truth_of(sim, name)
                for bar in bars:
                    if bar["instrument"] != name or bar["quality"] != "complete":
                        continue
                    start = ns(bar["start"])
                    end = start + length_ns(bar["interval"])
                    inside = trades[bisect.bisect_left(trades, (start,)):
                                    bisect.bisect_left(trades, (end,))]
                    self.assertTrue(inside, bar)
                    prices = [trade[2] for trade in inside]
                    expected = (prices[0], max(prices), min(prices), prices[-1],
                                sum(trade[3] for trade in inside), len(inside))
                    got = tuple(Decimal(bar[c]) for c in BAR_VALUES[:5]) + (int(bar["trades"]),)
                    self.assertEqual(got, expected, bar)
                    compared += 1
            self.assertGreaterEqual(compared - before, least, f"complete bars of {venue}")
        return compared

    def check_sums(self, bars, trades):
        """Every bar is what its stored trades say, whatever its quality; gives how many."""
        inside = defaultdict(list)
        for trade in trades:
            at = ns(trade["ts_event"])
            for interval in ("1s", "5s"):
                start = at - at % length_ns(interval)
                inside[trade["instrument"], interval, start].append(
                    (at, int(trade["trade_id"]), Decimal(trade["price"]), Decimal(trade["size"]),
                     trade["side"], int(trade["first_fill"]), int(trade["last_fill"])))
        for bar in bars:
            all_of_it = sorted(inside[bar["instrument"], bar["interval"], ns(bar["start"])])
            self.assertTrue(all_of_it, bar)
            prices = [trade[2] for trade in all_of_it]
            expected = (prices[0], max(prices), min(prices), prices[-1],
                        sum(trade[3] for trade in all_of_it),
                        sum(trade[3] for trade in all_of_it if trade[4] == "buy"),
                        sum(trade[2] * trade[3] for trade in all_of_it),
                        sum(trade[6] - trade[5] + 1 for trade in all_of_it))
            got = tuple(Decimal(bar[c]) for c in BAR_VALUES) + (int(bar["trades"]),)
            self.assertEqual(got, expected, bar)
            self.assertEqual((bar["first_id"], bar["last_id"]),
                             (str(all_of_it[0][5]), str(all_of_it[-1][6])), bar)
        return len(bars)
