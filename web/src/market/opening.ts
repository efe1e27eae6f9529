// SPDX-License-Identifier: Apache-2.0
// What the page opens with where the address is silent: the same on every load.
import type { Instrument } from '../contract';
import { intervalMs } from './interval';

/** Fewer trades than this in a window, on average, and many windows have no bar. */
const TRADES_PER_BAR = 2;
const USUAL_INTERVAL = '1m';

/** By symbol, so that one market at two venues stands together. */
export function inOrder(instruments: Iterable<Instrument>): Instrument[] {
  const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return [...instruments].sort((a, b) => compare(a.symbol, b.symbol) || compare(a.venue, b.venue));
}

/** The first that trades at least half as often as the busiest: rates move, and this does not follow. */
export function firstInstrument(instruments: Iterable<Instrument>): Instrument | null {
  const ordered = inOrder(instruments);
  const busiest = Math.max(...ordered.map(rateOf));
  return ordered.find((each) => 2 * rateOf(each) >= busiest) ?? null;
}

/** The shortest whose windows nearly all have trades, so that the chart is full soonest. */
export function firstInterval(intervals: readonly string[], instrument: Instrument | null): string | null {
  const rate = instrument === null ? 0 : rateOf(instrument);
  const filled = intervals.find((interval) => rate * (intervalMs(interval) ?? 0) >= TRADES_PER_BAR * 1000);
  return filled ?? (intervals.includes(USUAL_INTERVAL) ? USUAL_INTERVAL : intervals[0] ?? null);
}

const rateOf = (instrument: Instrument): number => instrument.trades_per_second ?? 0;
