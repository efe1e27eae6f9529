// SPDX-License-Identifier: Apache-2.0
import type { Actions } from '../page/actions';
import { part } from '../page/dom';
import type { Prices } from '../page/prices';
import type { Model } from '../state/model';
import { type Command, Keymap } from './keymap';

/** Listens to the page's keys and does what they mean. */
export class Shortcuts {
  private readonly keymap = new Keymap();

  constructor(
    private readonly model: Model, private readonly actions: Actions, private readonly prices: Prices,
  ) {}

  listen(): void { document.addEventListener('keydown', (event) => this.pressed(event)); }

  private pressed(event: KeyboardEvent): void {
    if (event.altKey || event.defaultPrevented) return;
    const command = this.keymap.press({
      key: event.key, control: event.ctrlKey || event.metaKey, at: event.timeStamp,
      inText: event.target instanceof HTMLInputElement,
    });
    const isModal = document.querySelector('dialog[open]') !== null;
    if (!command || (isModal && command.kind !== 'palette')) return;
    if (command.kind === 'close' && this.model.view.panel === null) return;
    this.run(command);
    event.preventDefault();
  }

  private run(command: Command): void {
    const { actions } = this;
    switch (command.kind) {
      case 'go': actions.goTo(command.section); break;
      case 'search': part('search').focus(); break;
      case 'bars': actions.openBars(); break;
      case 'legend': actions.showLegend(); break;
      case 'keys': actions.showKeys(); break;
      case 'palette': actions.showPalette(); break;
      case 'theme': actions.nextTheme(); break;
      case 'close': actions.closePanel(); break;
      case 'instrument': this.prices.step(command.by); break;
      case 'interval': this.stepInterval(command.by); break;
    }
  }

  private stepInterval(by: 1 | -1): void {
    const { intervals, view } = this.model;
    const next = intervals[intervals.indexOf(view.interval ?? '') + by];
    if (next) this.actions.setInterval(next);
  }
}
