// SPDX-License-Identifier: Apache-2.0
import { h, part } from '../page/dom';

/** The panel at the side: opened by a click or an address, closed by Escape; focus goes back. */
export class Side {
  readonly root = part('side');
  private before: Element | null = null;

  constructor(private readonly close: () => void) {
    this.root.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') { this.close(); event.stopPropagation(); }
    });
  }

  get isOpen(): boolean { return !this.root.hidden; }

  open(title: string, subtitle: string, body: HTMLElement): void {
    if (this.root.hidden) this.before = document.activeElement;
    const button = h('button', { class: 'close', type: 'button' }, 'Close ', h('kbd', {}, 'Esc'));
    button.addEventListener('click', () => this.close());
    const hadFocus = this.root.contains(document.activeElement);
    this.root.replaceChildren(
      h('header', { class: 'side-head' },
        h('div', {}, h('h2', { id: 'side-title', tabindex: -1 }, title), h('p', {}, subtitle)), button),
      body);
    const isNew = this.root.hidden;
    this.root.hidden = false;
    part('screen').dataset['panel'] = '';
    // Opened by an address, nobody has gone anywhere yet: focus stays.
    if ((isNew && this.before !== document.body) || hadFocus) part('side-title').focus();
  }

  hide(): void {
    if (this.root.hidden) return;
    this.root.hidden = true;
    delete part('screen').dataset['panel'];
    this.root.replaceChildren();
    if (this.before instanceof HTMLElement && this.before.isConnected) this.before.focus();
  }
}
