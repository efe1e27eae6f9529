// SPDX-License-Identifier: Apache-2.0
// An age is judged by the feed's own rhythm: 5 s are long for one instrument and nothing for another.

export type Freshness = 'fresh' | 'slow' | 'stale' | 'unknown';

const SLOW_TIMES = 3;
const STALE_TIMES = 10;
const SLOW_MS_MIN = 5_000;
const STALE_MS_MIN = 20_000;
/** After so long a pause counts for half: what was usual in a burst is not what is usual. */
const HALF_LIFE_MS = 300_000;
/** Until so many pauses were seen, or for so long, EARLY_MS is taken for usual: it may have begun with a burst. */
const SEEN_MIN = 30;
const WATCHED_MS = 60_000;
const EARLY_MS = 10_000;

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
    const isEarly = this.seen < SEEN_MIN && this.lastAt - this.firstAt < WATCHED_MS;
    const usual = isEarly ? Math.max(this.longest, EARLY_MS) : this.longest;
    if (age > Math.max(STALE_MS_MIN, STALE_TIMES * usual)) return 'stale';
    if (age > Math.max(SLOW_MS_MIN, SLOW_TIMES * usual)) return 'slow';
    return 'fresh';
  }
}
