// SPDX-License-Identifier: Apache-2.0
import type { Bar } from '../contract';
import { parseTime } from '../text/time';

export interface TimedBar { readonly at: number; readonly bar: Bar }

/** What a merge did to a series, so that a chart does no more than is needed. */
export interface Merged {
  changed: TimedBar[];
  /** Bars came in front of the oldest, or between others: positions have moved. */
  inserted: boolean;
  dropped: boolean;
}

/** The bars of one instrument and interval by start; the newest `capacity`, so memory is bounded. */
export class BarSeries {
  private bars: TimedBar[] = [];

  constructor(private readonly capacity: number) {}

  get all(): readonly TimedBar[] { return this.bars; }
  get length(): number { return this.bars.length; }
  get first(): TimedBar | undefined { return this.bars[0]; }
  get last(): TimedBar | undefined { return this.bars.at(-1); }
  get isFull(): boolean { return this.bars.length >= this.capacity; }

  at(start: number): Bar | undefined {
    const index = this.lowerBound(start);
    const found = this.bars[index];
    return found?.at === start ? found.bar : undefined;
  }

  /** The place of the first bar at or behind `start`. */
  lowerBound(start: number): number {
    let low = 0;
    let high = this.bars.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.bars[middle] as TimedBar).at < start) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  clear(): void { this.bars = []; }

  /** Each bar takes the place of the one with the same start, unless that one is a later revision. */
  merge(incoming: readonly Bar[]): Merged {
    const merged: Merged = { changed: [], inserted: false, dropped: false };
    const older: TimedBar[] = [];
    for (const bar of incoming) {
      const timed = { at: parseTime(bar.start), bar };
      if (Number.isNaN(timed.at)) continue;
      this.place(timed, older, merged);
    }
    if (older.length > 0) this.mergeOlder(older, merged);
    if (this.bars.length > this.capacity) {
      this.bars.splice(0, this.bars.length - this.capacity);
      merged.dropped = true;
    }
    return merged;
  }

  private place(timed: TimedBar, older: TimedBar[], merged: Merged): void {
    const last = this.last;
    if (!last || timed.at > last.at) {
      this.bars.push(timed);
      merged.changed.push(timed);
      return;
    }
    const index = this.lowerBound(timed.at);
    const present = this.bars[index];
    if (present?.at !== timed.at) {
      older.push(timed);
    } else if (!isOlder(timed.bar, present.bar)) {
      this.bars[index] = timed;
      merged.changed.push(timed);
    }
  }

  private mergeOlder(older: TimedBar[], merged: Merged): void {
    const byStart = new Map<number, TimedBar>();
    for (const timed of [...this.bars, ...older]) {
      const present = byStart.get(timed.at);
      if (!present || !isOlder(timed.bar, present.bar)) byStart.set(timed.at, timed);
    }
    this.bars = [...byStart.values()].sort((a, b) => a.at - b.at);
    merged.changed.push(...older);
    merged.inserted = true;
  }
}

/** An answer of the API may cross an update of the stream: the later state stays. */
function isOlder(bar: Bar, than: Bar): boolean {
  if (bar.state !== than.state) return bar.state === 'provisional';
  if (bar.state === 'final') return bar.revision < than.revision;
  return bar.trades < than.trades;
}
