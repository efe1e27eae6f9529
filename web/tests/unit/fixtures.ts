// SPDX-License-Identifier: Apache-2.0
import type { Bar, Gap, Trade } from '../../src/contract';
import { toServerTime } from '../../src/text/time';

export const MINUTE = 60_000;
export const NOON = Date.UTC(2026, 0, 1, 12);

/** A bar `minute` minutes after noon. */
export function bar(minute: number, fields: Partial<Bar> = {}): Bar {
  return {
    start: toServerTime(NOON + minute * MINUTE), open: '1', high: '1', low: '1', close: '1', volume: '1',
    buy_volume: '1', notional: '1', vwap: '1', trades: 1, first_id: '1', last_id: '1', state: 'final',
    quality: 'complete', revision: 0, cause: '', ...fields,
  };
}

export function gap(fields: Partial<Gap> = {}): Gap {
  return {
    instrument: 'coinbase:BTC-USD', channel: 'trades', from_id: '5', to_id: '7', ids: 3,
    from_time: toServerTime(NOON), to_time: toServerTime(NOON + MINUTE), cause: 'disconnect', state: 'open',
    ...fields,
  };
}

export function trade(id: string, seconds: number): Trade {
  return {
    trade_id: id, ts_event: toServerTime(NOON + seconds * 1000), ts_recv: null, price: '1', size: '1',
    side: 'buy', flags: [], conditions: [], counts: 'all',
  };
}
