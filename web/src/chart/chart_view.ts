// SPDX-License-Identifier: Apache-2.0
// The chart follows the model; zoom and place are the user's and stay when data comes.
import {
  createChart, createTextWatermark, CrosshairMode, HistogramSeries, type HistogramData, type IChartApi,
  type ISeriesApi, type ITextWatermarkPluginApi, type LogicalRange, type MouseEventParams, type Time,
  type UTCTimestamp, type WhitespaceData,
} from 'lightweight-charts';
import type { BarsListener, Session } from '../state/session';
import type { Merged, TimedBar } from '../market/bar_series';
import { intervalMs } from '../market/interval';
import type { TimedCandle } from '../market/venue_candles';
import { bandsOf, slotsOf, windowsBetween, type Band, type Slot } from '../market/windows';
import type { Actions } from '../page/actions';
import type { Model } from '../state/model';
import { formatDecimal, toPixelValue } from '../text/decimal';
import { type Candle, candleOf, CandleView } from './candles';
import { GapBands } from './gap_bands';
import { type Palette, readPalette } from './palette';
import { Readout, spokenBar, type ReadoutOf } from './readout';
import { startLabel, tickLabel } from './time_labels';
import { type TheirCandle, theirCandleOf, TheirView } from './venue_candles';

/** History is asked for when so few bars are left on the left. */
const BARS_BEFORE_EDGE = 60;
const RANGE_WRITTEN_AFTER_MS = 300;
/** Of a bar in pixels: few bars are wide, so that the chart is full from the first ones on. */
const SPACING = { min: 9, max: 30 } as const;
const BARS_OF_AIR = 3;
const seconds = (ms: number): UTCTimestamp => (ms / 1000) as UTCTimestamp;
const msOf = (time: Time): number => (time as number) * 1000;

export class ChartView implements BarsListener {
  private palette: Palette = readPalette();
  private readonly chart: IChartApi;
  private readonly candles: ISeriesApi<'Custom'>;
  private readonly volume: ISeriesApi<'Histogram'>;
  private readonly theirs: ISeriesApi<'Custom'>;
  private theirsShown: readonly TimedCandle[] = [];
  private readonly bands = new GapBands(() => this.palette);
  private readonly readout = new Readout();
  private watermark: ITextWatermarkPluginApi<Time> | null = null;
  private readonly pending = new Map<number, TimedBar>();
  private mustReplace = true;
  private lastSlot: number | null = null;
  private isPlaced = false;
  private isLive = true;
  /** From then on zoom and place are the user's. */
  private isTouched = false;
  private cursor: number | null = null;
  private formattedFor = '';
  private rangeTimer = 0;

  constructor(
    canvas: HTMLElement, private readonly model: Model, private readonly session: Session,
    private readonly actions: Actions, private readonly liveChanged: (isLive: boolean) => void,
  ) {
    // The library's logo brings a style element, which the policy refuses: the page's foot names it.
    this.chart = createChart(canvas, { autoSize: true, layout: { attributionLogo: false } });
    this.candles = this.chart.addCustomSeries(new CandleView(() => this.palette), { priceLineVisible: true });
    this.volume = this.chart.addSeries(HistogramSeries, {
      priceScaleId: 'volume', lastValueVisible: false, priceLineVisible: false,
    });
    this.theirs = this.chart.addCustomSeries(new TheirView(() => this.palette), {
      lastValueVisible: false, priceLineVisible: false,
    });
    this.candles.attachPrimitive(this.bands);
    this.applyTheme();
    this.chart.priceScale('volume').applyOptions({ scaleMargins: { top: 0.84, bottom: 0 }, visible: false });
    this.candles.priceScale().applyOptions({ scaleMargins: { top: 0.08, bottom: 0.2 } });
    this.chart.subscribeCrosshairMove((event) => this.pointed(event));
    this.chart.subscribeClick((event) => {
      // Nothing explains what only the venue says.
      if (event.time !== undefined && !this.theirsAt(msOf(event.time))) this.actions.explain(msOf(event.time));
    });
    this.chart.timeScale().subscribeVisibleLogicalRangeChange((range) => this.moved(range));
    for (const event of ['wheel', 'pointerdown'] as const) {
      canvas.addEventListener(event, () => { this.isTouched = true; }, { passive: true, capture: true });
    }
  }

  reset(): void {
    this.pending.clear();
    this.mustReplace = true;
    this.isPlaced = this.isTouched = false;
    this.cursor = null;
    this.lastSlot = null;
    this.candles.setData([]);
    this.volume.setData([]);
    this.showTheirs([]);
    this.readout.clear();
  }

  merged({ changed, inserted, dropped }: Merged): void {
    for (const timed of changed) this.pending.set(timed.at, timed);
    this.mustReplace ||= inserted || dropped;
  }

  get theirsCount(): number { return this.theirsShown.length; }
  get stepMs(): number { return intervalMs(this.model.view.interval ?? '') ?? 60_000; }

  draw(): void {
    const isEmpty = this.model.bars.length === 0 && this.session.theirsShown.length === 0;
    if (isEmpty || !this.model.selected) return;
    this.formatPrices();
    if (this.mustReplace || this.pending.size > 50) this.replaceAll();
    else this.updatePending();
    this.pending.clear();
    if (this.mustReplace || this.session.theirsShown !== this.theirsShown) this.showTheirs(this.session.theirsShown);
    this.mustReplace = false;
    this.bands.show(this.visibleBands(), this.model.view.panel === 'explain' ? this.model.view.start : null);
    if (!this.isPlaced) this.place();
    if (!this.isTouched) this.fill();
    this.showReadout();
  }

  applyTheme(): void {
    this.palette = readPalette();
    const { palette } = this;
    this.chart.applyOptions({
      layout: {
        background: { color: palette.surface }, textColor: palette.quiet, fontFamily: palette.font,
        fontSize: 11,
      },
      grid: { vertLines: { color: palette.grid }, horzLines: { color: palette.grid } },
      rightPriceScale: { borderVisible: false },
      timeScale: {
        borderVisible: false, timeVisible: true, secondsVisible: this.stepMs < 60_000, rightOffset: BARS_OF_AIR,
        minBarSpacing: 1, tickMarkFormatter: tickLabel,
      },
      crosshair: {
        mode: CrosshairMode.Normal,
        vertLine: { color: palette.faint, labelBackgroundColor: palette.quiet },
        horzLine: { color: palette.faint, labelBackgroundColor: palette.quiet },
      },
      localization: { timeFormatter: (time: number) => startLabel(time * 1000, this.stepMs) },
    });
    this.watermark?.applyOptions({ lines: this.watermarkLines() });
    this.mustReplace = true;
  }

  /** The word across the chart of a market that was made up: a picture of it says so too. */
  showMode(isSimulated: boolean): void {
    const pane = this.chart.panes()[0];
    if (!pane || isSimulated === (this.watermark !== null)) return;
    if (isSimulated) this.watermark = createTextWatermark(pane, { horzAlign: 'center', vertAlign: 'center', lines: this.watermarkLines() });
    else { this.watermark?.detach(); this.watermark = null; }
  }

  goLive(): void {
    this.cursor = null;
    this.chart.clearCrosshairPosition();
    this.chart.timeScale().scrollToRealTime();
  }

  zoom(factor: number): void {
    const range = this.chart.timeScale().getVisibleLogicalRange();
    if (!range) return;
    this.isTouched = true;
    const width = Math.min(2000, Math.max(10, (range.to - range.from) * factor));
    const right = this.isLive ? range.to : (range.from + range.to + width) / 2;
    this.chart.timeScale().setVisibleLogicalRange({ from: right - width, to: right });
  }

  /** The keyboard's crosshair: from bar to bar, scrolling along. */
  step(by: number): void {
    const { bars } = this.model;
    if (bars.length === 0) return;
    const from = this.cursor === null ? bars.length : bars.lowerBound(this.cursor);
    const timed = bars.all[Math.min(bars.length - 1, Math.max(0, from + by))];
    if (!timed) return;
    this.cursor = timed.at;
    this.reveal(timed.at);
    const price = timed.bar.close ?? this.model.selected?.last?.price ?? null;
    this.chart.setCrosshairPosition(toPixelValue(price), seconds(timed.at), this.candles);
    this.showReadout();
    const of = this.readoutOf(timed.at);
    if (of) this.actions.announce(spokenBar(of));
  }

  explainCursor(): void {
    const at = this.cursor ?? this.model.bars.last?.at;
    if (at !== undefined) this.actions.explain(at);
  }

  private reveal(at: number): void {
    const scale = this.chart.timeScale();
    const range = scale.getVisibleLogicalRange();
    const index = scale.timeToIndex(seconds(at), true) as number | null;
    if (!range || index === null) return;
    const shift = index < range.from + 1 ? index - range.from - 1 : index > range.to - 1 ? index - range.to + 1 : 0;
    if (shift !== 0) scale.setVisibleLogicalRange({ from: range.from + shift, to: range.to + shift });
  }

  private watermarkLines(): { text: string; color: string; fontSize: number; fontFamily: string; fontStyle: string }[] {
    return [{ text: 'SIMULATED', color: `${this.palette.faint}22`, fontSize: 56, fontFamily: this.palette.font, fontStyle: '600' }];
  }

  private formatPrices(): void {
    const instrument = this.model.selected;
    const key = `${instrument?.instrument} ${instrument?.price_decimals} ${this.stepMs}`;
    if (!instrument || key === this.formattedFor) return;
    this.formattedFor = key;
    const decimals = instrument.price_decimals;
    const priceFormat = {
      type: 'custom', minMove: 10 ** -decimals,
      formatter: (price: number) => formatDecimal(price.toFixed(decimals)),
    } as const;
    for (const series of [this.candles, this.theirs]) series.applyOptions({ priceFormat });
    this.chart.timeScale().applyOptions({ secondsVisible: this.stepMs < 60_000 });
  }

  private candle(slot: Slot): Candle | WhitespaceData<UTCTimestamp> {
    return slot.timed ? candleOf(seconds(slot.at), slot.timed.bar, this.palette) : { time: seconds(slot.at) };
  }

  private column(slot: Slot): HistogramData<UTCTimestamp> | WhitespaceData<UTCTimestamp> {
    const time = seconds(slot.at);
    if (!slot.timed) return { time };
    return { time, value: toPixelValue(slot.timed.bar.volume), color: this.palette.volume };
  }

  /** With the empty windows between them and up to our first bar. */
  private showTheirs(shown: readonly TimedCandle[]): void {
    this.theirsShown = shown;
    const data: (TheirCandle | WhitespaceData<UTCTimestamp>)[] = [];
    const ours = this.model.bars.first?.at;
    shown.forEach(({ at, candle }, index) => {
      data.push(theirCandleOf(seconds(at), candle, this.palette));
      const next = shown[index + 1]?.at ?? ours;
      if (next !== undefined) data.push(...windowsBetween(at, next, this.stepMs).map((empty) => ({ time: seconds(empty) })));
    });
    this.theirs.setData(data);
  }

  private theirsAt(at: number): TimedCandle | undefined {
    return this.theirsShown.find((timed) => timed.at === at);
  }

  private replaceAll(): void {
    const slots = slotsOf(this.model.bars.all, this.stepMs);
    this.candles.setData(slots.map((slot) => this.candle(slot)));
    this.volume.setData(slots.map((slot) => this.column(slot)));
    this.lastSlot = slots.at(-1)?.at ?? null;
  }

  private updatePending(): void {
    for (const timed of [...this.pending.values()].sort((a, b) => a.at - b.at)) {
      const last = this.lastSlot;
      const isOlder = last !== null && timed.at < last;
      if (last !== null && !isOlder) {
        for (const at of windowsBetween(last, timed.at, this.stepMs)) this.update({ at }, false);
      }
      this.update({ at: timed.at, timed }, isOlder);
      if (!isOlder) this.lastSlot = timed.at;
    }
  }

  private update(slot: Slot, isOlder: boolean): void {
    this.candles.update(this.candle(slot), isOlder);
    this.volume.update(this.column(slot), isOlder);
  }

  private visibleBands(): Band[] {
    const { bars, gaps, view } = this.model;
    const first = bars.first;
    const last = bars.last;
    if (!first || !last) return [];
    const ours = (gaps ?? []).filter((gap) => gap.instrument === view.instrument);
    return bandsOf(bars.all, ours, this.stepMs).filter((band) => band.to >= first.at && band.from <= last.at);
  }

  private place(): void {
    this.isPlaced = true;
    const { range } = this.model.view;
    this.isTouched = range !== null;
    if (range) void this.placeAt(range);
    else this.chart.timeScale().scrollToPosition(BARS_OF_AIR, false);
  }

  /** Bars as wide as there is room, until there are so many that the chart moves on. */
  private fill(): void {
    const first = this.theirsShown[0] ?? this.model.bars.first;
    const last = this.model.bars.last ?? this.theirsShown.at(-1);
    const scale = this.chart.timeScale();
    if (!first || !last || scale.width() === 0) return;
    const slots = (last.at - first.at) / this.stepMs + 1 + BARS_OF_AIR;
    const barSpacing = Math.min(SPACING.max, Math.max(SPACING.min, scale.width() / slots));
    if (scale.options().barSpacing !== barSpacing) scale.applyOptions({ barSpacing });
  }

  /** A link may name a time that is older than what was loaded. */
  private async placeAt(range: { from: number; to: number }): Promise<void> {
    while ((this.model.bars.first?.at ?? 0) > range.from && await this.session.loadOlderBars());
    this.draw();
    if (this.model.bars.length === 0) return;
    this.chart.timeScale().setVisibleRange({ from: seconds(range.from), to: seconds(range.to) });
  }

  private moved(range: LogicalRange | null): void {
    if (!range || this.lastSlot === null) return;
    if (range.from < BARS_BEFORE_EDGE) {
      if (this.session.olderBarsMayExist) void this.session.loadOlderBars();
      else if (this.session.olderTheirsMayExist) this.session.loadOlderTheirs();
    }
    const last = this.chart.timeScale().timeToIndex(seconds(this.lastSlot), true) as number | null;
    const isLive = last === null || range.to >= last - 0.5;
    if (isLive !== this.isLive) { this.isLive = isLive; this.liveChanged(isLive); }
    window.clearTimeout(this.rangeTimer);
    this.rangeTimer = window.setTimeout(() => this.writeRange(), RANGE_WRITTEN_AFTER_MS);
  }

  private writeRange(): void {
    if (!this.isPlaced) return;
    const range = this.isLive ? null : this.chart.timeScale().getVisibleRange();
    this.actions.setRange(range ? { from: msOf(range.from), to: msOf(range.to) } : null);
  }

  private pointed(event: MouseEventParams): void {
    if (event.sourceEvent === undefined && event.point !== undefined) return;
    this.cursor = event.time === undefined ? null : msOf(event.time);
    this.showReadout();
  }

  private readoutOf(at: number): ReadoutOf | null {
    const instrument = this.model.selected;
    return instrument && { at, instrument, bar: this.model.bars.at(at) ?? null, theirs: this.theirsAt(at)?.candle ?? null, stepMs: this.stepMs };
  }

  private showReadout(): void {
    const at = this.cursor ?? this.model.bars.last?.at;
    const of = at === undefined ? null : this.readoutOf(at);
    if (of) this.readout.show(of);
  }
}
