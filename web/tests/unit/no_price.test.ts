// SPDX-License-Identifier: Apache-2.0
import type { UTCTimestamp } from 'lightweight-charts';
import { expect, it } from 'vitest';
import { candleOf } from '../../src/chart/candles';
import type { Palette } from '../../src/chart/palette';
import { bar } from './fixtures';

it('a bar without prices leaves its place on the chart empty', () => {
  const time = 60 as UTCTimestamp;
  const palette = { up: 'up', down: 'down' } as Palette;
  expect(candleOf(time, bar(0), palette)).toMatchObject({ time, open: 1, close: 1 });
  const none = bar(0, { open: null, high: null, low: null, close: null });
  expect(candleOf(time, none, palette)).toEqual({ time });
});
