// SPDX-License-Identifier: Apache-2.0
import { TickMarkType } from 'lightweight-charts';
import { localDate, localDateTime, localTime } from '../text/time';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** What stands under a line of the grid, in local time. */
export function tickLabel(seconds: number, type: TickMarkType): string {
  const ms = seconds * 1000;
  const date = new Date(ms);
  if (type === TickMarkType.Year) return String(date.getFullYear());
  if (type === TickMarkType.Month) return MONTHS[date.getMonth()] ?? '';
  if (type === TickMarkType.DayOfMonth) return `${date.getDate()} ${MONTHS[date.getMonth()]}`;
  if (type === TickMarkType.TimeWithSeconds) return localTime(ms);
  return localTime(ms).slice(0, 5);
}

/** When a bar began, as exactly as its interval needs. */
export function startLabel(ms: number, stepMs: number): string {
  if (stepMs >= 86_400_000) return localDate(ms);
  return stepMs >= 60_000 ? localDateTime(ms).slice(0, 16) : localDateTime(ms);
}
