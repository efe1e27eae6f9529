// SPDX-License-Identifier: Apache-2.0
import { h, setAttribute } from '../page/dom';
import { open } from './dialog';
import { matching, type Entry } from './matching';

export function showPalette(entries: readonly Entry[]): void {
  const input = h('input', {
    type: 'text', placeholder: 'Instrument, interval or action', role: 'combobox', 'aria-expanded': 'true',
    'aria-controls': 'palette-list', 'aria-label': 'Search or do anything', autocomplete: 'off', spellcheck: 'false',
  });
  const list = h('ul', { class: 'palette-list', id: 'palette-list', role: 'listbox', 'aria-label': 'Matches' });
  const none = h('p', { class: 'empty' }, 'Nothing has this name.');
  const dialog = h('dialog', { class: 'palette', 'aria-label': 'Search or do anything' }, input, list, none);
  let shown: Entry[] = [];
  let active = 0;
  const run = (entry: Entry | undefined): void => {
    if (!entry) return;
    dialog.close();
    entry.run();
  };
  const draw = (): void => {
    shown = matching(entries, input.value);
    active = Math.max(0, Math.min(active, shown.length - 1));
    none.hidden = shown.length > 0;
    list.hidden = shown.length === 0;
    list.replaceChildren(...shown.map((entry, index) => {
      const item = h('li', { role: 'option', id: `palette-${index}`, 'aria-selected': String(index === active) },
        entry.name, h('span', {}, entry.kind));
      item.addEventListener('click', () => run(entry));
      return item;
    }));
    setAttribute(input, 'aria-activedescendant', shown.length > 0 ? `palette-${active}` : null);
    list.children[active]?.scrollIntoView({ block: 'nearest' });
  };
  input.addEventListener('input', () => { active = 0; draw(); });
  input.addEventListener('keydown', (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by !== undefined) {
      active = Math.max(0, Math.min(shown.length - 1, active + by));
      draw();
    } else if (event.key === 'Enter') {
      run(shown[active]);
    } else {
      return;
    }
    event.preventDefault();
  });
  draw();
  open(dialog);
  input.focus();
}
