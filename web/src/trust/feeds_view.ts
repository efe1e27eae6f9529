// SPDX-License-Identifier: Apache-2.0
import type { Feed } from '../contract';
import { Rhythm } from '../market/freshness';
import { h, part, setAttribute, setText } from '../page/dom';
import type { Model } from '../state/model';
import { countOf, formatCount } from '../text/decimal';
import { formatAge, parseTime } from '../text/time';
import { isGoodState } from './verdict';

interface FeedRow { element: HTMLElement; show(feed: Feed): void }

export class FeedsView {
  private readonly body = part('feeds-body');
  private readonly rows = new Map<string, FeedRow>();
  private readonly rhythms = new Map<string, Rhythm>();

  constructor(private readonly model: Model) {}

  draw(): void {
    const feeds = this.model.feeds;
    if (!feeds) return;
    const elements = feeds.map((feed) => {
      const key = `${feed.venue} ${feed.line}`;
      let row = this.rows.get(key);
      if (!row) this.rows.set(key, (row = this.makeRow(key)));
      row.show(feed);
      return row.element;
    });
    if (elements.length === 0) elements.push(emptyState());
    const present = [...this.body.children];
    const isSame = present.length === elements.length && elements.every((each, at) => each === present[at]);
    if (!isSame) this.body.replaceChildren(...elements);
  }

  private makeRow(key: string): FeedRow {
    const venue = h('b');
    const line = h('span');
    const state = h('span', { class: 'feed-state' });
    const age = h('span', { class: 'age' });
    const more = h('p', { class: 'feed-more' });
    const clock = h('p', { class: 'feed-clock' });
    const element = h('div', { class: 'feed' }, h('p', { class: 'feed-name' }, venue, ' ', line), state, age, more, clock);
    const rhythm = new Rhythm();
    this.rhythms.set(key, rhythm);
    const show = (feed: Feed): void => {
      setText(venue, feed.venue);
      setText(line, `line ${lineName(feed.line)}`);
      setAttribute(element, 'title', feed.endpoint);
      const isKnown = this.model.connection.state !== 'lost';
      setText(state, `${isKnown ? '' : 'was '}${feed.state.replaceAll('_', ' ')}`);
      setAttribute(state, 'data-good', isGoodState(feed.state) ? 'yes' : 'no');
      const last = feed.last_frame === null ? null : parseTime(feed.last_frame);
      if (last !== null) rhythm.came(last);
      const passed = last === null ? 0 : Math.max(0, this.model.now() - last);
      setText(age, last === null ? '\u2013' : formatAge(passed));
      setAttribute(age, 'data-freshness', last === null ? 'unknown' : rhythm.judge(passed));
      setText(more, describe(feed));
      setAttribute(more, 'title', feed.last_error);
      setAttribute(clock, 'title', feed.clock_warning);
      setText(clock, feed.clock_warning === null ? '' : `Clock: ${feed.clock_warning}.`);
    };
    return { element, show };
  }
}

/** Lines are counted from 0 and called A and B. */
export function lineName(line: string | number): string {
  return typeof line === 'number' ? String.fromCharCode(65 + line) : line;
}

function describe(feed: Feed): string {
  const good = feed.streams.filter((stream) => isGoodState(stream.state)).length;
  const all = feed.streams.length;
  const parts = [
    `${formatCount(feed.frames)} frames`, good === all ? countOf(all, 'stream') : `${good} of ${all} streams`,
  ];
  const hasBegun = feed.last_frame !== null || isGoodState(feed.state);
  if (!hasBegun) parts.push(feed.reconnects === 0 ? '1 try' : `${formatCount(feed.reconnects + 1)} tries`);
  else if (feed.reconnects > 0) parts.push(countOf(feed.reconnects, 'reconnect'));
  if (feed.last_error && !isGoodState(feed.state)) parts.push(feed.last_error);
  return parts.join(' \u00b7 ');
}

function emptyState(): HTMLElement {
  return h('div', { class: 'no-hole' }, 'No feed is configured. ', h('code', {}, 'tapeline init'),
    ' writes a commented configuration.');
}
