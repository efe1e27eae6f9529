# SPDX-License-Identifier: Apache-2.0
"""How bench/fault_table counts: what happened to the trades of a window, and what was told of it.
No process, no socket: lists in, figures out."""
import re
from collections import Counter
from dataclasses import dataclass, field

MESSAGE_MAX = 90  # characters of a message in the table


@dataclass
class Count:
    trades: int = 0  # that there were
    lost: set = field(default_factory=set)  # never delivered
    doubled: set = field(default_factory=set)  # delivered more than once


def expand(rows):
    """(instrument, first id, last id) of what was delivered, as one (instrument, id) a trade."""
    return [(name, number) for name, first, last in rows for number in range(first, last + 1)]


def count(truth, delivered):
    """What became of the trades of `truth`, each (instrument, id); `delivered` may have others too,
    from before and after the window."""
    truth = set(truth)
    times = Counter(trade for trade in delivered if trade in truth)
    return Count(len(truth), truth - times.keys(), {t for t, n in times.items() if n > 1})


def unnamed(lost, holes):
    """The lost trades that none of the holes (instrument, first id, last id) names."""
    return {(name, number) for name, number in lost
            if not any(name == hole and first <= number <= last for hole, first, last in holes)}


def pattern_of(message):
    """A message without what differs from one time to the next, short enough for a table."""
    text = message.strip().splitlines()[0] if message.strip() else ""
    text = re.sub(r"wss?://\S+|https?://\S+", "URL", text)
    text = re.sub(r"\b0x[0-9a-f]+\b|\d+(\.\d+)?", "N", text)
    return text if len(text) <= MESSAGE_MAX else text[:MESSAGE_MAX - 3] + "..."


def kinds_of(messages):
    """The (level, text) that a user saw, as (level, pattern, times), the commonest first."""
    found = Counter((level, pattern_of(text)) for level, text in messages)
    return [(level, text, times) for (level, text), times in found.most_common()]


def summarise(runs, kinds_max=3):
    """The kinds of some runs together: `3 x WARNING: ...; and 2 more`; "" for none."""
    found = Counter()
    for level, text, times in (kind for kinds in runs for kind in kinds):
        found[level, text] += times
    shown = found.most_common(kinds_max)
    parts = [f"{times} x {level}: {text}" for (level, text), times in shown]
    more = sum(found.values()) - sum(times for _, times in shown)
    return "; ".join(parts + ([f"and {more} more"] if more else []))
