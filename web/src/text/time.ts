// SPDX-License-Identifier: Apache-2.0
// Times come as RFC 3339 UTC with nine digits; the page shows them local and says the zone.

/** Milliseconds since 1970; finer digits are cut, NaN where the text is no time. */
export function parseTime(text: string): number {
  return Date.parse(text.replace(/(\.\d{3})\d+/, '$1'));
}

const pad = (value: number, digits = 2): string => String(value).padStart(digits, '0');

export function localTime(ms: number): string {
  const date = new Date(ms);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

export function localTimeWithMillis(ms: number): string {
  return `${localTime(ms)}.${pad(new Date(ms).getMilliseconds(), 3)}`;
}

export function localDate(ms: number): string {
  const date = new Date(ms);
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

export function localDateTime(ms: number): string {
  return `${localDate(ms)} ${localTime(ms)}`;
}

/** "UTC", "UTC+2" or "UTC-3:30", as it is at that time. */
export function zoneAt(ms: number): string {
  return zoneName(-new Date(ms).getTimezoneOffset());
}

export function zoneName(minutesEast: number): string {
  if (minutesEast === 0) return 'UTC';
  const absolute = Math.abs(minutesEast);
  const minutes = absolute % 60;
  const hours = Math.floor(absolute / 60);
  return `UTC${minutesEast < 0 ? '\u2212' : '+'}${hours}${minutes ? `:${pad(minutes)}` : ''}`;
}

/** "0 s", "59 s", "3 min", "2 h", "4 d": one unit, cut. */
export function formatAge(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** 2026-11-26T20:31:00.000000000Z, as the server writes it. */
export function toServerTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000000Z');
}
