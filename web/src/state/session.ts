// SPDX-License-Identifier: Apache-2.0
// Between the stream and the model: which topics are wanted, and what each message does.
import { fetchBars, fetchCandles, fetchCoverage } from '../api';
import type { Bar, Feed, Gap, Hello, Instrument, Status, TopicMessage, Trade } from '../contract';
import type { Merged } from '../market/bar_series';
import { coverageNow } from '../market/coverage_now';
import { intervalMs } from '../market/interval';
import type { TimedCandle } from '../market/venue_candles';
import { StreamClient, type StreamListener, type Surroundings } from '../stream/stream_client';
import { countOf } from '../text/decimal';
import { parseTime, toServerTime } from '../text/time';
import type { Frame } from './frame';
import type { Model, Part } from './model';

const ALWAYS = ['status', 'prices', 'gaps', 'feeds'];
const HISTORY_PAGE = 1000;
/** How often, and how many times, the venue's own candles are asked for at a start. */
const THEIRS_TRIES = 20;
const THEIRS_AGAIN_MS = 2_000;
const MINUTE_MS = 60_000;
const COVERAGE_EVERY_MS = 5_000;
/** Bars and trades of one beat of the server are two messages: within so long both are here. */
const BEAT_MS = 8;

export interface BarsListener {
  /** Everything is different: another instrument, interval or server. */
  reset(): void;
  merged(merged: Merged): void;
}

export class Session implements StreamListener {
  readonly client: StreamClient;
  bars: BarsListener | null = null;
  announce: (text: string) => void = () => undefined;
  private barsTopic: string | null = null;
  private tradesTopic: string | null = null;
  private moreHistory = true;
  private loadingHistory: Promise<boolean> | null = null;
  private isLoadingTheirs = false;
  private coverageAskedAt = 0;
  private isAskingCoverage = false;
  private epochIsNew = false;
  private readonly beat: TopicMessage[] = [];

  constructor(
    private readonly model: Model,
    private readonly frame: Frame<Part>,
    private readonly surroundings: Surroundings,
  ) {
    this.client = new StreamClient(surroundings, this);
    for (const topic of ALWAYS) this.client.subscribe(topic);
  }

  /** Subscribes to what the view shows. */
  follow(): void {
    const { instrument, interval } = this.model.view;
    const trades = instrument && `trades:${instrument}`;
    const bars = instrument && interval && `bars:${instrument}:${interval}`;
    if (trades !== this.tradesTopic) {
      if (this.tradesTopic) this.client.unsubscribe(this.tradesTopic);
      this.tradesTopic = trades;
      this.model.forgetTape();
      if (trades) this.client.subscribe(trades);
    }
    if (bars !== this.barsTopic) {
      if (this.barsTopic) this.client.unsubscribe(this.barsTopic);
      this.barsTopic = bars;
      this.resetBars();
      if (bars) this.client.subscribe(bars);
    }
    this.frame.mark('view', 'prices', 'tape', 'bars', 'gaps');
  }

  get olderBarsMayExist(): boolean { return this.moreHistory && !this.model.bars.isFull; }

  /** Asks for the bars before the oldest; false when there was nothing more to add. */
  loadOlderBars(): Promise<boolean> {
    this.loadingHistory ??= this.fetchOlderBars().finally(() => { this.loadingHistory = null; });
    return this.loadingHistory;
  }

  /** The venue's own candles of before our first bar, once no older bar of ours can be. */
  get theirsShown(): readonly TimedCandle[] {
    const { bars, barsLoaded, theirs } = this.model;
    if (!bars.first) return theirs.before(barsLoaded ? Infinity : null);
    return theirs.before(this.moreHistory || bars.isFull ? null : bars.first.at);
  }

  get olderTheirsMayExist(): boolean {
    const { theirs } = this.model;
    return theirs.length > 0 && theirs.more && !theirs.isFull;
  }

  /** The newest of them; at a start they come by and by, the oldest first, and are asked for until they reach our
   * first bar. Of venues that tell none there is nothing. */
  async loadTheirs(triesLeft = THEIRS_TRIES): Promise<void> {
    const topic = this.barsTopic;
    const { bars, theirs } = this.model;
    if (!await this.fetchTheirs(bars.first?.at)) return;
    const reaches = theirs.last !== undefined && bars.first !== undefined && theirs.last.at + this.stepMs >= bars.first.at;
    if (reaches || triesLeft === 0) return;
    this.surroundings.after(THEIRS_AGAIN_MS, () => { if (topic === this.barsTopic) void this.loadTheirs(triesLeft - 1); });
  }

  loadOlderTheirs(): void {
    const first = this.model.theirs.first;
    if (!first || this.isLoadingTheirs) return;
    this.isLoadingTheirs = true;
    void this.fetchTheirs(first.at).finally(() => { this.isLoadingTheirs = false; });
  }

  private get stepMs(): number { return intervalMs(this.model.view.interval ?? '') ?? 0; }

  /** Those before a time; false where there can be none, or another view is chosen by now. */
  private async fetchTheirs(to: number | undefined): Promise<boolean> {
    const { model, barsTopic: topic } = this;
    const { instrument, interval } = model.view;
    if (!instrument || !interval || this.stepMs === 0 || this.stepMs % MINUTE_MS !== 0) return false;
    const query = { instrument, interval, limit: HISTORY_PAGE };
    const answer = await fetchCandles(to === undefined ? query : { ...query, to }).catch(() => null);
    if (topic !== this.barsTopic) return false;
    if (answer) {
      model.theirs.merge(answer.candles, answer.more);
      this.frame.mark('bars');
    }
    return true;
  }

  /** Every few seconds, and at once when the holes say otherwise; one question at a time. */
  async refreshCoverage(): Promise<void> {
    const now = Date.now();
    if (this.isAskingCoverage || (now - this.coverageAskedAt < COVERAGE_EVERY_MS && this.isCoverageInStep())) return;
    this.isAskingCoverage = true;
    this.coverageAskedAt = now;
    const gaps = this.model.gaps;
    try {
      this.model.coverage = (await fetchCoverage()).coverage;
      this.frame.mark('coverage');
    } catch { /* The banner says it when the server is gone; the next round asks again. */
    } finally { this.isAskingCoverage = false; }
    // Holes that came meanwhile may not be in the answer. What is in step already is not asked again.
    if (gaps !== this.model.gaps && !this.isCoverageInStep()) void this.refreshCoverage();
  }

  private isCoverageInStep(): boolean {
    const { coverage, gaps, gapsLeftOut } = this.model;
    return coverage !== null && coverageNow(coverage, gaps, gapsLeftOut).every((each) => each.inStep);
  }

  hello(hello: Hello, isNewEpoch: boolean): void {
    this.takeBeat();
    this.epochIsNew ||= isNewEpoch;
    this.model.hello = hello;
    if (isNewEpoch) this.model.serverClock.forget();
    this.heard(hello.now);
    this.coverageAskedAt = 0;
    this.frame.mark('mode', 'ages');
  }

  private heard(serverTime: string): void {
    this.model.serverClock.heard(parseTime(serverTime), this.surroundings.now());
  }

  connection(state: { connected: boolean; since: number; retryAt: number | null; ended: boolean }): void {
    const before = this.model.connection;
    this.model.connection = {
      state: state.connected ? 'connected' : 'lost', since: state.since, retryAt: state.retryAt, ended: state.ended,
    };
    if (before.state === 'lost' && state.connected) {
      this.announce('Connected again. What was missed is fetched.');
    } else if (before.state !== 'lost' && !state.connected) {
      this.announce('Not connected. The data shown is from before.');
    }
    this.frame.mark('connection');
  }

  refused(error: string, topic: string | undefined): void {
    if (topic === this.barsTopic) this.model.barsLoaded = true;
    if (topic === this.tradesTopic) this.model.tapeLoaded = true;
    this.announce(error);
    this.frame.mark('bars', 'tape');
  }

  message(message: TopicMessage): void {
    const isSnapshot = message.type === 'snapshot';
    switch (message.topic) {
      case 'status': this.gotStatus(message.data as Status); break;
      case 'prices': this.gotPrices(message.data as Instrument[], isSnapshot); break;
      case 'gaps': this.gotGaps(message.data as Gap[], message.left_out ?? 0); break;
      case 'feeds': this.gotFeeds(message.data as Feed[] | { feeds: Feed[] }); break;
      case this.tradesTopic:
      case this.barsTopic: this.gotOfBeat(message); break;
      default: break;
    }
  }

  /** Taken together, so that no frame shows the price of one and not yet that of the other. */
  private gotOfBeat(message: TopicMessage): void {
    if (this.beat.push(message) === 1) this.surroundings.after(BEAT_MS, () => this.takeBeat());
  }

  private takeBeat(): void {
    for (const message of this.beat.splice(0)) {
      const isSnapshot = message.type === 'snapshot';
      if (message.topic === this.tradesTopic) this.gotTrades(message, isSnapshot);
      else if (message.topic === this.barsTopic) this.gotBars(message.data as Bar[], isSnapshot);
    }
  }

  private gotStatus(status: Status): void {
    this.heard(status.now);
    const first = this.model.status === null;
    this.model.status = status;
    this.frame.mark('status');
    if (first) this.frame.mark('mode', 'view');
    void this.refreshCoverage();
  }

  private gotPrices(list: Instrument[], isSnapshot: boolean): void {
    if (isSnapshot) this.model.replaceInstruments(list);
    else this.model.updateInstruments(list);
    this.frame.mark('prices', 'view');
  }

  private gotGaps(gaps: Gap[], leftOut: number): void {
    const before = this.model.gaps?.length ?? 0;
    this.model.gaps = gaps;
    this.model.gapsLeftOut = leftOut;
    this.model.teller.observe(gaps, this.model.now());
    if (gaps.length !== before) {
      const ids = gaps.reduce((sum, gap) => sum + gap.ids, 0);
      this.announce(gaps.length === 0 ? 'No hole is open.' : `${countOf(gaps.length, 'hole')}, ${countOf(ids, 'id')} missing.`);
    }
    void this.refreshCoverage();
    this.frame.mark('gaps', 'coverage', 'story', 'bars');
  }

  private gotFeeds(data: Feed[] | { feeds: Feed[] }): void {
    this.model.feeds = Array.isArray(data) ? data : data.feeds;
    this.frame.mark('feeds');
  }

  private gotTrades(message: TopicMessage, isSnapshot: boolean): void {
    const trades = message.data as Trade[];
    if (isSnapshot) this.model.replaceTape(trades);
    else this.model.tape.add(trades, message.left_out ?? 0);
    this.frame.mark('tape', 'prices', 'view');
  }

  private gotBars(bars: Bar[], isSnapshot: boolean): void {
    if (isSnapshot && this.epochIsNew) {
      this.epochIsNew = false;
      this.resetBars();
    }
    const oldest = this.model.bars.first?.at;
    const hadBars = this.model.barsLoaded;
    const merged = this.model.mergeBars(bars);
    this.model.barsLoaded = true;
    this.bars?.merged(merged);
    if (isSnapshot && !hadBars) void this.loadTheirs();
    const first = bars[0];
    // The snapshot says nothing of the bars before it, which may have been revised meanwhile.
    if (isSnapshot && oldest !== undefined && first && parseTime(first.start) > oldest) {
      void this.refetch(oldest, parseTime(first.start));
    }
    this.frame.mark('bars');
  }

  private resetBars(): void {
    this.model.bars.clear();
    this.model.barsLoaded = false;
    this.moreHistory = true;
    this.model.theirs.clear();
    this.bars?.reset();
  }

  private async fetchOlderBars(): Promise<boolean> {
    const first = this.model.bars.first;
    const topic = this.barsTopic;
    if (!first || !this.olderBarsMayExist) return false;
    const answer = await this.page(undefined, first.at);
    if (!answer || topic !== this.barsTopic) return false;
    this.moreHistory = answer.more;
    if (answer.bars.length === 0) return false;
    this.bars?.merged(this.model.mergeBars(answer.bars));
    this.frame.mark('bars');
    return true;
  }

  private async refetch(from: number, to: number): Promise<void> {
    const topic = this.barsTopic;
    let end = to;
    while (end > from) {
      const answer = await this.page(from, end);
      if (!answer || topic !== this.barsTopic) return;
      this.bars?.merged(this.model.mergeBars(answer.bars));
      this.frame.mark('bars');
      const first = answer.bars[0];
      if (!answer.more || !first) return;
      end = parseTime(first.start);
    }
  }

  private async page(
    from: number | undefined, to: number,
  ): Promise<{ more: boolean; bars: Bar[] } | null> {
    const { instrument, interval } = this.model.view;
    if (!instrument || !interval) return null;
    try {
      const range = from === undefined ? { to } : { from, to };
      return await fetchBars({ instrument, interval, limit: HISTORY_PAGE, ...range });
    } catch {
      this.announce(`Bars before ${toServerTime(to)} could not be fetched.`);
      return null;
    }
  }
}
