// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Coverage, Gap } from '../../src/contract';
import { coverageNow } from '../../src/market/coverage_now';

const row = (missing: number, instrument = 'x:A'): Coverage => ({
  instrument, channel: 'trades', received: 100, repaired: 0, missing, unrecoverable: 0,
  percent: missing === 0 ? '100' : '95', from_time: null, to_time: null, runs: [], runs_left_out: 0,
});
const gap = (ids: number, instrument = 'x:A', channel = 'trades'): Gap => ({
  instrument, channel, from_id: '1', to_id: String(ids), ids,
  from_time: null, to_time: null, cause: null, state: 'open',
});

describe('coverage beside the holes', () => {
  it('is in step where the sums of the ids are the same', () => {
    const [now] = coverageNow([row(5)], [gap(2), gap(3)], 0);
    expect(now).toMatchObject({ missing: 5, inStep: true });
  });

  it('never counts an instrument with an open hole as whole', () => {
    const [a, b] = coverageNow([row(0), row(0, 'x:B')], [gap(3)], 0);
    expect(a).toMatchObject({ missing: 3, inStep: false });
    expect(b).toMatchObject({ missing: 0, inStep: true });
  });

  it('knows of a repair before it is counted anew', () => {
    expect(coverageNow([row(5)], [], 0)[0]).toMatchObject({ missing: 0, inStep: false });
  });

  it('keeps what was counted where no holes came yet, or not all', () => {
    expect(coverageNow([row(5)], null, 0)[0]).toMatchObject({ missing: 5, inStep: true });
    expect(coverageNow([row(5)], [gap(2)], 7)[0]).toMatchObject({ missing: 5, inStep: true });
    expect(coverageNow([row(5)], [gap(6)], 7)[0]).toMatchObject({ missing: 6, inStep: false });
  });

  it('holds the channels of an instrument apart', () => {
    const [trades, aggTrades] = coverageNow([row(0)], [gap(2, 'x:A', 'agg_trades')], 0);
    expect(trades).toMatchObject({ missing: 0, inStep: true });
    expect(aggTrades).toMatchObject({ missing: 2, inStep: false });
  });

  it('has a row for every hole, though nothing was counted of its instrument yet', () => {
    const now = coverageNow([row(0)], [gap(2, 'x:B'), gap(3, 'x:B')], 0);
    expect(now.map((each) => [each.row.instrument, each.missing, each.inStep])).toEqual(
      [['x:A', 0, true], ['x:B', 5, false]]);
  });
});
