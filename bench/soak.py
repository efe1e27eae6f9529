#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bench/soak.py BINARY [--minutes N] [--rate N] [--markets N] [--faults SPEC] [--every SECONDS]

A live run against a simulated venue under faults for a long time: memory, threads, descriptors and
what became of the items, a row each --every seconds. At the end the faults stop, what is missing is
fetched, the run is told to stop, and `verify` replays what the journal still has. Exit 1 when
threads or descriptors grow, items do not add up, or a stop or `verify` fails. Memory is judged by
who reads the table: its second half should be flat."""
import argparse, pathlib, re, signal, subprocess, sys, time

from live_run import LiveRun

PARTS = ("delivered", "duplicate", "late", "rejected", "shed", "control")
SETTLE_MAX = 120  # seconds in which back-fill may fetch what is missing when the faults have ended
STOP_MAX = 300
# At 20,000 frames a second as many of them a second are lost, malformed, delayed and stalled as at
# 100 in the storm of the demos: so many more would be no connection, and a history of 400 trades
# none either. What goes by time, by connection or by request is as there.
SCALED_STORM = "storm,lose=0.01%,bad_frame=0.005%,delay=3s:0.005%,slow=1s:0.0005%,history=100000"
# Connections come and go under faults; a leak goes on and on.
LEAK = 16


class Soak(LiveRun):
    def sample(self):
        process = pathlib.Path(f"/proc/{self.run.pid}")
        sizes = dict(re.findall(r"^(\w+):\s+(\d+) kB$", (process / "status").read_text(), re.M))
        status = self.get("/api/v1/status")
        return {"own_mb": int(sizes["RssAnon"]) // 1024, "file_mb": int(sizes["RssFile"]) // 1024,
                "threads": len(list((process / "task").iterdir())),
                "descriptors": len(list((process / "fd").iterdir())),
                "cpu": self.cpu(), "sim_cpu": self.cpu(self.sim), **status["items"],
                "missing": status["missing"]["ids"], "repaired": status["missing"]["repaired"],
                "unrecoverable": status["missing"]["unrecoverable"],
                "behind": status["engine"]["behind_records"],
                "pages": sum(feed["pages"] for feed in status["backfill"])}


def row(minute, seconds, now, before):
    rate = (now["received"] - before["received"]) / seconds
    cores = [(now[of] - before[of]) / seconds for of in ("cpu", "sim_cpu")]
    return (f"| {minute:.1f} | {rate:,.0f} | {cores[0]:.2f} | {cores[1]:.2f} | {now['own_mb']} | "
            f"{now['file_mb']} | {now['threads']} | {now['descriptors']} | {now['behind']:,} | "
            f"{now['missing']:,} | {now['repaired']:,} | {now['unrecoverable']:,} | "
            f"{now['pages']:,} |")


def watch(soak, options):
    """The samples, one each `every` seconds."""
    print("| minute | items a second | cores | the simulator's | own, MB | files, MB | threads | "
          "descriptors | records behind | missing | repaired | unrecoverable | pages |")
    print("|---" * 13 + "|")
    samples, began = [soak.sample()], time.monotonic()
    at = [began]
    while time.monotonic() < began + options.minutes * 60:
        time.sleep(options.every)
        samples.append(soak.sample())
        at.append(time.monotonic())
        print(row((at[-1] - began) / 60, at[-1] - at[-2], *samples[:-3:-1]), flush=True)
    return samples


def wrong_with(samples):
    """What cannot be right, in sentences."""
    said = []
    for name in ("threads", "descriptors"):
        half = [sample[name] for sample in samples[len(samples) // 2:]]
        early = max(sample[name] for sample in samples[:max(len(samples) // 4, 2)])
        if min(half) > early + LEAK or max(half) > early + 4 * LEAK:
            said.append(f"{name} grow: {early} at first, {min(half)} to {max(half)} later")
    for sample in samples:
        if sample["received"] != sum(sample[part] for part in PARTS):
            said.append(f"items do not add up: {sample}")
    return said


def settle(soak):
    soak.ask_venue("/sim/faults", b"off")
    end = time.monotonic() + SETTLE_MAX
    while time.monotonic() < end:
        now = soak.sample()
        if now["missing"] == now["unrecoverable"] and now["behind"] < 1000:
            break
        time.sleep(1)
    return now


def stop(soak):
    """Seconds until the run has ended, or what went wrong."""
    began = time.monotonic()
    soak.run.send_signal(signal.SIGTERM)
    code = soak.run.wait(timeout=STOP_MAX)
    print(f"stopped in {time.monotonic() - began:.1f} s with status {code}")
    return [] if code == 0 else [f"the run ended with status {code}"]


def verify(soak):
    done = subprocess.run([soak.binary, "--config", soak.config, "verify"], capture_output=True,
                          text=True)
    print(f"verify: status {done.returncode}: {done.stdout.strip()} {done.stderr.strip()}")
    return [] if done.returncode == 0 else ["verify found something"]


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--rate", type=int, default=20_000)
    parser.add_argument("--markets", type=int, default=50)
    parser.add_argument("--faults", default=SCALED_STORM)
    parser.add_argument("--every", type=float, default=60)
    options = parser.parse_args()
    with Soak(options.binary) as soak:
        soak.begin(options.rate, options.markets,
                   journal="{segment_bytes: 128MiB, retain: {age: 1d, bytes: 2GiB}}")
        soak.ask_venue("/sim/faults", options.faults.encode())
        samples = watch(soak, options)
        samples.append(settle(soak))
        print(f"when the faults had ended: {samples[-1]}")
        wrong = wrong_with(samples) + stop(soak) + verify(soak)
    print("\n".join(wrong) or "nothing grew, everything added up")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
