// SPDX-License-Identifier: Apache-2.0
import type { Instrument } from '../contract';
import { againstWhat, columnName, isWholeDay, movedOf } from '../market/change';
import { tradedAt } from '../market/freshness';
import { inOrder } from '../market/opening';
import type { Model } from '../state/model';
import { compareDecimals, formatDecimal } from '../text/decimal';
import { formatAge, localDateTime, zoneAt } from '../text/time';
import type { Actions } from './actions';
import { flash, h, part, setAttribute, setText } from './dom';
import { lastBar, qualityMark, showQuality } from './quality_mark';
import { type Row, WindowedList } from './windowed_list';

const ROW_HEIGHT = 36;
const COLUMNS = ['Instrument', 'Price', 'Change %', 'Per s', 'Age'];
const CHANGE_COLUMN = 2;

/** The list of instruments: a listbox, whose options read as "BTC-USD coinbase 67,000.12 up 1.2 %". */
export class Prices {
  private readonly list: HTMLElement;
  private readonly rows: WindowedList<Instrument>;
  private readonly empty: HTMLElement;
  private readonly columns: HTMLElement;
  private readonly search = part('search') as HTMLInputElement;
  private shown: Instrument[] = [];
  private active = 0;
  private areDaysWhole = false;

  constructor(private readonly model: Model, private readonly actions: Actions) {
    this.columns = h('div', { class: 'columns', 'aria-hidden': 'true' },
      ...COLUMNS.map((name) => h('span', {}, name)));
    this.list = h('div', {
      class: 'price-list', role: 'listbox', tabindex: 0, 'aria-label': 'Instruments',
    });
    this.empty = emptyState();
    part('prices-body').replaceChildren(this.columns, this.list, this.empty);
    this.rows = new WindowedList(this.list, { rowHeight: ROW_HEIGHT, makeRow: () => this.makeRow() });
    this.search.addEventListener('input', () => { this.active = 0; this.draw(); });
    this.search.addEventListener('keydown', (event) => this.searchKey(event));
    this.list.addEventListener('keydown', (event) => this.listKey(event));
    this.list.addEventListener('focus', () => this.draw());
    this.columns.hidden = this.list.hidden = this.empty.hidden = true;
  }

  /** Moves to the next instrument (or the one before) and shows it. */
  step(by: number): void {
    const at = this.shown.findIndex((row) => row.instrument === this.model.view.instrument);
    this.active = Math.min(this.shown.length - 1, Math.max(0, at + by));
    const chosen = this.shown[this.active];
    if (chosen) this.actions.select(chosen.instrument);
    this.rows.reveal(this.active);
  }

  draw(): void {
    const instruments = this.model.instruments;
    if (!instruments) return;
    document.querySelector('#prices .skeleton')?.remove();
    const wanted = this.search.value.trim().toLowerCase();
    this.shown = inOrder(instruments.values()).filter((row) =>
      row.instrument.toLowerCase().includes(wanted));
    const isEmpty = instruments.size === 0;
    const column = this.columns.children[CHANGE_COLUMN] as HTMLElement;
    const { name, title } = columnName(instruments.values());
    setText(column, name);
    setAttribute(column, 'title', title);
    this.areDaysWhole = name !== COLUMNS[CHANGE_COLUMN];
    this.empty.hidden = !isEmpty;
    this.columns.hidden = this.list.hidden = isEmpty;
    this.active = Math.max(0, Math.min(this.active, this.shown.length - 1));
    const activeRow = this.shown[this.active];
    setAttribute(this.list, 'aria-activedescendant', activeRow && optionId(activeRow.instrument));
    setAttribute(this.list, 'data-seq', this.seq());
    this.list.style.height = `${this.shown.length * ROW_HEIGHT}px`;
    this.rows.show(this.shown);
  }

  /** Set by main: which state of the topic is drawn, so that a test can compare like with like. */
  seq: () => string = () => '';

  private searchKey(event: KeyboardEvent): void {
    if (event.key === 'Enter') this.choose();
    else if (event.key === 'Escape') { this.search.value = ''; this.draw(); this.list.focus(); }
    else if (event.key === 'ArrowDown') this.list.focus();
    else return;
    event.preventDefault();
  }

  private listKey(event: KeyboardEvent): void {
    const moves: Record<string, number> = {
      ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, Home: -Infinity, End: Infinity,
    };
    const by = event.ctrlKey || event.metaKey ? undefined : moves[event.key];
    if (by !== undefined) {
      this.active = Math.min(this.shown.length - 1, Math.max(0, this.active + by));
      this.draw();
      this.rows.reveal(this.active);
    } else if (event.key === 'Enter' || event.key === ' ') {
      this.choose();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  private choose(): void {
    const row = this.shown[this.active];
    if (row) this.actions.select(row.instrument);
  }

  private makeRow(): Row<Instrument> {
    const symbol = h('b');
    const venue = h('i', { class: 'venue' });
    const mark = qualityMark();
    const price = h('span', { class: 'price-now' });
    const change = h('span', { class: 'price-change' });
    const rate = h('span', { class: 'price-rate' });
    const age = h('span', { class: 'age' });
    const element = h('div', { class: 'price-row', role: 'option' },
      h('span', { class: 'price-name' }, symbol, h('span', {}, mark, venue)),
      price, change, rate, age);
    const percent = document.createTextNode('');
    change.append(h('i', { class: 'direction', 'aria-hidden': 'true' }), percent);
    let of = '';
    let before: string | null = null;
    element.addEventListener('click', () => {
      this.active = this.shown.findIndex((row) => row.instrument === of);
      this.actions.select(of);
    });
    const show = (row: Instrument, index: number): void => {
      const isOther = of !== row.instrument;
      of = row.instrument;
      setAttribute(element, 'id', optionId(of));
      setAttribute(element, 'aria-selected', String(of === this.model.view.instrument));
      element.classList.toggle('is-active', index === this.active);
      setText(symbol, row.symbol);
      setText(venue, row.venue);
      showQuality(mark, row.quality, { of: lastBar(this.model.intervals[0]) });
      const now = this.model.lastOf(row)?.price ?? null;
      const text = now === null ? '\u2013' : formatDecimal(now, row.price_decimals);
      if (setText(price, text) && !isOther && before !== null && now !== null) {
        flash(price, compareDecimals(before, now) < 0 ? 1 : -1);
      }
      before = now;
      setAttribute(price, 'data-exact', now);
      const moved = movedOf(row);
      setAttribute(change, 'data-direction', moved?.direction ?? 0);
      const percentText = moved?.percent ?? '\u2013';
      if (percent.data !== percentText) percent.data = percentText;
      change.classList.toggle('is-short', this.areDaysWhole && row.change !== null && !isWholeDay(row.change));
      setAttribute(change, 'title', row.change && againstWhat(row.change, row.price_decimals));
      setText(rate, row.trades_per_second?.toFixed(1) ?? '\u2013');
      this.showAge(age, row);
    };
    return { element, show };
  }

  private showAge(element: HTMLElement, row: Instrument): void {
    const last = this.model.lastOf(row);
    if (last === null) { setText(element, '\u2013'); return; }
    const at = tradedAt(last);
    const age = Math.max(0, this.model.now() - at);
    setText(element, formatAge(age));
    setAttribute(element, 'data-freshness', this.model.rhythmOf(row.instrument).judge(age));
    setAttribute(element, 'title', `traded ${localDateTime(at)} ${zoneAt(at)}, ${last.ts_event}`);
  }
}

function optionId(instrument: string): string { return `price-${instrument}`; }

function emptyState(): HTMLElement {
  return h('div', { class: 'empty' },
    h('p', {}, h('strong', {}, 'No instrument yet')),
    h('p', {}, 'Prices, change, rate and freshness stand here as soon as a feed brings them; the panel Feeds '
      + 'says how far each is. To see the page with a made-up market:'),
    h('code', {}, 'tapeline demo'));
}
