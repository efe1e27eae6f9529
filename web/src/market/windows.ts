// SPDX-License-Identifier: Apache-2.0
// The time axis: which windows it shows, and which of them are hatched.
import type { Gap } from '../contract';
import { parseTime } from '../text/time';
import type { TimedBar } from './bar_series';

/** Longer stretches without a bar are drawn as one step: an axis of empty windows shows nothing. */
export const EMPTY_WINDOWS_MAX = 400;

export interface Slot { readonly at: number; readonly timed?: TimedBar }

/** The windows without a bar between two starts, both excluded; none where there would be too many. */
export function windowsBetween(from: number, to: number, step: number): number[] {
  const count = Math.round((to - from) / step) - 1;
  if (count <= 0 || count > EMPTY_WINDOWS_MAX) return [];
  return Array.from({ length: count }, (_, index) => from + (index + 1) * step);
}

/** Bars with the empty windows between them, so that equal widths are equal times. */
export function slotsOf(bars: readonly TimedBar[], step: number): Slot[] {
  const slots: Slot[] = [];
  let before: number | undefined;
  for (const timed of bars) {
    if (before !== undefined) {
      for (const at of windowsBetween(before, timed.at, step)) slots.push({ at });
    }
    slots.push({ at: timed.at, timed });
    before = timed.at;
  }
  return slots;
}

export interface Band { from: number; to: number }

const startOf = (ms: number, step: number): number => Math.floor(ms / step) * step;

/** The windows that a hole touches: from the window of its one neighbour to that of the other. */
export function bandOfGap(gap: Gap, step: number): Band | null {
  const from = gap.from_time === null ? NaN : parseTime(gap.from_time);
  const to = gap.to_time === null ? NaN : parseTime(gap.to_time);
  if (Number.isNaN(from) || Number.isNaN(to) || to < from) return null;
  return { from: startOf(from, step), to: startOf(to, step) };
}

/** Bands of bars with quality `gap` and of open holes; what touches is one band. Ends are starts. */
export function bandsOf(bars: readonly TimedBar[], gaps: readonly Gap[], step: number): Band[] {
  const bands: Band[] = [];
  for (const { at, bar } of bars) if (bar.quality === 'gap') bands.push({ from: at, to: at });
  for (const gap of gaps) {
    const band = bandOfGap(gap, step);
    if (band) bands.push(band);
  }
  return joined(bands, step);
}

function joined(bands: Band[], step: number): Band[] {
  const result: Band[] = [];
  for (const band of bands.sort((a, b) => a.from - b.from)) {
    const before = result.at(-1);
    if (before && band.from <= before.to + step) before.to = Math.max(before.to, band.to);
    else result.push({ ...band });
  }
  return result;
}
