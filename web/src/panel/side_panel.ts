// SPDX-License-Identifier: Apache-2.0
// Which panel the view asks for, and getting what is in it.
import { ApiError, fetchExplanation } from '../api';
import { startLabel } from '../chart/time_labels';
import { intervalMs } from '../market/interval';
import { bandOfGap } from '../market/windows';
import type { Actions } from '../page/actions';
import { h } from '../page/dom';
import type { Model } from '../state/model';
import { zoneAt } from '../text/time';
import { BarsTable } from './bars_table';
import { explainBody } from './explain';
import { failure } from './failure';
import { Side } from './side';

export class SidePanel {
  private readonly side: Side;
  private readonly bars: BarsTable;
  private shown = '';

  constructor(private readonly model: Model, actions: Actions) {
    this.side = new Side(() => actions.closePanel());
    this.bars = new BarsTable(model, (start) => actions.explain(start));
  }

  /** Follows the view; asks again only when something else is to be explained. */
  draw(): void {
    const { panel, start, instrument, interval } = this.model.view;
    const key = panel === null ? '' : `${panel} ${instrument} ${interval} ${start ?? ''}`;
    if (key === this.shown) return;
    if (panel !== null && this.model.selected === null) return;
    this.shown = key;
    if (panel === null) this.side.hide();
    else if (panel === 'bars') this.openBars();
    else void this.openExplain(start as number, key);
  }

  /** The bar that is explained was revised: what is shown is from before. */
  revised(starts: readonly number[]): void {
    const { panel, start } = this.model.view;
    if (panel === 'bars') this.bars.draw();
    const bar = start === null ? undefined : this.model.bars.at(start);
    if (panel === 'explain' && start !== null && starts.includes(start) && bar?.state === 'final') {
      this.shown = '';
      this.draw();
    }
  }

  private openBars(): void {
    const { interval } = this.model.view;
    this.side.open(`${this.model.selected?.symbol} ${interval} bars`, `newest first, times in ${zoneAt(Date.now())}`, this.bars.body);
    this.bars.draw();
  }

  private async openExplain(start: number, key: string): Promise<void> {
    const { instrument, interval } = this.model.view;
    if (!instrument || !interval) return;
    const step = intervalMs(interval) ?? 60_000;
    const title = `${this.model.selected?.symbol} ${interval} bar`;
    const subtitle = `${startLabel(start, step)} ${zoneAt(start)}, ${this.model.selected?.venue}`;
    const waits = h('div', { class: 'side-body', 'aria-busy': 'true' }, h('div', { class: 'skeleton', 'data-rows': 9 }));
    if (!this.side.isOpen) this.side.open(title, subtitle, waits);
    let body: HTMLElement;
    try {
      body = explainBody(await fetchExplanation(instrument, interval, start), this.model.selected);
    } catch (error) {
      body = h('div', { class: 'side-body' }, this.isKnownMissing(start, step)
        ? missingWindow()
        : failure('This bar cannot be explained.', error, nextStep(error)));
    }
    if (key === this.shown) this.side.open(title, subtitle, body);
  }

  private isKnownMissing(start: number, step: number): boolean {
    if (this.model.bars.at(start)) return false;
    return (this.model.gaps ?? []).some((gap) => {
      const band = gap.instrument === this.model.view.instrument ? bandOfGap(gap, step) : null;
      return band !== null && band.from <= start && start <= band.to;
    });
  }
}

function missingWindow(): HTMLElement {
  return h('div', {}, h('p', {}, h('strong', {}, 'Nothing of this window is here.')),
    h('p', {}, 'It lies in a hole: trades are known to be missing, so there is no bar to explain. Back-fill brings it where the venue still has it.'),
    h('code', { class: 'command' }, 'tapeline audit --repair'));
}

function nextStep(error: unknown): string {
  if (error instanceof ApiError && error.status === 404) {
    return 'Perhaps no trade fell into this window. Choose a bar with a candle.';
  }
  if (error instanceof ApiError && error.status === 0) {
    return 'Try again when it is back; until then, and with the folder of its data, tapeline explain says the same.';
  }
  // What passes says itself what to do meanwhile.
  if (error instanceof ApiError && error.status === 503) return '';
  return 'Try again; if it stays, copy the details into a report.';
}
