// SPDX-License-Identifier: Apache-2.0
import { h, part, setAttribute, setText } from '../page/dom';
import type { Model } from '../state/model';
import { localDateTime, parseTime, zoneAt } from '../text/time';
import { detailsOf, formatMs } from './latency_text';

const ROWS = [
  ['bar_ms', 'Frame to bar', 'from the stamp of a frame to its bar'],
  ['push_ms', 'Frame to page', 'from the stamp of a frame to the socket of a page'],
] as const;
const COLUMNS = ['p50', 'p99', 'max'] as const;

/** Over all that this process has measured, which the head says. */
export class LatencyView {
  private readonly body = part('latency-body');
  private readonly note = part('latency-note');
  private readonly rows = new Map<string, HTMLElement>();
  private readonly cells = new Map<string, HTMLElement>();

  constructor(private readonly model: Model) {}

  draw(): void {
    const { latency, since } = this.model.status ?? {};
    if (!latency || !since) return;
    if (this.cells.size === 0) this.build();
    const start = parseTime(since);
    setText(this.note, 'since start');
    setAttribute(this.note, 'title', `of the process: ${localDateTime(start)} ${zoneAt(start)}, ${since}`);
    for (const [key, , meaning] of ROWS) {
      const spread = latency[key];
      setAttribute(this.rows.get(key) as HTMLElement, 'title', detailsOf(meaning, spread));
      for (const column of COLUMNS) {
        setText(this.cells.get(key + column) as HTMLElement, formatMs(spread?.[column]));
      }
    }
  }

  private build(): void {
    const head = h('tr', {}, ...['Milliseconds', ...COLUMNS].map((name) => h('th', { scope: 'col' }, name)));
    const rows = ROWS.map(([key, name]) => {
      const row = h('tr', {}, h('th', { scope: 'row' }, name),
        ...COLUMNS.map((column) => {
          const cell = h('td', { 'data-latency': `${key} ${column}` });
          this.cells.set(key + column, cell);
          return cell;
        }));
      this.rows.set(key, row);
      return row;
    });
    this.body.replaceChildren(h('table', {}, h('thead', {}, head), h('tbody', {}, ...rows)));
  }
}
