// SPDX-License-Identifier: Apache-2.0
import type { Bar, Instrument, VenueCandle } from '../contract';
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

export interface ReadoutOf { at: number; bar: Bar | null; theirs: VenueCandle | null; instrument: Instrument; stepMs: number }

/** What stands beside the numbers where the venue, and not our trades, says them. */
export const THEIR_OWN = "the venue's own candle";

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
    setText(this.revision, of.bar ? revisionText(of.bar) : of.theirs ? THEIR_OWN : 'no bar in this window');
    setAttribute(this.revision, 'title', of.bar || !of.theirs ? null
      : 'It is from before our first bar: none of our trades made it, and no bar of ours is made of it.');
  }

  clear(): void { this.root.replaceChildren(); }
}

function valuesOf({ bar, theirs, instrument }: ReadoutOf): Record<Field, string> {
  const said = bar ?? theirs;
  const price = (text: string | null | undefined): string =>
    text === undefined || text === null ? '\u2013' : formatDecimal(text, instrument.price_decimals);
  return {
    O: price(said?.open), H: price(said?.high), L: price(said?.low), C: price(said?.close),
    Volume: said?.volume ? formatDecimal(said.volume) : '\u2013',
    Trades: said && said.trades !== null ? formatCount(said.trades) : '\u2013',
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
export function spokenBar(of: ReadoutOf): string {
  const { at, bar, stepMs } = of;
  if (!bar) return `${startLabel(at, stepMs)}: no bar`;
  const values = valuesOf(of);
  return `${startLabel(at, stepMs)}: open ${values.O}, high ${values.H}, low ${values.L}, `
    + `close ${values.C}, ${values.Trades} trades, ${bar.quality} ${revisionText(bar)}`;
}
