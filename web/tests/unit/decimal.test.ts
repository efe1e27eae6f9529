// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import {
  compareDecimals, differenceOf, formatCount, formatDecimal, formatPadded, shortenDecimal, signedDecimal,
} from '../../src/text/decimal';

describe('formatDecimal', () => {
  it.each([
    ['0', 0, '0'], ['0', 2, '0.00'], ['1234', 0, '1,234'], ['1234567.8', 2, '1,234,567.80'],
    ['-1234.5', 2, '\u22121,234.50'], ['999', 0, '999'], ['1000', 0, '1,000'],
    ['0.00000001', 2, '0.00000001'],
  ])('writes %s with at least %i decimals as %s', (text, decimals, expected) => {
    expect(formatDecimal(text, decimals)).toBe(expected);
  });

  it('keeps every digit that a double would lose', () => {
    expect(formatDecimal('12345678901234567890.123456789012345678'))
      .toBe('12,345,678,901,234,567,890.123456789012345678');
    expect(formatDecimal('0.1')).toBe('0.1');
  });

  it('shows what is no decimal as it came', () => {
    expect(formatDecimal('n/a', 2)).toBe('n/a');
    expect(formatDecimal('1e5', 2)).toBe('1e5');
  });
});

it('keeps padding apart from digits', () => {
  expect(formatPadded('0.25', 8)).toEqual({ digits: '0.25', padding: '000000' });
  expect(formatPadded('12', 2)).toEqual({ digits: '12', padding: '.00' });
  expect(formatPadded('1.123', 2)).toEqual({ digits: '1.123', padding: '' });
});

it('cuts and says so, and never rounds', () => {
  expect(shortenDecimal('45116.95999999', 2)).toBe('45,116.95\u2026');
  expect(shortenDecimal('45116.9', 2)).toBe('45,116.90');
});

it('compares by value, not by text', () => {
  expect(compareDecimals('10', '9')).toBe(1);
  expect(compareDecimals('1.10', '1.1')).toBe(0);
  expect(compareDecimals('-2', '-1.5')).toBe(-1);
  expect(compareDecimals('9007199254740993', '9007199254740992')).toBe(1);
});

it('signs what is not zero', () => {
  expect(['1150.25', '-0.50', '0.00'].map(signedDecimal)).toEqual(['+1,150.25', '\u22120.50', '0.00']);
});

it('subtracts exactly', () => {
  expect(differenceOf('0.1', '0.3')).toBe('+0.2');
  expect(differenceOf('66484', '66483.96')).toBe('\u22120.04');
  expect(differenceOf('1', '1235')).toBe('+1,234');
  expect(differenceOf('5', '5.0')).toBe('+0');
});

it('groups counts', () => {
  expect(formatCount(1234567)).toBe('1,234,567');
});
