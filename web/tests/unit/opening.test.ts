// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Instrument } from '../../src/contract';
import { firstInstrument, firstInterval, inOrder } from '../../src/market/opening';

const instrument = (name: string, perSecond: number | null): Instrument => {
  const [venue = '', symbol = ''] = name.split(':');
  return {
    instrument: name, venue, symbol, price_decimals: 2, size_decimals: 8, last: null, change: null,
    trades_per_second: perSecond, quality: null, missing_ids: 0, unrecoverable_ids: 0,
  };
};
const names = (list: readonly Instrument[]): string[] => list.map((each) => each.instrument);
const INTERVALS = ['1s', '5s', '1m', '5m', '1h'];

describe('what the page opens with', () => {
  const arrived = [
    instrument('coinbase:ZEC-USD', 0), instrument('binance:BTC-USDT', 20.5), instrument('coinbase:SOL-USD', 9),
    instrument('coinbase:BTC-USD', 19.9), instrument('binance:SOL-USDT', 9), instrument('binance:BTC-USD', null),
  ];

  it('is in one order, whichever came first', () => {
    const sorted = ['binance:BTC-USD', 'coinbase:BTC-USD', 'binance:BTC-USDT', 'coinbase:SOL-USD', 'binance:SOL-USDT', 'coinbase:ZEC-USD'];
    expect(names(inOrder(arrived))).toEqual(sorted);
    expect(names(inOrder([...arrived].reverse()))).toEqual(sorted);
  });

  it('is the first of those that trade much, though another leads by a little', () => {
    expect(firstInstrument(arrived)?.instrument).toBe('coinbase:BTC-USD');
    expect(firstInstrument([...arrived].reverse())?.instrument).toBe('coinbase:BTC-USD');
    expect(firstInstrument([instrument('a:B', null)])?.instrument).toBe('a:B');
    expect(firstInstrument([])).toBeNull();
  });

  it('is the shortest interval whose windows have trades', () => {
    expect(firstInterval(INTERVALS, instrument('a:B', 20))).toBe('1s');
    expect(firstInterval(INTERVALS, instrument('a:B', 2))).toBe('1s');
    expect(firstInterval(INTERVALS, instrument('a:B', 1.9))).toBe('5s');
    expect(firstInterval(INTERVALS, instrument('a:B', 0.01))).toBe('5m');
  });

  it('is one minute where nothing is known of the rate, or the shortest there is', () => {
    expect(firstInterval(INTERVALS, instrument('a:B', null))).toBe('1m');
    expect(firstInterval(['5m', '1h'], null)).toBe('5m');
    expect(firstInterval([], null)).toBeNull();
  });
});
