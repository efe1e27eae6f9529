// SPDX-License-Identifier: Apache-2.0
const UNITS: Record<string, number> = {
  ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000,
};

/** "5m" in milliseconds; null where it is no interval of time. */
export function intervalMs(interval: string): number | null {
  const match = /^(\d+)(ms|s|m|h|d)$/.exec(interval);
  const unit = match && UNITS[match[2] ?? ''];
  return unit ? Number(match[1]) * unit : null;
}

const NAMES: Record<string, string> = { s: 'second', m: 'minute', h: 'hour', d: 'day' };

/** "5m" as it is spoken: "5 minutes". */
export function intervalName(interval: string): string {
  const match = /^(\d+)([smhd])$/.exec(interval);
  const name = match && NAMES[match[2] ?? ''];
  return name ? `${match[1]} ${name}${match[1] === '1' ? '' : 's'}` : interval;
}
