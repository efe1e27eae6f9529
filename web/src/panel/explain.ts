// SPDX-License-Identifier: Apache-2.0
// Explain: the trades behind a bar, its revisions, and what changed between them.
import type { ExplainedTrade, Explanation, Gap, Instrument, Position } from '../contract';
import { idsOf } from '../market/story';
import { BAR_FIELDS, changedFields, type BarField } from '../market/revision_changes';
import { h, setAttribute, setText } from '../page/dom';
import { MEANING, qualityMark, showQuality } from '../page/quality_mark';
import { type Row, WindowedList } from '../page/windowed_list';
import { countOf, differenceOf, formatCount, formatDecimal, formatPadded, shortenDecimal } from '../text/decimal';
import { localTimeWithMillis, parseTime } from '../text/time';
import { copyable } from './copyable';

const LABELS: Record<BarField, string> = {
  open: 'Open', high: 'High', low: 'Low', close: 'Close', volume: 'Volume', buy_volume: 'Buy volume',
  vwap: 'VWAP', trades: 'Trades', first_id: 'First id', last_id: 'Last id', quality: 'Quality',
};
const VWAP_PLACES = 4;
const PRICES = new Set<BarField>(['open', 'high', 'low', 'close']);

export function explainBody(explanation: Explanation, instrument: Instrument | null): HTMLElement {
  const decimals = instrument?.price_decimals ?? 0;
  const body = h('div', { class: 'side-body' });
  const newest = explanation.revisions.at(-1);
  if (newest) {
    const mark = qualityMark(true);
    showQuality(mark, newest.quality, { isOpen: newest.state === 'provisional' });
    body.append(h('section', {}, h('p', { class: 'lead' }, mark, `: ${MEANING[newest.quality]}. `, summary(explanation))));
    body.append(revisionsOf(explanation, decimals));
  }
  if (explanation.holes.length > 0) body.append(holesOf(explanation.holes));
  body.append(tradesOf(explanation, decimals, instrument?.size_decimals ?? 0));
  if (explanation.text !== '') {
    body.append(h('section', {}, h('h3', {}, 'As the command line says it'),
      copyable(explanation.text, 'Copy')));
  }
  return body;
}

/** What the last revision did, in words. */
export function summary({ revisions }: Explanation): string {
  const after = revisions.at(-1);
  const before = revisions.at(-2);
  if (!after || !before) return 'It has not been revised.';
  const cause = (after.cause ?? '').replaceAll('_', ' ') || 'an unnamed cause';
  const more = after.trades - before.trades;
  const trades = more === 0 ? 'no trade was added'
    : `${countOf(Math.abs(more), 'trade')} ${more > 0 ? 'added' : 'taken away'}`;
  const close = closeText(before.close, after.close);
  return `Revision ${after.revision} by ${cause}: ${trades}, ${close}.`;
}

function closeText(before: string | null, after: string | null): string {
  if (before === after) return 'the close did not change';
  if (before === null) return 'the bar has a price now';
  if (after === null) return 'the bar has no price any more';
  return `the close moved by ${differenceOf(before, after)}`;
}

function revisionsOf({ revisions }: Explanation, decimals: number): HTMLElement {
  const head = h('tr', {}, h('th', { scope: 'col' }, 'Revision'),
    ...revisions.map((bar) => h('th', { scope: 'col' }, bar.state === 'final' ? String(bar.revision) : 'open')));
  const causes = h('tr', {}, h('th', { scope: 'row' }, 'Cause'),
    ...revisions.map((bar) => h('td', {}, bar.cause ? bar.cause.replaceAll('_', ' ') : '\u2013')));
  const rows = BAR_FIELDS.map((field) => h('tr', {}, h('th', { scope: 'row' }, LABELS[field]),
    ...revisions.map((bar, index) => {
      const before = revisions[index - 1];
      const isChanged = before !== undefined && changedFields(before, bar).includes(field);
      const from = before?.[field];
      const exact = field === 'vwap' && bar.vwap !== null ? bar.vwap : null;
      const title = [exact, isChanged ? `was ${from ?? 'empty'}` : null].filter((part) => part !== null).join(', ') || null;
      return h('td', { class: isChanged ? 'changed' : null, title }, shown(field, bar[field], decimals),
        isChanged ? h('span', { class: 'visually-hidden' }, `, was ${from ?? 'empty'}`) : null);
    })));
  return h('section', {}, h('h3', {}, 'Revisions', h('span', {}, 'what changed is marked')),
    h('div', { class: 'scroll-x', tabindex: 0, role: 'region', 'aria-label': 'Revisions' },
      h('table', { class: 'revisions' }, h('thead', {}, head), h('tbody', {}, causes, ...rows))));
}

function shown(field: BarField, value: string | number | null, decimals: number): string {
  if (value === null || value === '') return '\u2013';
  if (field === 'quality') return String(value);
  if (field === 'first_id' || field === 'last_id') return String(value);
  // Of a quotient a few places more than a price has, so that two revisions fit side by side.
  if (field === 'vwap') return shortenDecimal(String(value), decimals + VWAP_PLACES);
  return formatDecimal(String(value), PRICES.has(field) ? decimals : 0);
}

function holesOf(holes: readonly Gap[]): HTMLElement {
  return h('section', {}, h('h3', {}, 'Missing here'), h('ul', { class: 'hole-list' }, ...holes.map((gap) =>
    h('li', { class: 'hole' },
      h('p', {}, h('strong', {}, countOf(gap.ids, 'id')), h('span', {}, gap.cause ?? '')),
      h('p', {}, h('span', { class: 'ids' }, idsOf(gap)), h('span', {}, gap.state))))));
}

function tradesOf(explanation: Explanation, decimals: number, sizeDecimals: number): HTMLElement {
  const { trades, trades_left_out: leftOut } = explanation;
  const count = `${formatCount(trades.length)}${leftOut > 0 ? ` of ${formatCount(trades.length + leftOut)}` : ''}`;
  const columns = h('div', { class: 'trade-columns', role: 'row' },
    ...['Time', 'Id', 'Price', 'Size', 'How'].map((name) => h('span', { role: 'columnheader' }, name)));
  const list = h('div', { class: 'trade-list', role: 'rowgroup', tabindex: 0, 'aria-label': 'Trades of this bar' });
  list.style.height = `${Math.max(1, Math.min(15, trades.length)) * 22}px`;
  const rows = new WindowedList<ExplainedTrade>(list, { rowHeight: 22, makeRow: () => tradeRow(decimals, sizeDecimals) });
  requestAnimationFrame(() => rows.show(trades));
  return h('section', {}, h('h3', {}, 'Trades behind it', h('span', {}, count)),
    trades.length === 0 ? h('p', { class: 'note' }, 'No trade is kept for this window.')
      : h('div', { role: 'table', 'aria-label': 'Trades behind the bar' }, columns, list));
}

function tradeRow(decimals: number, sizeDecimals: number): Row<ExplainedTrade> {
  const cell = (name = ''): HTMLElement => h('span', { role: 'cell', class: name });
  const time = cell('quiet');
  const id = cell('quiet');
  const price = cell();
  const priceText = h('span');
  price.append(h('i', { class: 'direction', 'aria-hidden': 'true' }), priceText);
  const digits = document.createTextNode('');
  const padding = h('span', { class: 'padding' });
  const size = cell();
  size.append(digits, padding);
  const how = cell('quiet');
  const element = h('div', { class: 'trade-row', role: 'row' }, time, id, price, size, how);
  return {
    element,
    show(trade) {
      setText(time, localTimeWithMillis(parseTime(trade.ts_event)));
      setText(id, trade.trade_id);
      setText(priceText, formatDecimal(trade.price, decimals));
      setAttribute(price, 'data-direction', trade.side === 'buy' ? 1 : trade.side === 'sell' ? -1 : 0);
      const padded = trade.size === null ? { digits: '\u2013', padding: '' } : formatPadded(trade.size, sizeDecimals);
      digits.data = padded.digits;
      setText(padding, padded.padding);
      setText(how, howItCame(trade));
      how.classList.toggle('late', howItCame(trade) === 'late');
      setAttribute(element, 'title',
        `${trade.side ?? 'side unknown'}; ${trade.ts_event}${trade.flags.length ? `; ${trade.flags.join(', ')}` : ''}`
        + conditionsText(trade)
        + `; journal ${positionText(trade.position ?? null)}`);
    },
  };
}

/** Back-fill is behind too, but no lateness of the venue's. */
function howItCame(trade: ExplainedTrade): string {
  if (trade.flags.includes('backfill')) return 'backfill';
  if (trade.late) return 'late';
  return trade.counts === 'all' ? trade.flags[0] ?? '' : COUNTED[trade.counts];
}

/** Of a trade that by its conditions counts for less than all of a bar. */
const COUNTED = { none: 'not in the bar', volume: 'volume only', fallback: 'fallback price' } as const;

function conditionsText({ conditions, counts }: ExplainedTrade): string {
  if (conditions.length === 0) return '';
  const how = counts === 'all' ? 'counts for all' : COUNTED[counts];
  return `; conditions ${conditions.join(', ')}: ${how}`;
}

export function positionText(position: Position): string {
  if (position === null) return 'position not known';
  return typeof position === 'object' ? Object.values(position).join(' ') : String(position);
}
