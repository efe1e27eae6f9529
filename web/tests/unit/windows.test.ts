// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Bar } from '../../src/contract';
import type { TimedBar } from '../../src/market/bar_series';
import { intervalMs, intervalName } from '../../src/market/interval';
import { bandsOf, EMPTY_WINDOWS_MAX, slotsOf, windowsBetween } from '../../src/market/windows';
import { parseTime, toServerTime } from '../../src/text/time';
import { bar, gap, MINUTE, NOON } from './fixtures';

const timed = (...bars: Bar[]): TimedBar[] => bars.map((one) => ({ at: parseTime(one.start), bar: one }));
const minutes = (ms: number): number => (ms - NOON) / MINUTE;

describe('the time axis', () => {
  it('shows windows without a bar, so that equal widths are equal times', () => {
    const slots = slotsOf(timed(bar(0), bar(3)), MINUTE);
    expect(slots.map((slot) => [minutes(slot.at), slot.timed !== undefined]))
      .toEqual([[0, true], [1, false], [2, false], [3, true]]);
  });

  it('draws a very long stretch without bars as one step', () => {
    expect(windowsBetween(NOON, NOON + (EMPTY_WINDOWS_MAX + 1) * MINUTE, MINUTE)).toHaveLength(EMPTY_WINDOWS_MAX);
    expect(windowsBetween(NOON, NOON + (EMPTY_WINDOWS_MAX + 2) * MINUTE, MINUTE)).toEqual([]);
  });
});

describe('bands', () => {
  it('cover bars with quality gap, joined where they touch', () => {
    const bars = timed(bar(0), bar(1, { quality: 'gap' }), bar(2, { quality: 'gap' }), bar(3), bar(4, { quality: 'gap' }));
    expect(bandsOf(bars, [], MINUTE).map(({ from, to }) => [minutes(from), minutes(to)])).toEqual([[1, 2], [4, 4]]);
  });

  it('cover the windows between the neighbours of an open hole, also those that have no bar', () => {
    const hole = gap({ from_time: toServerTime(NOON + 90_000), to_time: toServerTime(NOON + 200_000) });
    expect(bandsOf(timed(bar(0), bar(5)), [hole], MINUTE).map(({ from, to }) => [minutes(from), minutes(to)]))
      .toEqual([[1, 3]]);
  });

  it('leave out a hole whose times are not known', () => {
    expect(bandsOf([], [gap({ from_time: null })], MINUTE)).toEqual([]);
  });
});

it('reads intervals', () => {
  expect(intervalMs('15m')).toBe(900_000);
  expect(intervalMs('1d')).toBe(86_400_000);
  expect(intervalMs('ticks')).toBeNull();
  expect(intervalName('1h')).toBe('1 hour');
  expect(intervalName('5m')).toBe('5 minutes');
});
