// SPDX-License-Identifier: Apache-2.0
// What the change of a price is against: 24 hours ago, or the first price that is known.
import type { Change, Instrument } from '../contract';
import { compareDecimals, formatDecimal, signedDecimal } from '../text/decimal';
import { localDateTime, parseTime, zoneAt } from '../text/time';

export interface Moved { percent: string; direction: -1 | 0 | 1 }

const WHOLE_DAY = '24h';

export function movedOf({ change, last }: Instrument): Moved | null {
  if (!change || !last || change.percent === null) return null;
  const direction = compareDecimals(last.price, change.from);
  return { percent: signedDecimal(change.percent), direction };
}

/** "24 h", "5 min", "under 1 min". */
export function overName({ over }: Change): string {
  return over === '0m' ? 'under 1 min' : over.replace(/m$/, ' min').replace(/h$/, ' h');
}

/** Whether it is against the price of 24 hours ago, and not of less. */
export function isWholeDay(change: Change): boolean { return change.over === WHOLE_DAY; }

/** What stands over a column of changes, in which one that is over less is shown fainter. */
export function columnName(instruments: Iterable<Instrument>): { name: string; title: string } {
  const reachesBack = [...instruments].some(({ change }) => change !== null && isWholeDay(change));
  return reachesBack
    ? { name: '24 h %', title: 'against the first price of the last 24 hours; fainter: of less' }
    : { name: 'Change %', title: 'against the first price that is known: less than 24 hours ago' };
}

/** In words, with the price and the time. */
export function againstWhat(change: Change, decimals: number): string {
  const at = parseTime(change.since);
  const from = `${formatDecimal(change.from, decimals)} at ${localDateTime(at)} ${zoneAt(at)}`;
  return isWholeDay(change)
    ? `against the first price of the last 24 hours, ${from}`
    : `against the first price known here, ${from}: less than 24 hours ago`;
}
