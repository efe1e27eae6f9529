// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { KEPT_MS, ServerClock } from '../../src/state/server_clock';

describe('ServerClock', () => {
  /** A server that is `ahead`, whose message took `delay` and is here at `now`. */
  const hear = (clock: ServerClock, now: number, ahead: number, delay: number): number => {
    clock.heard(now - delay + ahead, now);
    return clock.offset;
  };

  it('trusts the quickest message, whenever it came', () => {
    const clock = new ServerClock();
    expect(clock.offset).toBe(0);
    expect(hear(clock, 2_000, 0, 2_000), 'the greeting was slow').toBe(-2_000);
    expect(hear(clock, 2_500, 0, 3)).toBe(-3);
    expect(hear(clock, 3_000, 0, 900), 'a slow one later changes nothing').toBe(-3);
  });

  it('follows a clock that drifts, either way', () => {
    for (const drift of [-0.001, 0.001]) {
      const clock = new ServerClock();
      for (let now = 0; now <= 20 * KEPT_MS; now += 500) {
        const ahead = 5_000 + drift * now;
        const delay = now % 7_000 === 0 ? 1 : 40;
        const offset = hear(clock, now, ahead, delay);
        expect(Math.abs(offset - ahead)).toBeLessThanOrEqual(40 + 2 * KEPT_MS * Math.abs(drift));
      }
    }
  });

  it('keeps the quickest for a while, and then no longer', () => {
    const clock = new ServerClock();
    hear(clock, 0, 0, 0);
    for (let now = 500; now < KEPT_MS; now += 500) expect(hear(clock, now, -4_000, 10)).toBe(0);
    for (let now = KEPT_MS; now < 2 * KEPT_MS; now += 500) hear(clock, now, -4_000, 10);
    expect(hear(clock, 2 * KEPT_MS, -4_000, 10)).toBe(-4_010);
  });

  it('holds nothing of before a long silence, nor of before its own machine was set back', () => {
    for (const now of [10 * KEPT_MS, -10 * KEPT_MS]) {
      const clock = new ServerClock();
      hear(clock, 0, 0, 0);
      expect(hear(clock, now, -4_000, 10)).toBe(-4_010);
    }
  });

  it('passes over what is no time, and forgets', () => {
    const clock = new ServerClock();
    hear(clock, 0, 7, 0);
    clock.heard(NaN, 1);
    expect(clock.offset).toBe(7);
    clock.forget();
    expect(hear(clock, 2, -7, 0)).toBe(-7);
  });
});
