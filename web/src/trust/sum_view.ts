// SPDX-License-Identifier: Apache-2.0
// received = delivered + duplicate + late + rejected + shed + control, as it is added up by hand.
import { OUTCOMES, type Items, type Outcome } from '../contract';
import { itemsByVenue, unaccounted } from '../market/conservation';
import { h, part, setAttribute, setText } from '../page/dom';
import type { Model } from '../state/model';
import { formatCount } from '../text/decimal';

const MEANING: Record<Outcome | 'received', string> = {
  received: 'everything that the feeds brought',
  delivered: 'became a trade or a quote',
  duplicate: 'its id was here already',
  late: 'came after its time was over; kept aside',
  rejected: 'malformed or refused; kept with the reason',
  shed: 'not taken for want of room',
  control: 'acknowledgements, heartbeats and what nothing here reads',
};
const VENUE_COLUMNS_MAX = 2;

export class SumView {
  private readonly body = part('sum-body');
  private readonly check = h('td');
  private cells = new Map<string, HTMLElement>();
  private venues: string[] | null = null;

  constructor(private readonly model: Model) {}

  draw(): void {
    const status = this.model.status;
    if (!status) return;
    const byVenue = itemsByVenue(status.items_by_venue);
    // A venue that brought nothing has a column only where a feed names it.
    const named = [...byVenue.keys()].filter((venue) =>
      (byVenue.get(venue)?.received ?? 0) > 0 || this.model.feeds?.some((feed) => feed.venue === venue));
    const venues = named.length <= VENUE_COLUMNS_MAX ? named : [];
    if (this.venues?.join() !== venues.join()) this.build(venues);
    this.fill('', status.items);
    for (const venue of venues) this.fill(venue, byVenue.get(venue) as Items);
    const rest = unaccounted(status.items);
    setAttribute(this.check, 'class', rest === 0 ? null : 'wrong');
    setText(this.check, rest === 0
      ? 'The rows add up to what was received.'
      : `The rows do not add up: ${formatCount(rest)} unaccounted for. Please report this.`);
  }

  private build(venues: string[]): void {
    this.venues = venues;
    this.cells = new Map();
    const head = h('tr', {}, h('th', { scope: 'col' }, 'Items'), h('th', { scope: 'col' }, 'all'),
      ...venues.map((venue) => h('th', { scope: 'col' }, venue)));
    const rows = (['received', ...OUTCOMES] as const).map((name, index) => {
      const sign = index === 0 ? '' : index === 1 ? '=' : '+';
      const cells = ['', ...venues].map((venue) => {
        const cell = h('td', { 'data-count': venue === '' ? name : null });
        this.cells.set(`${venue} ${name}`, cell);
        return cell;
      });
      return h('tr', { class: index === 0 ? 'total' : null, title: MEANING[name] },
        h('th', { scope: 'row' }, h('span', { class: 'sign' }, sign), name), ...cells);
    });
    this.check.colSpan = 2 + venues.length;
    this.body.replaceChildren(h('table', { class: 'sum' }, h('thead', {}, head),
      h('tbody', {}, ...rows), h('tfoot', {}, h('tr', {}, this.check))));
  }

  private fill(venue: string, items: Items): void {
    for (const name of ['received', ...OUTCOMES] as const) {
      const cell = this.cells.get(`${venue} ${name}`);
      if (!cell) continue;
      setText(cell, formatCount(items[name]));
      cell.classList.toggle('zero', items[name] === 0);
    }
  }
}
