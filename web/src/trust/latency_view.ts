// SPDX-License-Identifier: Apache-2.0
import type { Spread } from '../contract';
import { h, part, setText } from '../page/dom';
import type { Model } from '../state/model';
import { formatCount } from '../text/decimal';

const ROWS = [
  ['bar_ms', 'Frame to bar', 'from the stamp of a frame to its bar'],
  ['push_ms', 'Frame to page', 'from the stamp of a frame to the socket of a page'],
] as const;

/** In milliseconds; a measurement, so that it may be rounded. */
export function formatMs(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '\u2013';
  return ms >= 100 ? formatCount(Math.round(ms)) : ms.toFixed(1);
}

export class LatencyView {
  private readonly body = part('latency-body');
  private readonly cells = new Map<string, HTMLElement>();

  constructor(private readonly model: Model) {}

  draw(): void {
    const latency = this.model.status?.latency;
    if (!latency) return;
    if (this.cells.size === 0) this.build();
    for (const [key] of ROWS) {
      const spread: Spread | null = latency[key];
      for (const column of ['p50', 'p99', 'max'] as const) {
        setText(this.cells.get(key + column) as HTMLElement, formatMs(spread?.[column]));
      }
    }
  }

  private build(): void {
    const head = h('tr', {}, ...['Milliseconds', 'p50', 'p99', 'max'].map((name) => h('th', { scope: 'col' }, name)));
    const rows = ROWS.map(([key, name, meaning]) =>
      h('tr', { title: meaning }, h('th', { scope: 'row' }, name),
        ...['p50', 'p99', 'max'].map((column) => {
          const cell = h('td', { 'data-latency': `${key} ${column}` });
          this.cells.set(key + column, cell);
          return cell;
        })));
    this.body.replaceChildren(h('table', {}, h('thead', {}, head), h('tbody', {}, ...rows)));
  }
}
