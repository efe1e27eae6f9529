// SPDX-License-Identifier: Apache-2.0
// What is looked at is in the address, so that what one person sees another can open.

export type PanelName = 'explain' | 'bars';

export interface View {
  instrument: string | null;
  interval: string | null;
  /** Milliseconds; null follows what comes. */
  range: { from: number; to: number } | null;
  panel: PanelName | null;
  /** The bar that `explain` is about. */
  start: number | null;
}

const time = (text: string | null): number | null => {
  const ms = text === null ? NaN : Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
};

const written = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');

export function readView(search: string): View {
  const query = new URLSearchParams(search);
  const from = time(query.get('from'));
  const to = time(query.get('to'));
  const start = time(query.get('start'));
  const panel = query.get('panel');
  const explains = panel === 'explain' && start !== null;
  return {
    instrument: query.get('instrument'),
    interval: query.get('interval'),
    range: from !== null && to !== null && from < to ? { from, to } : null,
    panel: explains ? 'explain' : panel === 'bars' ? 'bars' : null,
    start: explains ? start : null,
  };
}

/** Colons stay readable: they are allowed in a query. */
export function writeView(view: View): string {
  const query = new URLSearchParams();
  if (view.instrument) query.set('instrument', view.instrument);
  if (view.interval) query.set('interval', view.interval);
  if (view.range) {
    query.set('from', written(view.range.from));
    query.set('to', written(view.range.to));
  }
  if (view.panel) query.set('panel', view.panel);
  if (view.panel === 'explain' && view.start !== null) query.set('start', written(view.start));
  const text = query.toString().replaceAll('%3A', ':');
  return text === '' ? '' : `?${text}`;
}
