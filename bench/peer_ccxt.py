# SPDX-License-Identifier: Apache-2.0
"""peer_ccxt.py VENUE ADDRESS CA SYMBOL...: the trades of a simulated venue by ccxt.pro.

A user's program as the library's manual shows it, for bench/fault_table: watch_trades in a loop
that prints an exception and goes on, a loop for each symbol. Only the host of the URLs is another
one; its certificate's authority is `cafile`. Writes a JSON line for each trade, and for each thing
that the user is told.
"""
import asyncio, logging, signal, sys

import ccxt.pro

from peer_lines import trade_line, watch_logs, told_line


def make_exchange(venue, address, ca):
    if venue == "binance":
        exchange = ccxt.pro.binance({"cafile": ca,
                                     "options": {"fetchMarkets": {"types": ["spot"]}}})
        exchange.urls["api"]["public"] = f"https://{address}/api/v3"
        exchange.urls["api"]["ws"]["spot"] = f"wss://{address}/ws"
    else:
        exchange = ccxt.pro.coinbase({"cafile": ca})
        exchange.urls["api"]["rest"] = f"https://{address}"
        exchange.urls["api"]["ws"] = f"wss://{address}"
    # Names and icons of currencies come from another API of these exchanges.
    exchange.has["fetchCurrencies"] = False
    return exchange


async def watch(exchange, symbol):
    while True:
        try:
            for trade in await exchange.watch_trades(symbol):
                number = int(trade["id"])
                trade_line(trade["symbol"].replace("/", "-"), number, number)
        except Exception as error:
            told_line("exception", f"{type(error).__name__}: {error}")


async def main():
    venue, address, ca, *symbols = sys.argv[1:]
    watch_logs(logging.getLogger())
    exchange = make_exchange(venue, address, ca)
    await exchange.load_markets()
    task = asyncio.gather(*[watch(exchange, name.replace("-", "/")) for name in symbols])
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        pass
    finally:
        await exchange.close()


asyncio.run(main())
