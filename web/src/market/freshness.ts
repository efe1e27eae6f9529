// SPDX-License-Identifier: Apache-2.0
// An age is judged by the feed's own rhythm: 5 s are long for one instrument and nothing for another.

export type Freshness = 'fresh' | 'slow' | 'stale' | 'unknown';

const SLOW_TIMES = 12;
const STALE_TIMES = 60;
const SLOW_MS_MIN = 5_000;
const STALE_MS_MIN = 20_000;
const WEIGHT = 0.1;

/** The mean time between what came, as far as it was seen; new values weigh a tenth. */
export class Rhythm {
  private lastAt: number | null = null;
  private mean: number | null = null;

  /** Something came at `at`; `perSecond` is the rate that the server measured, where it did. */
  came(at: number, perSecond: number | null): void {
    if (this.lastAt !== null && at > this.lastAt) {
      const step = at - this.lastAt;
      this.mean = this.mean === null ? step : this.mean + WEIGHT * (step - this.mean);
    }
    if (this.mean === null && perSecond !== null && perSecond > 0) this.mean = 1000 / perSecond;
    if (this.lastAt === null || at > this.lastAt) this.lastAt = at;
  }

  judge(age: number): Freshness {
    if (this.mean === null) return 'unknown';
    if (age > Math.max(STALE_MS_MIN, STALE_TIMES * this.mean)) return 'stale';
    if (age > Math.max(SLOW_MS_MIN, SLOW_TIMES * this.mean)) return 'slow';
    return 'fresh';
  }
}
