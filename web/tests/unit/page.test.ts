// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { KEYS, Keymap, SECTIONS } from '../../src/keys/keymap';
import { matching } from '../../src/keys/matching';
import { readView, writeView } from '../../src/state/address';
import { Frame } from '../../src/state/frame';
import { formatAge, parseTime, toServerTime, zoneName } from '../../src/text/time';

describe('the address', () => {
  it('brings back what was written', () => {
    for (const view of [
      { instrument: 'coinbase:BTC-USD', interval: '1m', range: { from: 60_000, to: 120_500 }, panel: 'explain' as const, start: 60_000 },
      { instrument: 'binance:X', interval: '1d', range: null, panel: 'bars' as const, start: null },
      { instrument: null, interval: null, range: null, panel: null, start: null },
    ]) expect(readView(writeView(view))).toEqual(view);
  });

  it('is readable', () => {
    expect(writeView({ instrument: 'coinbase:BTC-USD', interval: '1m', range: null, panel: null, start: null }))
      .toBe('?instrument=coinbase:BTC-USD&interval=1m');
  });

  it('passes over what makes no sense', () => {
    expect(readView('?from=x&to=y&panel=explain&start=never')).toMatchObject({ range: null, panel: null, start: null });
    expect(readView('?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z').range).toBeNull();
  });
});

describe('Keymap', () => {
  const press = (keymap: Keymap, key: string, at = 0, more = {}) =>
    keymap.press({ key, control: false, inText: false, at, ...more });

  it('goes to a section by g and its letter, within a moment', () => {
    for (const [letter, section] of SECTIONS) {
      const keymap = new Keymap();
      expect(press(keymap, 'g')).toBeNull();
      expect(press(keymap, letter, 1000)).toEqual({ kind: 'go', section });
    }
    const late = new Keymap();
    press(late, 'g');
    expect(press(late, 'l', 2000)).toEqual({ kind: 'legend' });
  });

  it('leaves text alone, except for the palette', () => {
    expect(press(new Keymap(), 'j', 0, { inText: true })).toBeNull();
    expect(press(new Keymap(), 'k', 0, { inText: true, control: true })).toEqual({ kind: 'palette' });
  });

  it('lists every key that it knows', () => {
    const listed = KEYS.flatMap(([keys]) => keys);
    for (const key of ['/', '?', 'l', 'd', 'j', 'k', '[', ']']) expect(listed).toContain(key);
  });
});

it('finds entries by all words, those that begin so first', () => {
  const entries = ['To legend', 'Legend', 'Keys'].map((name) => ({ name, kind: 'x', run: () => undefined }));
  expect(matching(entries, 'leg').map(({ name }) => name)).toEqual(['Legend', 'To legend']);
  expect(matching(entries, 'legend to').map(({ name }) => name)).toEqual(['To legend']);
  expect(matching(entries, '')).toHaveLength(3);
});

it('draws each part once per frame, however often it was marked', () => {
  const asked: (() => void)[] = [];
  const frame = new Frame<'a' | 'b'>((run) => { asked.push(run); });
  const drawn: string[] = [];
  frame.on('a', () => { drawn.push('a'); if (drawn.length === 1) frame.mark('b'); });
  frame.on('b', () => drawn.push('b'));
  for (let times = 0; times < 100; times += 1) frame.mark('a');
  expect(asked).toHaveLength(1);
  asked[0]?.();
  expect(drawn).toEqual(['a']);
  asked[1]?.();
  expect(drawn).toEqual(['a', 'b']);
});

describe('times', () => {
  it('reads nine digits and writes them', () => {
    expect(parseTime('2026-11-26T20:31:00.123456789Z')).toBe(Date.UTC(2026, 10, 26, 20, 31, 0, 123));
    expect(toServerTime(Date.UTC(2026, 10, 26, 20, 31, 0, 123))).toBe('2026-11-26T20:31:00.123000000Z');
    expect(parseTime('soon')).toBeNaN();
  });

  it('says ages in one unit and zones as people write them', () => {
    expect([0, 59_999, 60_000, 3_599_999, 3_600_000, 172_800_000, -5].map(formatAge))
      .toEqual(['0 s', '59 s', '1 min', '59 min', '1 h', '2 d', '0 s']);
    expect([0, 120, -210, 345].map(zoneName)).toEqual(['UTC', 'UTC+2', 'UTC\u22123:30', 'UTC+5:45']);
  });
});
