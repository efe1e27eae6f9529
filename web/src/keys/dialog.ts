// SPDX-License-Identifier: Apache-2.0
import { h } from '../page/dom';

/** A modal with a heading; the browser keeps focus inside and gives it back. */
export function showDialog(title: string, body: HTMLElement): HTMLDialogElement {
  const close = h('button', { class: 'close', type: 'button' }, 'Close ', h('kbd', {}, 'Esc'));
  const dialog = h('dialog', { 'aria-label': title },
    h('header', { class: 'dialog-head' }, h('h2', {}, title), close),
    h('div', { class: 'dialog-body', tabindex: 0, role: 'group', 'aria-label': title }, body));
  close.addEventListener('click', () => dialog.close());
  open(dialog);
  return dialog;
}

export function open(dialog: HTMLDialogElement): void {
  for (const other of document.querySelectorAll('dialog[open]')) (other as HTMLDialogElement).close();
  dialog.addEventListener('close', () => dialog.remove());
  dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
  dialog.showModal();
}
