# SPDX-License-Identifier: Apache-2.0
"""What a peer's program of bench/fault_table writes to standard output: JSON lines."""
import json, logging, sys, time


def put(line):
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def trade_line(instrument, first, last):
    put({"trade": [instrument, first, last]})


def told_line(level, text):
    put({"told": [level, text], "at": time.time()})


class Lines(logging.Handler):
    """A user's log from warnings on."""

    def emit(self, record):
        text = record.getMessage()
        if record.exc_info and record.exc_info[1] is not None:
            text += f" ({type(record.exc_info[1]).__name__}: {record.exc_info[1]})"
        told_line(record.levelname, text)


def watch_logs(*loggers):
    handler = Lines(level=logging.WARNING)
    for logger in loggers:
        logger.addHandler(handler)
