// SPDX-License-Identifier: Apache-2.0
import { h } from '../page/dom';
import { showDialog } from './dialog';
import { KEYS } from './keymap';

export function showKeys(): void {
  const list = h('dl', { class: 'key-table' });
  for (const [keys, what] of KEYS) {
    list.append(h('dt', {}, ...keys.map((key) => h('kbd', {}, key))), h('dd', {}, what));
  }
  showDialog('Keys', list);
}
