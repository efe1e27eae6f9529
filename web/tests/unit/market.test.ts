// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { Gap, Items } from '../../src/contract';
import { itemsByVenue, unaccounted } from '../../src/market/conservation';
import { Rhythm, tradedAt } from '../../src/market/freshness';
import { changedFields } from '../../src/market/revision_changes';
import { gapKey, idsOf, newestFirst, StoryTeller } from '../../src/market/story';
import { Tape } from '../../src/market/tape';
import { detailsOf } from '../../src/trust/latency_text';
import { judge, noHoleText } from '../../src/trust/verdict';
import { toServerTime } from '../../src/text/time';
import { bar, gap, NOON, trade } from './fixtures';

const items = (received: number, delivered: number): Items =>
  ({ received, delivered, duplicate: 0, late: 0, rejected: 0, shed: 0, control: 0 });

describe('the sum', () => {
  it('names what ended nowhere', () => {
    expect(unaccounted(items(10, 10))).toBe(0);
    expect(unaccounted(items(10, 7))).toBe(3);
    expect(unaccounted({ received: 6, delivered: 1, duplicate: 1, late: 1, rejected: 1, shed: 1, control: 1 })).toBe(0);
  });

  it('adds up the channels of a venue', () => {
    const rows = [
      { venue: 'a', channel: 'trades', ...items(3, 3) }, { venue: 'a', channel: 'quotes', ...items(4, 2) },
      { venue: 'b', channel: 'trades', ...items(1, 1) },
    ];
    expect([...itemsByVenue(rows)].map(([venue, sum]) => [venue, sum.received, sum.delivered]))
      .toEqual([['a', 7, 5], ['b', 1, 1]]);
  });
});

describe('Rhythm', () => {
  it('finds the same age fresh for a slow instrument and stale for a fast one', () => {
    const fast = new Rhythm();
    const slow = new Rhythm();
    for (let step = 0; step < 700; step += 1) {
      fast.came(step * 100);
      slow.came(step * 60_000);
    }
    expect([fast.judge(4_000), fast.judge(6_000), fast.judge(30_000)]).toEqual(['fresh', 'slow', 'stale']);
    expect(slow.judge(150_000)).toBe('fresh');
    expect([slow.judge(4 * 60_000), slow.judge(11 * 60_000)]).toEqual(['slow', 'stale']);
  });

  it('takes a burst for no rhythm, neither at first nor later', () => {
    const early = new Rhythm();
    for (let at = 0; at < 1_000; at += 100) early.came(at);
    expect([early.judge(29_000), early.judge(31_000), early.judge(101_000)]).toEqual(['fresh', 'slow', 'stale']);
    const burst = new Rhythm();
    for (let at = 0; at < 10_000; at += 100) burst.came(at);
    expect(burst.judge(29_000), 'many at once have no rhythm yet').toBe('fresh');
    const seldom = new Rhythm();
    for (let at = 0; at < 80_000; at += 4_000) seldom.came(at);
    expect(seldom.judge(29_000), 'nor have a few in a while').toBe('fresh');
    const bursty = new Rhythm();
    let at = 0;
    for (let burst = 0; burst < 4; burst += 1, at += 40_000) {
      for (let step = 0; step < 30; step += 1) bursty.came(at += 100);
    }
    expect(bursty.judge(100_000)).toBe('fresh');
  });

  it('forgets a pause by and by', () => {
    const rhythm = new Rhythm();
    rhythm.came(0);
    rhythm.came(60_000);
    expect(rhythm.judge(100_000)).toBe('fresh');
    for (let at = 60_500; at < 60_000 + 40 * 60_000; at += 500) rhythm.came(at);
    expect([rhythm.judge(6_000), rhythm.judge(21_000)]).toEqual(['slow', 'stale']);
  });

  it('does not judge what it has not seen moving', () => {
    const rhythm = new Rhythm();
    rhythm.came(1);
    expect(rhythm.judge(1e9), 'one trade has no rhythm').toBe('unknown');
    rhythm.came(1);
    expect(rhythm.judge(1e9), 'nor have two at once').toBe('unknown');
    rhythm.came(2_001);
    expect(rhythm.judge(1e9)).toBe('stale');
  });
});

it('counts an age from when it was traded, which is no later than its receipt', () => {
  const of = (event: number, recv: number | null): number =>
    tradedAt({ ...trade('1', event), ts_recv: recv === null ? null : toServerTime(NOON + recv * 1000) }) - NOON;
  expect(of(-3600, 0), 'shown again at subscription').toBe(-3_600_000);
  expect(of(2, 1), 'by a clock that is ahead').toBe(1_000);
  expect(of(2, null)).toBe(2_000);
});

describe('Tape', () => {
  it('lists the newest first and only once', () => {
    const tape = new Tape(10);
    tape.replace([trade('1', 1), trade('2', 2)]);
    tape.add([trade('2', 2), trade('3', 3)], 4);
    expect(tape.all.map((row) => row.trade_id)).toEqual(['3', '2', '1']);
    expect(tape.leftOut).toBe(4);
  });

  it('puts what back-fill brings in its place, ids as integers', () => {
    const tape = new Tape(10);
    tape.replace([trade('9', 1), trade('11', 3)]);
    tape.add([trade('10', 1)], 0);
    expect(tape.all.map((row) => row.trade_id)).toEqual(['11', '10', '9']);
  });

  it('is bounded, and takes an id again only when it is newer than what is listed', () => {
    const tape = new Tape(3);
    for (let id = 1; id <= 1000; id += 1) tape.add([trade(String(id), id)], 0);
    expect(tape.all.map((row) => row.trade_id)).toEqual(['1000', '999', '998']);
    tape.add([trade('5', 5)], 0);
    expect(tape.all).toHaveLength(3);
  });
});

it('names the fields that a revision changed', () => {
  expect(changedFields(bar(0), bar(0, { close: '2', trades: 5, quality: 'repaired' }))).toEqual(['close', 'trades', 'quality']);
  expect(changedFields(bar(0), bar(0, { revision: 1 }))).toEqual([]);
});

it('tells the story of a cut: only holes of that venue that opened after it', () => {
  const teller = new StoryTeller();
  const old = gap({ from_id: '1', to_id: '2' });
  teller.begin('coinbase', 1000, [old]);
  teller.observe([old], 1100);
  expect(teller.story?.openedAt).toBeNull();
  teller.observe([old, gap({ instrument: 'binance:BTCUSDT' })], 1200);
  expect(teller.story?.openedAt).toBeNull();
  teller.observe([old, gap(), gap({ instrument: 'coinbase:ETH-USD', ids: 4 })], 1500);
  expect(teller.story).toMatchObject({ openedAt: 1500, ids: 7, holes: 2, repairedAt: null });
  teller.observe([old], 3000);
  teller.observe([old, gap()], 4000);
  expect(teller.story).toMatchObject({ repairedAt: 3000, ids: 7 });
});

it('lists the holes of the story on top, then the newest first', () => {
  const at = (second: number, fields: Partial<Gap> = {}): Gap =>
    gap({ from_id: String(second), from_time: `2026-01-01T12:00:0${second}.000000000Z`, ...fields });
  const gaps = [gap({ from_id: '0', from_time: null }), at(1), at(2, { ids: 9 }), at(3)];
  const first = (list: Gap[]): string[] => list.map((one) => one.from_id);
  expect(first(newestFirst(gaps, () => false))).toEqual(['3', '2', '1', '0']);
  expect(first(newestFirst(gaps, (one) => one.ids === 9))).toEqual(['2', '3', '1', '0']);
  expect(gaps.map(gapKey)[0]).toBe('coinbase:BTC-USD trades 0 7');
});

it('writes the ids of a hole, one or a range', () => {
  expect(idsOf(gap({ from_id: '5', to_id: '5' }))).toBe('5');
  expect(idsOf(gap())).toBe('5\u20137');
});

it('ends the story where the venue no longer has what is left', () => {
  const teller = new StoryTeller();
  teller.begin('coinbase', 1000, []);
  teller.observe([gap(), gap({ from_id: '9', to_id: '9', ids: 1 })], 1500);
  teller.observe([gap({ from_id: '9', to_id: '9', ids: 1, state: 'unrecoverable' })], 3000);
  expect(teller.story).toMatchObject({ repairedAt: 3000, ids: 4, lost: 1 });
});

describe('the verdict', () => {
  const none = { ids: 0, holes: 0, unrecoverable: 0, repaired: 0 };
  const status = {
    items: items(5, 5), missing: none, backfill: [{ venue: 'coinbase' }], needs_a_person: [] as { part: string; text: string }[],
  };
  const feed = { venue: 'coinbase', state: 'streaming' };
  const of = (change: object, gaps = [] as ReturnType<typeof gap>[], feeds = [feed]): string => {
    const verdict = judge({
      connected: true, status: { ...status, ...change } as never, gaps, gapsLeftOut: 0, feeds: feeds as never,
    });
    return `${verdict.level}: ${verdict.word}`;
  };
  // Of more holes than are listed.
  const why = (change: object): string =>
    judge({ connected: true, status: { ...status, ...change } as never, gaps: [], gapsLeftOut: 1, feeds: [feed] as never }).why;

  it('is good only when nothing is missing, away or unaccounted for', () => {
    expect(of({})).toBe('good: Nothing is missing');
    expect(of({}, [gap()])).toBe('look: 3 ids missing in 1 hole');
    expect(of({ missing: { ...none, ids: 1, holes: 1 } }), 'the list is newer').toBe('good: Nothing is missing');
    expect(why({ missing: { ...none, ids: 1, holes: 1 } })).toMatch(/^Their bars are marked gap/);
    expect(of({}, [gap({ state: 'unrecoverable' })])).toBe('look: 3 ids missing in 1 hole');
    expect(of({}, [], [{ venue: 'coinbase', state: 'reconnecting' }])).toBe('look: coinbase is away');
    expect(of({ items: items(5, 4) })).toBe('wrong: The sum is wrong');
    expect(of({ needs_a_person: [{ part: 'feed', text: 'x' }] })).toBe('wrong: Needs a person');
    expect(of({}, [], [])).toBe('waiting: No feed');
    expect(judge({ connected: false, status: null, gaps: null, gapsLeftOut: 0, feeds: null }).level).toBe('wrong');
  });

  it('names what to type apart from the reason, which may be long', () => {
    const { why: reason, command } = judge({
      connected: true, gaps: [], gapsLeftOut: 0, feeds: [feed] as never,
      status: { ...status, needs_a_person: [{ part: 'feed', text: 'see `a`; `tapeline check --connect` tries it' }] } as never,
    });
    expect([reason, command]).toEqual(['feed: see `a`; `tapeline check --connect` tries it', 'tapeline check --connect']);
  });

  it('says that it is ending, and what is asked for until then', () => {
    const hole = { ...none, ids: 3, holes: 1 };
    const ends = { ending: true };
    expect(of(ends, [], [{ venue: 'coinbase', state: 'stopped' }])).toBe('look: Ending');
    expect(why(ends)).toBe('The connections are closed. What is left is stored.');
    expect(why({ ...ends, missing: hole })).toBe('The connections are closed. 3 ids missing in 1 hole: asked for before it ends.');
    expect(why({ ...ends, missing: { ...hole, unrecoverable: 3 } })).toBe('The connections are closed. What is left is stored.');
  });

  it('promises no more than back-fill keeps', () => {
    const away = (frames: number, venue = 'coinbase') => ({ venue, state: 'reconnecting', frames });
    const whyAway = (feeds: object[], venues = ['coinbase']): string =>
      judge({ connected: true, status: { ...status, backfill: venues.map((venue) => ({ venue })) } as never,
        gaps: [], gapsLeftOut: 0, feeds: feeds as never }).why;
    expect(whyAway([away(5)])).toBe('What it sends now is fetched on return.');
    expect(whyAway([away(0)])).toBe('What it sends now does not arrive.');
    expect(whyAway([away(5), away(5, 'finnhub')])).toBe('What it sends now does not arrive.');
  });

  it('says what becomes of a hole', () => {
    const hole = { ...none, ids: 3, holes: 1 };
    expect(why({ missing: hole })).toBe('Their bars are marked gap until back-fill brings them.');
    expect(why({ missing: hole, backfill: [] })).toBe('The bars they belong to are marked gap.');
    expect(why({ missing: { ...hole, unrecoverable: 1 } })).toBe('1 of them the venue no longer has; the others are asked for.');
    expect(why({ missing: { ...hole, unrecoverable: 3 } })).toBe('The venue no longer has them: their bars stay marked gap.');
    expect(why({ missing: { ...none, repaired: 1 } })).toBe('5 items received, each accounted for; 1 trade by back-fill.');
  });
});

describe('no hole', () => {
  it('is not said where nothing was received', () => {
    expect(noHoleText(0)).not.toContain('No hole');
    expect(noHoleText(1)).toBe('No hole is open.');
  });
});

it('says of a latency what there is no column for', () => {
  expect(detailsOf('from here to there', null)).toBe('from here to there: nothing measured yet');
  expect(detailsOf('from here to there', { p50: 0.25, p90: 1, p99: 12.34, p999: 99.94, max: 1234.5, count: 5678 }))
    .toBe('from here to there, of 5,678 measured: p50 0.3 ms, p90 1.0 ms, p99 12.3 ms, p99.9 99.9 ms, max 1,235 ms');
});
