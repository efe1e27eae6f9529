# SPDX-License-Identifier: Apache-2.0
"""peer_cryptofeed.py VENUE ADDRESS SYMBOL...: cryptofeed's trades of a simulated venue.

A user's program as the library's README shows it, for bench/fault_table: a FeedHandler, a feed, a
callback for trades. Only the host of the endpoints is another one; its certificate's authority is
named by SSL_CERT_FILE. Writes a JSON line for each trade, and for each thing that the user is told.
"""
import dataclasses, logging, sys

from cryptofeed import FeedHandler
from cryptofeed.defines import TRADES
from cryptofeed.exchanges import Binance, Coinbase

from peer_lines import trade_line, watch_logs, told_line

FEEDS = {"binance": Binance, "coinbase_advanced": Coinbase}


def at_address(url, address):
    scheme, rest = url.split("://")
    path = rest.partition("/")[2]
    return f"{scheme}://{address}" + (f"/{path}" if path else "")


def with_address(feed, address):
    """The feed's own endpoints, options and routes, at another host."""
    for name in ("websocket_endpoints", "rest_endpoints"):
        setattr(feed, name, [dataclasses.replace(e, address=at_address(e.address, address))
                             for e in getattr(feed, name)])
    return feed


async def on_trade(trade, receipt_timestamp):
    # An aggregated trade of Binance stands for the trades f to l.
    raw = trade.raw or {}
    first, last = raw.get("f", trade.id), raw.get("l", trade.id)
    trade_line(trade.symbol, int(first), int(last))


def main():
    venue, address, *symbols = sys.argv[1:]
    handler = FeedHandler()
    watch_logs(logging.getLogger("cryptofeed"), logging.getLogger())
    feed = with_address(FEEDS[venue], address)
    handler.add_feed(feed(symbols=symbols, channels=[TRADES], callbacks={TRADES: on_trade}))
    try:
        handler.run()
    except Exception as error:  # the end of the user's program
        told_line("exception", f"{type(error).__name__}: {error}")
        raise


main()
