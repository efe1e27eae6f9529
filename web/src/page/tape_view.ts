// SPDX-License-Identifier: Apache-2.0
import type { Trade } from '../contract';
import type { Model } from '../state/model';
import { formatCount, formatDecimal, formatPadded } from '../text/decimal';
import { localDateTime, localTimeWithMillis, parseTime, zoneAt } from '../text/time';
import { h, part, setAttribute, setText } from './dom';
import { type Row, WindowedList } from './windowed_list';

const ROW_HEIGHT = 22;

/** The newest trades of the chosen instrument. */
export class TapeView {
  private readonly rows: WindowedList<Trade>;
  private readonly list: HTMLElement;
  private readonly empty: HTMLElement;
  private readonly note = part('tape-note');

  constructor(private readonly model: Model) {
    const columns = h('div', { class: 'tape-columns', role: 'row' },
      ...['Time', 'Price', 'Size', ''].map((name) =>
        h('span', { role: 'columnheader' }, name === '' ? hiddenWord('Flags') : name)));
    this.list = h('div', { class: 'tape-list', role: 'rowgroup', tabindex: 0, 'aria-label': 'Trades' });
    this.empty = h('div', { class: 'empty' }, h('p', {}, 'The newest trades stand here, newest first.'));
    this.empty.hidden = true;
    const table = h('div', { class: 'panel-body', role: 'table', 'aria-label': 'Tape' }, columns, this.list);
    part('tape-body').append(table, this.empty);
    this.rows = new WindowedList(this.list, { rowHeight: ROW_HEIGHT, makeRow: () => this.makeRow() });
  }

  draw(): void {
    const waits = !this.model.tapeLoaded && this.model.view.instrument !== null;
    const instruments = this.model.instruments;
    if (waits || !instruments) return;
    document.querySelector('#tape .skeleton')?.remove();
    const trades = this.model.tape.all;
    this.empty.hidden = trades.length > 0;
    (this.list.parentElement as HTMLElement).hidden = trades.length === 0;
    const { leftOut } = this.model.tape;
    setText(this.note, leftOut > 0 ? `${formatCount(leftOut)} came too fast to list` : '');
    this.rows.show(trades);
  }

  private makeRow(): Row<Trade> {
    const time = h('span', { class: 'tape-time', role: 'cell' });
    const price = h('span', { role: 'cell' }, h('i', { class: 'direction', 'aria-hidden': 'true' }));
    const priceText = h('span');
    const side = h('span', { class: 'visually-hidden' });
    price.append(priceText, side);
    const digits = document.createTextNode('');
    const padding = h('span', { class: 'padding' });
    const size = h('span', { role: 'cell' }, digits, padding);
    const flag = h('span', { class: 'tape-flag', role: 'cell' });
    const element = h('div', { class: 'tape-row', role: 'row' }, time, price, size, flag);
    const show = (trade: Trade): void => {
      const selected = this.model.selected;
      const at = parseTime(trade.ts_event);
      if (setText(time, localTimeWithMillis(at))) {
        setAttribute(time, 'title', `${localDateTime(at)} ${zoneAt(at)}, ${trade.ts_event}`);
      }
      setText(priceText, formatDecimal(trade.price, selected?.price_decimals ?? 0));
      setAttribute(price, 'data-direction', trade.side === 'buy' ? 1 : trade.side === 'sell' ? -1 : 0);
      setText(side, ` ${trade.side ?? 'unknown'}`);
      const padded = trade.size === null
        ? { digits: '\u2013', padding: '' }
        : formatPadded(trade.size, selected?.size_decimals ?? 0);
      if (digits.data !== padded.digits) digits.data = padded.digits;
      setText(padding, padded.padding);
      showFlags(flag, trade.flags);
      setAttribute(element, 'data-id', trade.trade_id);
    };
    return { element, show };
  }
}

function showFlags(cell: HTMLElement, flags: readonly string[]): void {
  const text = flags.join(', ');
  if (cell.title === text) return;
  cell.title = text;
  cell.replaceChildren();
  if (flags.length > 0) {
    cell.append(h('i', { class: 'dot', 'aria-hidden': 'true' }), hiddenWord(text));
  }
}

function hiddenWord(text: string): HTMLElement {
  return h('span', { class: 'visually-hidden' }, text);
}
