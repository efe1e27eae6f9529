// SPDX-License-Identifier: Apache-2.0
import type { VenueCandle } from '../contract';
import { parseTime } from '../text/time';

export interface TimedCandle { readonly at: number; readonly candle: VenueCandle }

/** The venue's own candles of the chosen instrument and interval, by start; the newest `capacity`. Which of them
 * are shown is judged against our bars: never one where we have a bar, or could have one that is not loaded yet. */
export class VenueCandles {
  private candles: readonly TimedCandle[] = [];
  private shown: readonly TimedCandle[] = [];
  private shownBefore: number | null = null;
  /** Whether the venue told of older ones, which are not here. */
  more = true;

  constructor(private readonly capacity: number) {}

  get length(): number { return this.candles.length; }
  get first(): TimedCandle | undefined { return this.candles[0]; }
  get last(): TimedCandle | undefined { return this.candles.at(-1); }
  get isFull(): boolean { return this.candles.length >= this.capacity; }

  clear(): void {
    this.candles = [];
    this.forgetShown();
    this.more = true;
  }

  /** A page of them; `more` says that the venue told of older ones than that. */
  merge(incoming: readonly VenueCandle[], more = false): void {
    const before = this.first?.at;
    const byStart = new Map(this.candles.map((timed) => [timed.at, timed]));
    for (const candle of incoming) {
      const at = parseTime(candle.start);
      if (!Number.isNaN(at)) byStart.set(at, { at, candle });
    }
    const start = incoming[0] === undefined ? before : parseTime(incoming[0].start);
    if (before === undefined || (start ?? before) <= before) this.more = more;
    this.candles = [...byStart.values()].sort((a, b) => a.at - b.at).slice(-this.capacity);
    this.forgetShown();
  }

  /** Those that begin before our first bar; the same array while nothing changes. None while `before` is null. */
  before(before: number | null): readonly TimedCandle[] {
    if (before === this.shownBefore) return this.shown;
    this.shownBefore = before;
    this.shown = before === null ? [] : this.candles.filter(({ at }) => at < before);
    return this.shown;
  }

  private forgetShown(): void {
    this.shownBefore = null;
    this.shown = [];
  }
}
