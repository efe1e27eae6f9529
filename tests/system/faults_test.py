#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The demo of every venue under every fault at once, with back-fill and without, for many seeds.

    tests/system/faults_test.py BINARY [--venue V]... [--seeds 1,2,...] [--seconds N] [--jobs N]
                                [--faults LIST] [--only repaired|lost]

Beside what the demo says of itself, what it stored is held against the simulator's truth here, with
Decimal and nothing of the program's code:
  - what became of the items adds up, every stored trade is one that was made, and none is doubled
    (of venues without ids nobody can tell two equal trades from one that came twice);
  - where ids count, `audit` names exactly those between the first and the last that are not stored,
    and with back-fill none of them is still in the venue's history;
  - without back-fill `audit` names all that the simulator kept back from every connection, and
    beyond them only what was on its way when a connection ended;
  - where ids do not count, `audit` says that nobody can know what is missing and names no hole, and
    no bar says that it is complete;
  - there it lists all the time in which no connection stood, and besides only time in which one
    ended or a stream was subscribed to anew.
A line for each run; the last is `N passed, N failed`.
"""
import argparse, bisect, collections, concurrent.futures, json, os, pathlib, re, shutil, ssl
import subprocess, tempfile, time, urllib.request
from decimal import Decimal

from fixture import ns, rows_of, wait_for

COUNTED = ("binance", "coinbase", "coinbase_advanced", "kraken", "okx")
UNCOUNTED = ("bitstamp", "bybit", "finnhub", "twelvedata")
WITHOUT_IDS = ("finnhub", "twelvedata")
MODES = ("repaired", "lost")
# From the end of the duration until everything is stored: the demo settles for 60 s at most.
ENDS_WITHIN = 120
# What was sent so long before a connection ended may have been on its way still; it may be as old
# as the longest delay of a frame more.
ON_ITS_WAY_NS = 10_000_000_000
SECOND_NS = 1_000_000_000
# By how much the simulator can see a connection end before its last frame is received.
LAST_FRAME_NS = SECOND_NS
UNITS_NS = {"ms": 1_000_000, "s": SECOND_NS, "m": 60 * SECOND_NS}
NOTHING_TO_COMPARE = "no bar has closed, so nothing could be compared"
TRIES = 3

Trade = collections.namedtuple("Trade", "at id price size side")


class Wrong(Exception):
    pass


def expect(condition, what):
    if not condition:
        raise Wrong(what)


def ids_of(runs):
    return {number for first, last in runs for number in range(first, last + 1)}


def some(numbers):
    return f"{len(numbers)}: {sorted(numbers)[:5]}"


class Run:
    """One demo, from its start to its verdict."""

    def __init__(self, options, venue, seed, mode):
        self.options, self.venue, self.seed, self.mode = options, venue, seed, mode
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tapeline_faults_"))
        self.data = self.folder / "data"
        self.said = ""
        self.keeps = options.keep

    def __str__(self):
        return f"{self.venue} seed {self.seed} {self.mode}"

    def verdict(self):
        """What is wrong, or nothing; and what there was to see."""
        try:
            self.run()
            return "", self.compare()
        except (Wrong, AssertionError) as wrong:
            self.keeps = True
            return f"{wrong}; kept in {self.folder}\n{self.said}", ""
        finally:
            if not self.keeps:
                shutil.rmtree(self.folder)

    def tool(self, *args, statuses=(0,)):
        done = subprocess.run([self.options.binary, "--data-dir", str(self.data), *args],
                              capture_output=True, text=True, timeout=120)
        expect(done.returncode in statuses, f"{args}: {done.returncode} {done.stderr}")
        return done

    def run(self):
        wait = self.folder / "wait"
        wait.touch()
        with open(self.folder / "said", "w+") as said:
            demo = subprocess.Popen(
                [self.options.binary, "--data-dir", str(self.data), "demo", "--venue", self.venue,
                 "--faults", self.options.faults, "--seed", str(self.seed),
                 "--duration", f"{self.options.seconds}s",
                 *(["--no-backfill"] if self.mode == "lost" else [])],
                stdout=subprocess.DEVNULL, stderr=said,
                env={**os.environ, "TAPELINE_DEMO_WAIT": str(wait), "TMPDIR": str(self.folder)})
            try:
                wait_for("the end of the run", lambda: demo.poll() is not None
                         or "waiting to compare" in self.text(said),
                         self.options.seconds + ENDS_WITHIN)
                expect(demo.poll() is None, f"exit {demo.poll()} before the comparison")
                self.ask_simulator()
                wait.unlink()
                code = demo.wait(timeout=ENDS_WITHIN)
            finally:
                if demo.poll() is None:
                    demo.kill()
                    demo.wait()
                self.said = self.text(said)
        expect(code == 0, f"exit {code}")

    @staticmethod
    def text(file):
        return pathlib.Path(file.name).read_text()

    def ask_simulator(self):
        """What really happened, and what was done to it on the way: the market goes on, but nobody
        listens any more."""
        log = (self.data / "demo.log").read_text()
        address = re.search(r"truth=(https://[\d.:]+)/truth/trades", log)[1]
        context = ssl.create_default_context(cafile=str(self.data / f"{self.venue}.pem"))

        def get(path):
            with urllib.request.urlopen(address + path, context=context, timeout=30) as answer:
                return answer.read().decode()

        self.stats = json.loads(get("/sim/stats"))
        self.truth = collections.defaultdict(list)
        for row in rows_of(get("/truth/trades?format=csv")):
            self.truth[row["instrument"]].append(
                Trade(ns(row["ts_event"]), int(row["trade_id"]), Decimal(row["price"]),
                      Decimal(row["size"]), row["side"]))

    def compare(self):
        self.check_sums()
        columns = "instrument, trade_id, ts_event, price, size, side, flags, first_fill, last_fill"
        stored = collections.defaultdict(list)
        for row in rows_of(self.tool("sql", f"SELECT {columns} FROM trades WHERE channel = "
                                            "'trades'", "--format", "csv").stdout):
            stored[row["instrument"]].append(row)
        audit = self.tool("audit", statuses=(0, 3)).stderr
        self.unknown = set(re.findall(r"^unknown (\S+) trades: ", audit, re.MULTILINE))
        self.unheard = collections.defaultdict(list)
        for name, since, until in re.findall(r"^unheard (\S+) trades between (\S+) and (\S+) \(",
                                             audit, re.MULTILINE):
            self.unheard[name].append((ns(since), ns(until)))
        holes = collections.defaultdict(list)
        for name, first, last in re.findall(r"^hole (\S+) trades ids (\d+)\.\.(\d+) ", audit,
                                            re.MULTILINE):
            holes[name].append((int(first), int(last)))
        seen = collections.Counter()
        for instrument in self.stats["instruments"]:
            name = instrument["instrument"]
            if self.venue in UNCOUNTED:
                seen += self.check_uncounted(name, stored[name], holes[name])
            elif stored[name]:
                seen += self.check_counted(name, instrument, stored[name], holes[name])
        expect(seen["trades"] > 0, "nothing is stored")
        self.check_back_off()
        return ", ".join(f"{count} {what}" for what, count in seen.items())

    def check_sums(self):
        counts = {name: int(number.replace(",", "")) for name, number in
                  re.findall(r"^ *(\w+) +([\d,]+)(?:  |$)", self.said, re.MULTILINE)}
        parts = ("delivered", "duplicate", "late", "rejected", "shed", "control")
        expect(counts["received"] == sum(counts[part] for part in parts), "the sum is wrong")
        expect("truth: equal" in self.said, "the demo's own comparison")
        if self.venue in UNCOUNTED:
            expect(counts["complete"] + counts["repaired"] + counts["gap"] == 0,
                   "nobody can know what is missing, and bars say so")

    def check_back_off(self):
        """Whoever is turned away comes back later each time: not more than eight times in the
        three seconds that it lasts, and a bit."""
        times = [ns(c["opened"]) for c in self.stats["connections"] if c["end"] == "turned_away"]
        for i, at in enumerate(times):
            expect(bisect.bisect(times, at + 3 * SECOND_NS) - i <= 8, "a storm of connections")

    def history_of(self, name):
        """The ids that the venue's history shows."""
        newest = [trade.id for trade in self.truth[name]]
        bound = re.search(r"history=(\d+)", self.stats["faults"])
        return set(newest[-int(bound[1]):] if bound else newest)

    def check_counted(self, name, instrument, rows, holes):
        truth = {trade.id: trade for trade in self.truth[name]}
        stored = set()
        for row in rows:
            fills = range(int(row["first_fill"]), int(row["last_fill"]) + 1)
            expect(stored.isdisjoint(fills), f"{name}: {row['trade_id']} is stored twice")
            expect(all(number in truth for number in fills), f"{name}: never traded: {row}")
            stored.update(fills)
            made = [truth[number] for number in fills]
            # Kraken's history has times with the noise of a double.
            at = {trade.at // 1000 for trade in made}
            expect({ns(row["ts_event"]) // 1000} == at, f"{name}: made at another time: {row}")
            expect({Decimal(row["price"])} == {trade.price for trade in made}
                   and Decimal(row["size"]) == sum(trade.size for trade in made)
                   and {row["side"]} == {trade.side for trade in made},
                   f"{name}: another trade: {row}, {made}")
        expect(name not in self.unknown, f"{name}: audit says that it cannot know")
        first, last = min(stored), max(stored)
        missing = set(range(first, last + 1)) - stored
        named = ids_of(holes)
        expect({number for number in named if first <= number <= last} == missing,
               f"{name}: audit names other ids than are missing: {some(named ^ missing)}")
        if self.mode == "repaired":
            shown = missing & self.history_of(name)
            expect(not shown, f"{name}: the history still has {some(shown)}")
        on_its_way = self.check_lost(name, instrument, missing, truth, first, last) \
            if self.mode == "lost" else 0
        return collections.Counter(trades=len(stored), missing=len(missing), on_its_way=on_its_way)

    def check_lost(self, name, instrument, missing, truth, first, last):
        lost = {number for number in ids_of(instrument["unseen"].get("trades", []))
                if first <= number <= last}
        expect(lost <= missing, f"{name}: lost, and not missing: {some(lost - missing)}")
        ends = sorted(ns(c["closed"]) for c in self.stats["connections"] if c["closed"])
        more = missing - lost
        for number in more:
            at = truth[number].at
            behind = bisect.bisect_left(ends, at)
            expect(behind < len(ends) and ends[behind] <= at + ON_ITS_WAY_NS,
                   f"{name}: missing, and was shown: {number} of {some(more)}")
        return len(more)

    def venue_skew(self):
        """By how much the venue's clock is ahead of ours."""
        skew = re.search(r"skew=([+-]?\d+)(ms|s|m)\b", self.stats["faults"])
        return int(skew[1]) * UNITS_NS[skew[2]] if skew else 0

    def stood(self):
        """When a connection stood that was let in, by our clock; those that overlap as one."""
        skew = self.venue_skew()
        end = ns(self.stats["now"])
        times = sorted((ns(c["opened"]) - skew, (ns(c["closed"]) if c["closed"] else end) - skew)
                       for c in self.stats["connections"] if c["end"] != "turned_away")
        joined = []
        for opened, closed in times:
            if joined and opened <= joined[-1][1]:
                joined[-1][1] = max(joined[-1][1], closed)
            else:
                joined.append([opened, closed])
        return joined

    def check_unheard(self, name, rows):
        skew = self.venue_skew()
        listed = self.unheard[name]
        live = [ns(row["ts_event"]) - skew for row in rows
                if not {"snapshot", "backfill"} & set(row["flags"].split())]
        stood = self.stood()
        away = 0
        for (_, since), (until, _) in zip(stood, stood[1:]):
            if not any(at < since - LAST_FRAME_NS for at in live) or until < since + LAST_FRAME_NS:
                continue  # nobody had listened yet; or it is too short to tell from a late frame
            away += until - since
            expect(any(a <= since + LAST_FRAME_NS and until <= b for a, b in listed),
                   f"{name}: no connection stood from {since} to {until}, and audit lists {listed}")
        ends = [ns(c["closed"]) - skew for c in self.stats["connections"] if c["closed"]]
        least = SECOND_NS if "silent_channel" in self.stats["faults"] else 0
        for a, b in listed:
            expect(b - a < least or any(a - LAST_FRAME_NS <= end <= b for end in ends),
                   f"{name}: audit lists {a} to {b}, and no connection ended then")
        return round(away / SECOND_NS)

    def check_uncounted(self, name, rows, holes):
        expect(name in self.unknown or not rows, f"{name}: audit does not say that it cannot know")
        expect(not holes, f"{name}: audit names holes where nobody can count: {holes}")
        has_sizes = self.venue != "twelvedata"
        has_sides = self.venue not in WITHOUT_IDS

        def seen(at, price, size, side):
            return at, price, size if has_sizes else None, side if has_sides else None

        left = collections.Counter(seen(t.at, t.price, t.size, t.side) for t in self.truth[name])
        exact = [row for row in rows if "coarse_time" not in row["flags"].split()]
        doubled = 0
        for row in exact:
            trade = seen(ns(row["ts_event"]), Decimal(row["price"]),
                         Decimal(row["size"]) if has_sizes else None, row["side"])
            expect(trade in left, f"{name}: never traded: {row}")
            left[trade] -= 1
            doubled += left[trade] < 0
        ids = [row["trade_id"] for row in rows]
        expect(len(set(ids)) == len(ids), f"{name}: an id is stored twice")
        # What is known to the second only has to be one of what is left there.
        by_second = collections.Counter()
        for (at, price, size, side), count in left.items():
            by_second[at // SECOND_NS, price, size, side] += max(0, count)
        for row in rows:
            if "coarse_time" not in row["flags"].split():
                continue
            trade = seen(ns(row["ts_event"]) // SECOND_NS, Decimal(row["price"]),
                         Decimal(row["size"]) if has_sizes else None, row["side"])
            expect(trade in by_second, f"{name}: not traded in that second: {row}")
            by_second[trade] -= 1
            doubled += by_second[trade] < 0
        expect(doubled == 0 or self.venue in WITHOUT_IDS, f"{name}: {doubled} are stored twice")
        away = self.check_unheard(name, rows)
        return collections.Counter(trades=len(rows), doubled=doubled, seconds_away=away,
                                   spans=len(self.unheard[name]))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary", type=os.path.abspath)
    parser.add_argument("--venue", action="append", choices=COUNTED + UNCOUNTED)
    parser.add_argument("--seeds", default="1", help="1,2,5")
    parser.add_argument("--seconds", type=int, default=40)
    parser.add_argument("--jobs", type=int, default=9)
    parser.add_argument("--faults", default="storm")
    parser.add_argument("--only", choices=MODES)
    parser.add_argument("--keep", action="store_true",
                        help="the folders of runs that are right, too")
    options = parser.parse_args()
    runs = [(venue, int(seed), mode) for seed in options.seeds.split(",")
            for venue in options.venue or COUNTED + UNCOUNTED
            for mode in ([options.only] if options.only else MODES)]
    failed = 0

    def judge(what):
        started = time.monotonic()
        # A venue may be away nearly all the time: then there is nothing to compare yet.
        for _ in range(TRIES):
            run = Run(options, *what)
            wrong, seen = run.verdict()
            if NOTHING_TO_COMPARE not in wrong:
                break
        return str(run), run.folder, wrong, seen, time.monotonic() - started

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for done in concurrent.futures.as_completed([pool.submit(judge, run) for run in runs]):
            name, folder, wrong, seen, seconds = done.result()
            failed += bool(wrong)
            print(f"{'FAILED' if wrong else 'ok    '} {name} ({seconds:.0f} s) {seen}{wrong}"
                  + (f" {folder}" if options.keep else ""), flush=True)
    print(f"{len(runs) - failed} passed, {failed} failed", flush=True)
    raise SystemExit(1 if failed else 0)


if __name__ == "__main__":
    main()
