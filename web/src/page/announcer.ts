// SPDX-License-Identifier: Apache-2.0
import type { Model } from '../state/model';
import { formatDecimal } from '../text/decimal';
import { part, setText } from './dom';

const PRICE_EVERY_MS = 30_000;

/** The polite voice of the page: events at once, the chosen price twice a minute where it moved. */
export class Announcer {
  private readonly region = part('announce');
  private spokenAt = 0;
  private spoken = '';

  say(text: string): void { setText(this.region, text); }

  price(model: Model): void {
    const { selected } = model;
    const now = Date.now();
    const last = selected && model.lastOf(selected);
    if (!last || now - this.spokenAt < PRICE_EVERY_MS) return;
    const text = `${selected.symbol} ${formatDecimal(last.price, selected.price_decimals)}`;
    if (text === this.spoken) return;
    this.spokenAt = now;
    this.spoken = text;
    this.say(text);
  }
}
