// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Bar } from '../../src/contract';
import { BarSeries } from '../../src/market/bar_series';
import { bar, MINUTE, NOON } from './fixtures';

const starts = (series: BarSeries): number[] => series.all.map(({ at }) => (at - NOON) / MINUTE);

describe('BarSeries', () => {
  it('appends newer bars without moving the others', () => {
    const series = new BarSeries(10);
    series.merge([bar(0), bar(1)]);
    const merged = series.merge([bar(2)]);
    expect(starts(series)).toEqual([0, 1, 2]);
    expect(merged).toMatchObject({ inserted: false, dropped: false });
    expect(merged.changed).toHaveLength(1);
  });

  it('puts a changed bar in the place of the one with the same start', () => {
    const series = new BarSeries(10);
    series.merge([bar(0), bar(1), bar(2)]);
    series.merge([bar(1, { revision: 1, close: '9', quality: 'repaired' })]);
    expect(series.length).toBe(3);
    expect(series.at(NOON + MINUTE)?.close).toBe('9');
  });

  it('keeps the later revision when an answer crosses an update', () => {
    const series = new BarSeries(10);
    series.merge([bar(0, { revision: 2, close: '9' })]);
    series.merge([bar(0, { revision: 1, close: '5' })]);
    series.merge([bar(0, { state: 'provisional', close: '4' })]);
    expect(series.at(NOON)?.close).toBe('9');
  });

  it('keeps the provisional bar that knows more trades', () => {
    const series = new BarSeries(10);
    series.merge([bar(0, { state: 'provisional', trades: 5 })]);
    series.merge([bar(0, { state: 'provisional', trades: 4 })]);
    expect(series.at(NOON)?.trades).toBe(5);
    series.merge([bar(0, { trades: 4 })]);
    expect(series.at(NOON)?.state).toBe('final');
  });

  it('takes history in front and bars between, and says that places moved', () => {
    const series = new BarSeries(10);
    series.merge([bar(3), bar(5)]);
    const merged = series.merge([bar(0), bar(1), bar(4)]);
    expect(starts(series)).toEqual([0, 1, 3, 4, 5]);
    expect(merged.inserted).toBe(true);
  });

  it('drops the oldest beyond its capacity', () => {
    const series = new BarSeries(3);
    const merged = series.merge([bar(0), bar(1), bar(2), bar(3), bar(4)]);
    expect(starts(series)).toEqual([2, 3, 4]);
    expect(merged.dropped).toBe(true);
  });

  it('ends in the same state in whatever order and parts the bars come', () => {
    const bars: Bar[] = [];
    for (let minute = 0; minute < 40; minute += 1) {
      for (let revision = 0; revision <= minute % 3; revision += 1) {
        bars.push(bar(minute, { revision, close: `${minute}.${revision}` }));
      }
    }
    const expected = new Map(bars.map((one) => [one.start, one.close]));
    for (let seed = 1; seed <= 50; seed += 1) {
      const series = new BarSeries(100);
      const shuffled = shuffle(bars, seed);
      while (shuffled.length > 0) series.merge(shuffled.splice(0, 1 + (seed % 7)));
      expect(series.all.map((one) => [one.bar.start, one.bar.close])).toEqual([...expected]);
    }
  });
});

function shuffle<T>(items: readonly T[], seed: number): T[] {
  const result = [...items];
  let state = seed;
  for (let index = result.length - 1; index > 0; index -= 1) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    const other = state % (index + 1);
    [result[index], result[other]] = [result[other] as T, result[index] as T];
  }
  return result;
}
