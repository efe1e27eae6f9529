// SPDX-License-Identifier: Apache-2.0
import type { Bar } from '../contract';

export const BAR_FIELDS = [
  'open', 'high', 'low', 'close', 'volume', 'buy_volume', 'vwap', 'trades', 'first_id', 'last_id',
  'quality',
] as const;
export type BarField = (typeof BAR_FIELDS)[number];

/** The fields in which a revision differs from the one before it. */
export function changedFields(before: Bar, after: Bar): BarField[] {
  return BAR_FIELDS.filter((field) => before[field] !== after[field]);
}
