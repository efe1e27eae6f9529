// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Instrument } from '../../src/contract';
import { againstWhat, columnName, isWholeDay, movedOf, overName } from '../../src/market/change';

const since = '2026-01-01T12:03:00.000000000Z';
const row = (price: string, from: string, percent: string | null, over = '24h'): Instrument =>
  ({ last: { price }, change: { from, since, over, percent } }) as Instrument;

describe('a change', () => {
  it('is what the server says, with its direction from the exact prices', () => {
    expect(movedOf(row('101', '100', '1.00'))).toEqual({ percent: '+1.00', direction: 1 });
    expect(movedOf(row('99.5', '100', '-0.50'))).toEqual({ percent: '\u22120.50', direction: -1 });
    expect(movedOf(row('80000.01', '80000', '0.00'))).toEqual({ percent: '0.00', direction: 1 });
    expect(movedOf(row('1', '0', null))).toBeNull();
    expect(movedOf({ ...row('1', '1', '0.00'), change: null })).toBeNull();
  });

  it('names over how long it is, in the column too once a day is known', () => {
    const day = row('1', '1', '0.00');
    const minutes = row('1', '1', '0.00', '5m');
    expect(overName(minutes.change!)).toBe('5 min');
    expect(overName(row('1', '1', '0.00', '0m').change!)).toBe('under 1 min');
    expect([day, minutes].map(({ change }) => isWholeDay(change!))).toEqual([true, false]);
    expect(columnName([minutes, day, { ...day, change: null }]).name).toBe('24 h %');
    expect(columnName([minutes, { ...day, change: null }])).toMatchObject({ name: 'Change %', title: expect.stringContaining('less than 24 hours') });
    expect(columnName([]).name).toBe('Change %');
  });

  it('says what it is against', () => {
    const words = (over: string): string => againstWhat(row('1', '1000.5', '0.00', over).change!, 2);
    expect(words('24h')).toMatch(/^against the first price of the last 24 hours, 1,000.50 at 2026-01-01 /);
    expect(words('23h')).toMatch(/^against the first price known here, 1,000.50 at .*: less than 24 hours ago$/);
  });
});
