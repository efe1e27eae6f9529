// SPDX-License-Identifier: Apache-2.0
const FIRST_MS = 250;
const LONGEST_MS = 5_000;

/** How long to wait before attempt `attempt` (from 0): doubling, with up to a quarter less. */
export function backoffMs(attempt: number, random: number): number {
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return Math.round(whole * (1 - random / 4));
}
