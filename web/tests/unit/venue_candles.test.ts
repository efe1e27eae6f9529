// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { VenueCandle } from '../../src/contract';
import { VenueCandles } from '../../src/market/venue_candles';
import { toServerTime } from '../../src/text/time';
import { MINUTE, NOON } from './fixtures';

function candle(minute: number, close = '1'): VenueCandle {
  return {
    start: toServerTime(NOON + minute * MINUTE), open: '1', high: '2', low: '1', close, volume: '1', trades: null,
    minutes: 1,
  };
}
const minutes = (shown: readonly { at: number }[]): number[] => shown.map(({ at }) => (at - NOON) / MINUTE);

describe('the venue\'s own candles', () => {
  it('stand only where no bar of ours is, or could be', () => {
    const theirs = new VenueCandles(10);
    theirs.merge([candle(0), candle(1), candle(2), candle(3)]);
    expect(minutes(theirs.before(NOON + 2 * MINUTE))).toEqual([0, 1]);
    expect(theirs.before(null)).toEqual([]);
    expect(minutes(theirs.before(NOON + 3 * MINUTE))).toEqual([0, 1, 2]);
  });

  it('are the same array while nothing changes', () => {
    const theirs = new VenueCandles(10);
    theirs.merge([candle(0)]);
    const shown = theirs.before(NOON + MINUTE);
    expect(theirs.before(NOON + MINUTE)).toBe(shown);
    theirs.merge([candle(-1)]);
    expect(minutes(theirs.before(NOON + MINUTE))).toEqual([-1, 0]);
  });

  it('come in pages, each once, the later word counting', () => {
    const theirs = new VenueCandles(3);
    theirs.merge([candle(2), candle(3)]);
    theirs.merge([candle(1), candle(2, '9'), { ...candle(0), start: 'never' }]);
    const shown = theirs.before(Number.MAX_SAFE_INTEGER);
    expect(minutes(shown)).toEqual([1, 2, 3]);
    expect(shown[1]?.candle.close).toBe('9');
    expect(theirs.isFull).toBe(true);
    theirs.merge([candle(0)]);
    expect(minutes(theirs.before(NOON + 9 * MINUTE))).toEqual([1, 2, 3]);
    theirs.clear();
    expect(theirs.length).toBe(0);
    expect(theirs.before(NOON + 9 * MINUTE)).toEqual([]);
  });

  it('know whether older ones are to be had', () => {
    const theirs = new VenueCandles(10);
    theirs.merge([candle(5), candle(6)], true);
    expect(theirs.more).toBe(true);
    theirs.merge([candle(6), candle(7)]);
    expect(theirs.more, 'that page was of newer ones').toBe(true);
    theirs.merge([candle(3), candle(4)]);
    expect(theirs.more).toBe(false);
  });
});
