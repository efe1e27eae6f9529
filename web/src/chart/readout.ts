// SPDX-License-Identifier: Apache-2.0
import type { Bar, Instrument } from '../contract';
import { h, part, setAttribute, setText } from '../page/dom';
import { qualityMark, showQuality } from '../page/quality_mark';
import { formatCount, formatDecimal, shortenDecimal } from '../text/decimal';
import { localDate, toServerTime, zoneAt } from '../text/time';
import { startLabel } from './time_labels';

const FIELDS = ['O', 'H', 'L', 'C', 'Volume', 'Trades', 'VWAP'] as const;
type Field = (typeof FIELDS)[number];
const LONG: Record<Field, string> = {
  O: 'Open', H: 'High', L: 'Low', C: 'Close', Volume: 'Volume', Trades: 'Trades', VWAP: 'VWAP',
};

export interface ReadoutOf { at: number; bar: Bar | null; instrument: Instrument; stepMs: number }

/** One bar in words and numbers, above the chart. */
export class Readout {
  private readonly root = part('readout');
  private readonly time = h('span');
  private readonly mark = qualityMark(true);
  private readonly revision = h('span');
  private readonly values = new Map<Field, HTMLElement>();
  private readonly fields: HTMLElement[];

  constructor() {
    this.fields = FIELDS.map((name) => {
      const value = h('b');
      this.values.set(name, value);
      return h('span', { title: LONG[name] }, name, value);
    });
  }

  show(of: ReadoutOf): void {
    if (!this.time.isConnected) {
      this.root.replaceChildren(this.time, ...this.fields.slice(0, 4),
        h('i', { class: 'break' }), ...this.fields.slice(4), this.mark, this.revision);
    }
    setText(this.time, shortStart(of.at, of.stepMs));
    setAttribute(this.time, 'title', `${zoneAt(of.at)}; ${toServerTime(of.at)}`);
    for (const [name, text] of Object.entries(valuesOf(of))) {
      setText(this.values.get(name as Field) as HTMLElement, text);
    }
    setAttribute(this.values.get('VWAP') as HTMLElement, 'title', of.bar?.vwap);
    this.mark.hidden = of.bar === null;
    if (of.bar) showQuality(this.mark, of.bar.quality, { isOpen: of.bar.state === 'provisional' });
    setText(this.revision, of.bar ? revisionText(of.bar) : 'no bar in this window');
  }

  clear(): void { this.root.replaceChildren(); }
}

function valuesOf({ bar, instrument }: ReadoutOf): Record<Field, string> {
  const price = (text: string | null | undefined): string =>
    text === undefined || text === null ? '\u2013' : formatDecimal(text, instrument.price_decimals);
  return {
    O: price(bar?.open), H: price(bar?.high), L: price(bar?.low), C: price(bar?.close),
    Volume: bar?.volume ? formatDecimal(bar.volume) : '\u2013',
    Trades: bar ? formatCount(bar.trades) : '\u2013',
    VWAP: bar?.vwap ? shortenDecimal(bar.vwap, instrument.price_decimals) : '\u2013',
  };
}

/** Today's bars need no date. */
function shortStart(at: number, stepMs: number): string {
  const label = startLabel(at, stepMs);
  const today = `${localDate(Date.now())} `;
  return label.startsWith(today) ? label.slice(today.length) : label;
}

/** "revision 2, backfill"; nothing for a bar that never changed. */
export function revisionText(bar: Bar): string {
  if (bar.revision === 0) return '';
  return `revision ${bar.revision}${bar.cause ? `, ${bar.cause.replaceAll('_', ' ')}` : ''}`;
}

/** The same for a screen reader. */
export function spokenBar({ at, bar, instrument, stepMs }: ReadoutOf): string {
  if (!bar) return `${startLabel(at, stepMs)}: no bar`;
  const values = valuesOf({ at, bar, instrument, stepMs });
  return `${startLabel(at, stepMs)}: open ${values.O}, high ${values.H}, low ${values.L}, `
    + `close ${values.C}, ${values.Trades} trades, ${bar.quality} ${revisionText(bar)}`;
}
