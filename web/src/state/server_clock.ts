// SPDX-License-Identifier: Apache-2.0

/** So long the best of what was heard counts at least, and at most twice as long. */
export const KEPT_MS = 30_000;

/**
 * The server's clock, from the times that its messages bear. What comes late makes it seem to be behind, never
 * ahead: the message with the greatest difference was the quickest. It is forgotten by and by, since clocks drift.
 */
export class ServerClock {
  private best = -Infinity;
  private bestBefore = -Infinity;
  private since: number | null = null;

  /** A message that was sent at `serverTime`, or later, is here at `now` by this machine's clock. */
  heard(serverTime: number, now: number): void {
    if (Number.isNaN(serverTime)) return;
    this.since ??= now;
    const passed = Math.abs(now - this.since);
    if (passed >= KEPT_MS) {
      this.bestBefore = passed < 2 * KEPT_MS ? this.best : -Infinity;
      this.best = -Infinity;
      this.since = now;
    }
    this.best = Math.max(this.best, serverTime - now);
  }

  /** Another server: its clock is another one. */
  forget(): void {
    this.best = this.bestBefore = -Infinity;
    this.since = null;
  }

  /** How far it is ahead of this machine's. */
  get offset(): number {
    const best = Math.max(this.best, this.bestBefore);
    return best === -Infinity ? 0 : best;
  }
}
