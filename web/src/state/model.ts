// SPDX-License-Identifier: Apache-2.0
import type { Bar, Coverage, Feed, Gap, Hello, Instrument, LastTrade, Status, Trade } from '../contract';
import { BarSeries, type Merged } from '../market/bar_series';
import { Rhythm, tradedAt } from '../market/freshness';
import { StoryTeller } from '../market/story';
import { Tape } from '../market/tape';
import { VenueCandles } from '../market/venue_candles';
import type { View } from './address';
import { ServerClock } from './server_clock';

export type Part =
  | 'mode' | 'connection' | 'prices' | 'tape' | 'bars' | 'gaps' | 'feeds' | 'status' | 'coverage'
  | 'story' | 'view' | 'ages';

/** The most that the page holds: its memory does not grow with the day. */
export const BARS_MAX = 10_000;
export const TAPE_ROWS_MAX = 300;
export const VENUE_CANDLES_MAX = 5_000;

export interface Connection {
  state: 'connecting' | 'connected' | 'lost';
  since: number;
  retryAt: number | null;
  /** The server said that it leaves. */
  ended: boolean;
}

/** Everything that the page knows; views read it, and only the session writes it. */
export class Model {
  hello: Hello | null = null;
  connection: Connection;
  readonly serverClock = new ServerClock();
  status: Status | null = null;
  instruments: Map<string, Instrument> | null = null;
  readonly rhythms = new Map<string, Rhythm>();
  readonly bars = new BarSeries(BARS_MAX);
  barsLoaded = false;
  readonly theirs = new VenueCandles(VENUE_CANDLES_MAX);
  readonly tape = new Tape(TAPE_ROWS_MAX);
  tapeLoaded = false;
  gaps: Gap[] | null = null;
  gapsLeftOut = 0;
  feeds: Feed[] | null = null;
  coverage: Coverage[] | null = null;
  readonly teller = new StoryTeller();

  constructor(public view: View, now: number) {
    this.connection = { state: 'connecting', since: now, retryAt: null, ended: false };
  }

  /** By the server's clock, whose times all messages bear. */
  now(): number { return Date.now() + this.serverClock.offset; }

  get selected(): Instrument | null {
    const name = this.view.instrument;
    return name === null ? null : this.instruments?.get(name) ?? null;
  }

  /** The newest trade: of the chosen instrument the tape's, which comes with its bars, so that one price
   * stands everywhere; the prices of all come apart from them. */
  lastOf(instrument: Instrument): LastTrade | null {
    const isChosen = this.tapeLoaded && instrument.instrument === this.view.instrument;
    return (isChosen ? this.tape.all[0] : undefined) ?? instrument.last;
  }

  get intervals(): string[] { return this.status?.intervals ?? []; }

  replaceInstruments(list: readonly Instrument[]): void {
    this.instruments = new Map();
    this.updateInstruments(list);
  }

  updateInstruments(list: readonly Instrument[]): void {
    this.instruments ??= new Map();
    for (const instrument of list) {
      this.instruments.set(instrument.instrument, instrument);
      if (instrument.last) this.rhythmOf(instrument.instrument).came(tradedAt(instrument.last));
    }
  }

  rhythmOf(name: string): Rhythm {
    let rhythm = this.rhythms.get(name);
    if (!rhythm) this.rhythms.set(name, (rhythm = new Rhythm()));
    return rhythm;
  }

  mergeBars(bars: readonly Bar[]): Merged { return this.bars.merge(bars); }

  forgetMarket(): void {
    this.bars.clear();
    this.barsLoaded = false;
    this.forgetTape();
  }

  forgetTape(): void {
    this.tape.replace([]);
    this.tapeLoaded = false;
  }

  replaceTape(trades: readonly Trade[]): void {
    this.tape.replace(trades);
    this.tapeLoaded = true;
  }
}
