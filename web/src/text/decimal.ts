// SPDX-License-Identifier: Apache-2.0
// Decimals are texts from the venue to the screen: nothing here makes a double of one.

interface Parts { negative: boolean; whole: string; fraction: string }

const SHAPE = /^(-?)(\d+)(?:\.(\d+))?$/;

function split(text: string): Parts | null {
  const match = SHAPE.exec(text);
  if (!match) return null;
  return { negative: match[1] === '-', whole: match[2] ?? '0', fraction: match[3] ?? '' };
}

function grouped(whole: string): string {
  return whole.replace(/\B(?=(\d{3})+$)/g, ',');
}

const MINUS = '\u2212';

function join(parts: Parts, fraction: string): string {
  const sign = parts.negative ? MINUS : '';
  return sign + grouped(parts.whole) + (fraction === '' ? '' : `.${fraction}`);
}

/** All digits that the text has, at least `decimals` behind the point, thousands separated. */
export function formatDecimal(text: string, decimals = 0): string {
  const parts = split(text);
  return parts ? join(parts, parts.fraction.padEnd(decimals, '0')) : text;
}

/** Like formatDecimal, but with what only pads kept apart, so that it can be shown fainter. */
export function formatPadded(text: string, decimals: number): { digits: string; padding: string } {
  const parts = split(text);
  if (!parts) return { digits: text, padding: '' };
  const digits = join(parts, parts.fraction);
  const missing = Math.max(0, decimals - parts.fraction.length);
  const point = parts.fraction === '' && missing > 0 ? '.' : '';
  return { digits, padding: point + '0'.repeat(missing) };
}

/** At most `decimals` digits behind the point; an ellipsis says that there are more. */
export function shortenDecimal(text: string, decimals: number): string {
  const parts = split(text);
  if (!parts) return text;
  if (parts.fraction.length <= decimals) return join(parts, parts.fraction.padEnd(decimals, '0'));
  return `${join(parts, parts.fraction.slice(0, decimals))}\u2026`;
}

function mantissa(parts: Parts, scale: number): bigint {
  const value = BigInt(parts.whole + parts.fraction.padEnd(scale, '0'));
  return parts.negative ? -value : value;
}

function aligned(left: string, right: string): [bigint, bigint] | null {
  const a = split(left);
  const b = split(right);
  if (!a || !b) return null;
  const scale = Math.max(a.fraction.length, b.fraction.length);
  return [mantissa(a, scale), mantissa(b, scale)];
}

/** -1, 0 or 1; 0 also where one of them is no decimal. */
export function compareDecimals(left: string, right: string): -1 | 0 | 1 {
  const pair = aligned(left, right);
  if (!pair || pair[0] === pair[1]) return 0;
  return pair[0] < pair[1] ? -1 : 1;
}

/** With its sign, unless it is zero. */
export function signedDecimal(text: string): string {
  return compareDecimals(text, '0') > 0 ? `+${formatDecimal(text)}` : formatDecimal(text);
}

/** `to` - `from`, signed, exact. */
export function differenceOf(from: string, to: string): string | null {
  const a = split(from);
  const b = split(to);
  if (!a || !b) return null;
  const scale = Math.max(a.fraction.length, b.fraction.length);
  const difference = mantissa(b, scale) - mantissa(a, scale);
  const digits = (difference < 0n ? -difference : difference).toString().padStart(scale + 1, '0');
  const whole = grouped(digits.slice(0, digits.length - scale));
  const fraction = scale === 0 ? '' : digits.slice(-scale).replace(/0+$/, '');
  const sign = difference < 0n ? MINUS : '+';
  return sign + whole + (fraction === '' ? '' : `.${fraction}`);
}

/** A count below 2^53. */
export function formatCount(count: number): string {
  return formatDecimal(String(count));
}

/** "1 id", "1,234 ids". */
export function countOf(count: number, name: string): string {
  return `${formatCount(count)} ${name}${count === 1 ? '' : 's'}`;
}

/** For pixels only: where on an axis the text lies. */
export function toPixelValue(text: string | null): number {
  return text === null ? 0 : Number(text);
}
