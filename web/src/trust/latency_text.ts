// SPDX-License-Identifier: Apache-2.0
import type { Spread } from '../contract';
import { formatCount } from '../text/decimal';

/** In milliseconds; a measurement, so that it may be rounded. */
export function formatMs(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '\u2013';
  return ms >= 100 ? formatCount(Math.round(ms)) : ms.toFixed(1);
}

/** What there is no column for. */
export function detailsOf(meaning: string, spread: Spread | null): string {
  if (!spread) return `${meaning}: nothing measured yet`;
  const { p50, p90, p99, p999, max, count } = spread;
  const parts = [['p50', p50], ['p90', p90], ['p99', p99], ['p99.9', p999], ['max', max]] as const;
  return `${meaning}, of ${formatCount(count)} measured: ${parts.map(([name, ms]) => `${name} ${formatMs(ms)} ms`).join(', ')}`;
}
