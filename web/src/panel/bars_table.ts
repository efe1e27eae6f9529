// SPDX-License-Identifier: Apache-2.0
import type { TimedBar } from '../market/bar_series';
import { h, setAttribute, setText } from '../page/dom';
import { qualityMark, showQuality } from '../page/quality_mark';
import { type Row, WindowedList } from '../page/windowed_list';
import type { Model } from '../state/model';
import { formatCount, formatDecimal } from '../text/decimal';
import { localDate, localTime, toServerTime, zoneAt } from '../text/time';

const COLUMNS = ['Start', 'Open', 'High', 'Low', 'Close', 'Trades', ''];
const ROW_HEIGHT = 24;

/** The chart's bars as text, newest first: for those who read rather than look, and for copying. */
export class BarsTable {
  readonly body: HTMLElement;
  private readonly list: HTMLElement;
  private readonly rows: WindowedList<TimedBar>;
  private shown: TimedBar[] = [];
  private active = 0;

  constructor(private readonly model: Model, private readonly explain: (start: number) => void) {
    const columns = h('div', { class: 'bar-columns', role: 'row' }, ...COLUMNS.map((name) =>
      h('span', { role: 'columnheader' }, name === '' ? h('span', { class: 'visually-hidden' }, 'Quality') : name)));
    this.list = h('div', { class: 'bar-list', role: 'rowgroup', tabindex: 0, 'aria-label': 'Bars, newest first' });
    const table = h('div', { class: 'panel-body', role: 'table', 'aria-label': 'Bars' }, columns, this.list);
    table.style.flex = '1';
    this.body = h('div', { class: 'side-body' }, table);
    this.rows = new WindowedList(this.list, { rowHeight: ROW_HEIGHT, makeRow: () => this.makeRow() });
    this.list.addEventListener('keydown', (event) => this.key(event));
  }

  draw(): void {
    this.shown = [...this.model.bars.all].reverse();
    this.rows.show(this.shown);
  }

  private key(event: KeyboardEvent): void {
    const by = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: 15, PageUp: -15 }[event.key];
    if (by !== undefined) {
      this.active = Math.min(this.shown.length - 1, Math.max(0, this.active + by));
      this.rows.reveal(this.active);
    } else if (event.key === 'Enter') {
      const timed = this.shown[this.active];
      if (timed) this.explain(timed.at);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  private makeRow(): Row<TimedBar> {
    const cells = COLUMNS.slice(0, -1).map(() => h('span', { role: 'cell' }));
    const mark = qualityMark();
    const element = h('div', { class: 'bar-row', role: 'row' }, ...cells, h('span', { role: 'cell' }, mark));
    let start = 0;
    element.addEventListener('click', () => this.explain(start));
    return {
      element,
      show: ({ at, bar }, index) => {
        start = at;
        const decimals = this.model.selected?.price_decimals ?? 0;
        const texts = [
          this.model.view.interval === '1d' ? localDate(at).slice(5) : localTime(at),
          ...[bar.open, bar.high, bar.low, bar.close].map((price) => (price === null ? '\u2013' : formatDecimal(price, decimals))),
          formatCount(bar.trades),
        ];
        cells.forEach((cell, column) => setText(cell, texts[column] ?? ''));
        showQuality(mark, bar.quality, { isOpen: bar.state === 'provisional' });
        setAttribute(element, 'title', `${localDate(at)} ${localTime(at)} ${zoneAt(at)}, ${toServerTime(at)}`);
        setAttribute(element, 'data-start', bar.start);
        setAttribute(element, 'data-bar', JSON.stringify(bar));
        element.classList.toggle('is-active', index === this.active);
      },
    };
  }
}
