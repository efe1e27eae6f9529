// SPDX-License-Identifier: Apache-2.0
// Coverage is asked for, holes are pushed: what of the one still holds beside the other.
import type { Coverage, Gap } from '../contract';

export interface CoverageNow {
  row: Coverage;
  /** By the newest of both. */
  missing: number;
  /** False until it is counted anew: its percent is of another moment than the holes. */
  inStep: boolean;
}

const keyOf = ({ instrument, channel }: { instrument: string; channel: string }): string => `${instrument} ${channel}`;

/** Of a stream that has a hole, and was not there when coverage was counted. */
const uncounted = ({ instrument, channel }: Gap): Coverage => ({
  instrument, channel, received: 0, repaired: 0, missing: 0, unrecoverable: 0, percent: null,
  from_time: null, to_time: null, runs: [], runs_left_out: 0,
});

/** Where holes were left out of the list, it can only say that a row has too few. */
export function coverageNow(
  coverage: readonly Coverage[], gaps: readonly Gap[] | null, gapsLeftOut: number,
): CoverageNow[] {
  const ids = new Map<string, number>();
  for (const gap of gaps ?? []) ids.set(keyOf(gap), (ids.get(keyOf(gap)) ?? 0) + gap.ids);
  const known = new Set(coverage.map(keyOf));
  const further = new Map((gaps ?? []).filter((gap) => !known.has(keyOf(gap))).map((gap) => [keyOf(gap), uncounted(gap)]));
  return [...coverage, ...further.values()].map((row) => {
    const open = ids.get(keyOf(row)) ?? 0;
    const isKnown = gaps !== null && (gapsLeftOut === 0 || open > row.missing);
    return { row, missing: isKnown ? open : row.missing, inStep: !isKnown || open === row.missing };
  });
}
