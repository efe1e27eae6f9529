// SPDX-License-Identifier: Apache-2.0
import type { Trade } from '../contract';

/** The newest trades of one instrument, newest first. */
export class Tape {
  private rows: Trade[] = [];
  private ids = new Set<string>();
  leftOut = 0;

  constructor(private readonly capacity: number) {}

  get all(): readonly Trade[] { return this.rows; }

  replace(trades: readonly Trade[]): void {
    this.rows = [];
    this.ids.clear();
    this.leftOut = 0;
    this.add(trades, 0);
  }

  /** `trades` ascending. What back-fill brings is older than what is here and takes its place. */
  add(trades: readonly Trade[], leftOut: number): void {
    this.leftOut += leftOut;
    for (const trade of trades) {
      if (this.ids.has(trade.trade_id)) continue;
      this.ids.add(trade.trade_id);
      let index = 0;
      while (index < this.rows.length && isBefore(trade, this.rows[index] as Trade)) index += 1;
      this.rows.splice(index, 0, trade);
    }
    for (const gone of this.rows.splice(this.capacity)) this.ids.delete(gone.trade_id);
  }
}

/** Times have nine digits each, so that text order is time order; ids of digits are integers. */
function isBefore(left: Trade, right: Trade): boolean {
  if (left.ts_event !== right.ts_event) return left.ts_event < right.ts_event;
  if (left.trade_id.length !== right.trade_id.length) {
    return left.trade_id.length < right.trade_id.length;
  }
  return left.trade_id < right.trade_id;
}
