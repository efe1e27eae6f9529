// SPDX-License-Identifier: Apache-2.0
// The top line: SIMULATED or LIVE, the clock with its zone, the demo's button; and the foot.
import type { Model } from '../state/model';
import { formatCount, formatDecimal } from '../text/decimal';
import { localTime, zoneAt } from '../text/time';
import { part, setAttribute, setText } from './dom';

export class Head {
  private readonly word = document.querySelector('.mode-word') as HTMLElement;
  private readonly why = document.querySelector('.mode-why') as HTMLElement;
  private readonly drop = part('drop');
  private readonly clock = part('clock');
  private readonly foot = part('foot');

  constructor(private readonly model: Model) {}

  drawMode(): void {
    const mode = this.model.hello?.mode ?? this.model.status?.mode;
    if (!mode) return;
    setAttribute(document.body, 'data-mode', mode);
    setText(this.word, mode.toUpperCase());
    setText(this.why, mode === 'simulated' ? 'a made-up market' : '');
    this.drop.hidden = !(this.model.hello?.demo ?? this.model.status?.demo);
  }

  drawClock(): void {
    const now = this.model.now();
    setText(this.clock, `${localTime(now)} ${zoneAt(now)}`);
    setAttribute(this.clock, 'title', new Date(now).toISOString());
  }

  drawTitle(): void {
    const selected = this.model.selected;
    const mode = this.model.hello?.mode === 'simulated' ? 'SIMULATED \u00b7 ' : '';
    const last = selected && this.model.lastOf(selected);
    const price = last ? `${formatDecimal(last.price, selected.price_decimals)} ${selected.symbol} \u00b7 ` : '';
    const title = `${mode}${price}Tapeline`;
    if (document.title !== title) document.title = title;
  }

  drawFoot(): void {
    const status = this.model.status;
    if (!status) return;
    const waiting = status.journal.records - status.journal.durable;
    setText(this.foot, [
      `Tapeline ${status.version}`,
      `journal ${formatCount(status.journal.records)} records, ${formatCount(Math.max(0, waiting))} not on disk yet`,
      `engine ${formatCount(status.engine.behind_records)} behind`,
      `store ${formatCount(status.store.rows)} rows`,
      `${status.push.clients} ${status.push.clients === 1 ? 'page' : 'pages'} connected`,
    ].join(' \u00b7 '));
  }
}
