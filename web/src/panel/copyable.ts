// SPDX-License-Identifier: Apache-2.0
import { h, setText } from '../page/dom';

/** A text with a button that copies it and says that it did. */
export function copyable(text: string, label: string): HTMLElement {
  const button = h('button', { type: 'button' }, label);
  const pre = h('pre', { tabindex: 0, 'aria-label': 'Text' }, text);
  button.addEventListener('click', () => {
    void navigator.clipboard.writeText(text).then(
      () => setText(button, 'Copied'),
      () => { getSelection()?.selectAllChildren(pre); setText(button, 'Selected: copy it by key'); });
  });
  return h('div', { class: 'copyable' }, pre, button);
}
