// SPDX-License-Identifier: Apache-2.0
import { intervalName } from '../market/interval';
import type { Actions } from '../page/actions';
import type { Model } from '../state/model';
import { SECTIONS } from './keymap';
import type { Entry } from './matching';

/** Everything that can be chosen or done here, for the palette. */
export function entriesOf(model: Model, actions: Actions): Entry[] {
  const instruments = [...(model.instruments?.values() ?? [])].map((row) => ({
    name: `${row.symbol}`, kind: `instrument, ${row.venue}`, run: () => actions.select(row.instrument),
  }));
  const intervals = model.intervals.map((interval) => ({
    name: intervalName(interval), kind: `interval ${interval}`, run: () => actions.setInterval(interval),
  }));
  const sections = SECTIONS.map(([key, id, name]) => ({
    name: `Go to ${name.toLowerCase()}`, kind: `g ${key}`, run: () => actions.goTo(id),
  }));
  const others: Entry[] = [
    { name: 'Bars as a table', kind: 'g b', run: () => actions.openBars() },
    { name: 'Legend', kind: 'l', run: () => actions.showLegend() },
    { name: 'Keys', kind: '?', run: () => actions.showKeys() },
    { name: 'Next theme', kind: 'd', run: () => actions.nextTheme() },
    { name: 'Copy the address of this view', kind: 'link', run: () => {
      void navigator.clipboard.writeText(location.href).then(() => actions.announce('Copied.'), () => undefined);
    } },
  ];
  if (model.hello?.demo) {
    others.unshift({ name: 'Drop a connection now', kind: 'demo', run: () => actions.dropConnection() });
  }
  return [...instruments, ...intervals, ...others, ...sections];
}
