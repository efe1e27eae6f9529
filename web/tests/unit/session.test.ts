// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { Frame } from '../../src/state/frame';
import { Model } from '../../src/state/model';
import { Session } from '../../src/state/session';
import type { Socket, Surroundings } from '../../src/stream/stream_client';
import { toServerTime } from '../../src/text/time';
import { bar, NOON, trade } from './fixtures';

const INSTRUMENT = 'coinbase:BTC-USD';

function sessionOf(): { session: Session; model: Model; pass: () => void } {
  const timers: (() => void)[] = [];
  const surroundings: Surroundings = {
    open: () => ({ send: () => undefined, close: () => undefined, onopen: null, onclose: null, onmessage: null }) as Socket,
    now: () => NOON, random: () => 0, after: (_ms, run) => timers.push(run), cancel: () => undefined,
  };
  const model = new Model({ instrument: INSTRUMENT, interval: '1m', range: null, panel: null, start: null }, NOON);
  const session = new Session(model, new Frame(() => undefined), surroundings);
  session.follow();
  return { session, model, pass: () => { for (const run of timers.splice(0)) run(); } };
}

const bars = { type: 'snapshot', topic: `bars:${INSTRUMENT}:1m`, seq: 1, data: [bar(0)] } as const;
const trades = { type: 'snapshot', topic: `trades:${INSTRUMENT}`, seq: 1, data: [trade('1', 1)] } as const;
const shown = ({ bars: series, tape }: Model): number[] => [series.length, tape.all.length];

it('takes bars and trades of one beat together', () => {
  const { session, model, pass } = sessionOf();
  session.message(bars);
  session.message(trades);
  expect(shown(model)).toEqual([0, 0]);
  pass();
  expect(shown(model)).toEqual([1, 1]);
});

it('loses nothing of a beat when the server is greeted anew, and shows nothing of another instrument', () => {
  const { session, model, pass } = sessionOf();
  session.message(trades);
  session.hello({ type: 'hello', epoch: 'e', mode: 'live', demo: false, version: '', now: '2026-01-01T12:00:00Z' }, false);
  expect(shown(model)).toEqual([0, 1]);
  session.message(bars);
  model.view = { ...model.view, interval: '5m' };
  session.follow();
  pass();
  expect(shown(model)).toEqual([0, 1]);
});

it('sets its clock by the greeting, and better by whatever comes quicker', () => {
  const { session, model } = sessionOf();
  const greet = (epoch: string, now: number, isNewEpoch: boolean): void => session.hello(
    { type: 'hello', epoch, mode: 'live', demo: false, version: '', now: toServerTime(now) }, isNewEpoch);
  greet('e', NOON - 2_000, false);
  expect(model.serverClock.offset).toBe(-2_000);
  session.message({ type: 'snapshot', topic: 'status', seq: 1, data: { now: toServerTime(NOON - 4) } });
  expect(model.serverClock.offset).toBe(-4);
  greet('f', NOON - 90, true);
  expect(model.serverClock.offset, 'of another server').toBe(-90);
});
