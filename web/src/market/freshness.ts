// SPDX-License-Identifier: Apache-2.0
// An age is judged by the feed's own rhythm: 5 s are long for one instrument and nothing for another.

import type { LastTrade } from '../contract';
import { parseTime } from '../text/time';

export type Freshness = 'fresh' | 'slow' | 'stale' | 'unknown';

const SLOW_TIMES = 3;
const STALE_TIMES = 10;
const SLOW_MS_MIN = 5_000;
const STALE_MS_MIN = 20_000;
/** After so long a pause counts for half: what was usual in a burst is not what is usual. */
const HALF_LIFE_MS = 300_000;
/** Until so many pauses were seen, and over so long, EARLY_MS is taken for usual: it may have begun with a burst. */
const SEEN_MIN = 30;
const WATCHED_MS = 60_000;
const EARLY_MS = 10_000;

/** When it was traded, by the venue; no later than its receipt, since a venue's clock may be ahead. What is shown
 * again at subscription is received now, and may be hours old. */
export function tradedAt(last: LastTrade): number {
  const at = parseTime(last.ts_event);
  return last.ts_recv === null ? at : Math.min(at, parseTime(last.ts_recv));
}

/** The longest pause between what came, of late. */
export class Rhythm {
  private firstAt: number | null = null;
  private lastAt: number | null = null;
  private longest: number | null = null;
  private seen = 0;

  /** Something came at `at`. */
  came(at: number): void {
    if (this.lastAt !== null && at > this.lastAt) {
      const pause = at - this.lastAt;
      this.longest = Math.max(pause, (this.longest ?? 0) * 0.5 ** (pause / HALF_LIFE_MS));
      this.seen += 1;
    }
    this.firstAt ??= at;
    if (this.lastAt === null || at > this.lastAt) this.lastAt = at;
  }

  judge(age: number): Freshness {
    if (this.longest === null || this.firstAt === null || this.lastAt === null) return 'unknown';
    const isEarly = this.seen < SEEN_MIN || this.lastAt - this.firstAt < WATCHED_MS;
    const usual = isEarly ? Math.max(this.longest, EARLY_MS) : this.longest;
    if (age > Math.max(STALE_MS_MIN, STALE_TIMES * usual)) return 'stale';
    if (age > Math.max(SLOW_MS_MIN, SLOW_TIMES * usual)) return 'slow';
    return 'fresh';
  }
}
