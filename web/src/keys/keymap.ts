// SPDX-License-Identifier: Apache-2.0
// Keys for the whole page. Lists and the chart have their own, which come first.

export const SECTIONS: [string, string, string][] = [
  ['p', 'prices', 'Prices'], ['c', 'chart', 'Chart'], ['t', 'tape', 'Tape'], ['s', 'sum', 'Sum of all items'],
  ['h', 'holes', 'Holes and coverage'], ['f', 'feeds', 'Feeds'], ['l', 'latency', 'Latency'],
];

export const KEYS: [string[], string][] = [
  [['/'], 'search instruments'],
  [['j', 'k'], 'next and previous instrument, or row of a list'],
  [['[', ']'], 'shorter and longer interval'],
  [['g', 'p'], 'go to prices; likewise c chart, t tape, s sum, h holes, f feeds, l latency'],
  [['g', 'b'], 'the bars as a table'],
  [['\u2190', '\u2192'], 'in the chart: from bar to bar'],
  [['+', '\u2212'], 'in the chart: zoom'],
  [['End'], 'in the chart: to now'],
  [['Enter'], 'in the chart: explain this bar'],
  [['l'], 'legend'],
  [['d'], 'light, dark, or as the system'],
  [['Ctrl', 'K'], 'everything'],
  [['?'], 'these keys'],
  [['Esc'], 'close'],
];

export type Command =
  | { kind: 'go'; section: string }
  | { kind: 'search' | 'bars' | 'legend' | 'keys' | 'palette' | 'theme' | 'close' }
  | { kind: 'instrument' | 'interval'; by: 1 | -1 };

const SINGLE: Record<string, Command> = {
  '/': { kind: 'search' }, '?': { kind: 'keys' }, l: { kind: 'legend' }, d: { kind: 'theme' },
  j: { kind: 'instrument', by: 1 }, k: { kind: 'instrument', by: -1 },
  '[': { kind: 'interval', by: -1 }, ']': { kind: 'interval', by: 1 }, Escape: { kind: 'close' },
};
const SEQUENCE_MS = 1_500;

export interface Pressed { key: string; control: boolean; inText: boolean; at: number }

/** Turns keys into commands; `g` waits for a letter. */
export class Keymap {
  private wentAt: number | null = null;

  press({ key, control, inText, at }: Pressed): Command | null {
    if (control) return key.toLowerCase() === 'k' ? { kind: 'palette' } : null;
    if (inText) return null;
    if (this.wentAt !== null && at - this.wentAt <= SEQUENCE_MS) {
      this.wentAt = null;
      const section = SECTIONS.find(([letter]) => letter === key);
      if (section) return { kind: 'go', section: section[1] };
      if (key === 'b') return { kind: 'bars' };
    }
    this.wentAt = key === 'g' ? at : null;
    return SINGLE[key] ?? null;
  }
}
