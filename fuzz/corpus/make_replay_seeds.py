#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes fuzz/corpus/replay: records that fuzz/replay_fuzz.cc replays to their end.

TAPELINE_FUZZ_SAYS=1 replay_fuzz SEED says what became of each.
"""
import pathlib, random, re

HERE = pathlib.Path(__file__).resolve().parent
OPEN, ROW, TICK, FRAME = 2, 6, 10, 0x80
SOURCE = (HERE.parent / "replay_fuzz.cc").read_text()


def samples(name):
    """How many digits each sample of the target's table takes."""
    table = re.search(name + r"\{(.*?)\};", SOURCE, re.S).group(1)
    if name == "kFrames":  # raw strings, several lines each
        entries = re.findall(r'R"\((.*?)\)"(,?)', table, re.S)
        counts, count = [], 0
        for text, comma in entries:
            count += text.count("#")
            if comma or text.endswith("}"):
                counts.append(count)
                count = 0
        return counts
    return [text.count("#") for text in re.findall(r'"([^"]*)"', table)]


def seed(how, flags, kind, kinds, counts, rows=30, chance=random.Random(5)):
    out = bytearray(how + [OPEN, 0, 4, 1, flags])
    for i in range(rows):
        which = chance.choice(kinds)
        out += bytes([kind, 0, chance.choice([4, 5, 6, 8, 12]), 1, which])
        out += bytes(chance.randrange(10) for _ in range(counts[which]))
        if i % 5 == 4:
            out += bytes([TICK, 0, 12, 1, 0])
    return bytes(out)


def main():
    frames, rows = samples("kFrames"), samples("kRows")
    folder = HERE / "replay"
    (folder / "coinbase_bars").write_bytes(seed([0x08], 9, FRAME, [0, 0, 0, 1, 2, 3], frames))
    (folder / "coinbase_gaps").write_bytes(seed([0x43], 9, FRAME, [0, 0, 0, 2], frames))
    (folder / "binance_bars").write_bytes(seed([0x88], 8, FRAME, [4, 4, 6], frames))
    (folder / "binance_aggregated").write_bytes(seed([0x60], 8, FRAME, [5, 5, 6], frames))
    (folder / "rows_as_of").write_bytes(seed([0x10, 30, 0], 3, ROW, [0, 0, 1], rows))


main()
