// SPDX-License-Identifier: Apache-2.0
// The venue's own candles, left of where our bars begin: grey and narrow, under a line with their name, so that
// nobody takes one for a bar of ours.
import type { CanvasRenderingTarget2D } from 'fancy-canvas';
import {
  type CustomBarItemData, type CustomData, type CustomSeriesOptions, type CustomSeriesPricePlotValues,
  type CustomSeriesWhitespaceData, customSeriesDefaultOptions, type ICustomSeriesPaneRenderer,
  type ICustomSeriesPaneView, type PaneRendererCustomData, type PriceToCoordinateConverter, type UTCTimestamp,
} from 'lightweight-charts';
import type { VenueCandle } from '../contract';
import { toPixelValue } from '../text/decimal';
import type { Palette } from './palette';

export const THEIR_NAME = "the venue's own candles";

export interface TheirCandle extends CustomData<UTCTimestamp> {
  theirs: VenueCandle;
  open: number;
  high: number;
  low: number;
  close: number;
}

export function theirCandleOf(time: UTCTimestamp, theirs: VenueCandle, palette: Palette): TheirCandle {
  return {
    time, theirs,
    open: toPixelValue(theirs.open), high: toPixelValue(theirs.high),
    low: toPixelValue(theirs.low), close: toPixelValue(theirs.close),
    color: palette.faint,
  };
}

type Item = CustomBarItemData<UTCTimestamp, TheirCandle>;

class TheirRenderer implements ICustomSeriesPaneRenderer {
  data: PaneRendererCustomData<UTCTimestamp, TheirCandle> | null = null;

  constructor(private readonly palette: () => Palette) {}

  draw(target: CanvasRenderingTarget2D, toY: PriceToCoordinateConverter): void {
    const { data } = this;
    if (!data?.visibleRange) return;
    const { from, to } = data.visibleRange;
    const items = data.bars.slice(from, to);
    const first = items[0];
    const last = items.at(-1);
    if (!first || !last) return;
    target.useBitmapCoordinateSpace(({ context, horizontalPixelRatio, verticalPixelRatio }) => {
      const width = Math.max(1, Math.floor(data.barSpacing * horizontalPixelRatio * 0.4));
      for (const item of items) {
        this.candle(context, Math.round(item.x * horizontalPixelRatio), item, width, verticalPixelRatio, toY);
      }
      this.name(context, first.x * horizontalPixelRatio, last.x * horizontalPixelRatio, verticalPixelRatio);
    });
  }

  private candle(
    context: CanvasRenderingContext2D, x: number, { originalData: candle }: Item, width: number, ratio: number,
    toY: PriceToCoordinateConverter,
  ): void {
    const y = (price: number): number => Math.round((toY(price) ?? 0) * ratio);
    const { faint, surface } = this.palette();
    const line = Math.max(1, Math.round(ratio));
    const left = x - Math.floor(width / 2);
    const top = Math.min(y(candle.open), y(candle.close));
    const height = Math.max(line, Math.abs(y(candle.open) - y(candle.close)));
    context.fillStyle = faint;
    context.fillRect(x - Math.floor(line / 2), y(candle.high), line, Math.max(line, y(candle.low) - y(candle.high)));
    context.fillRect(left, top, width, height);
    const isHollow = candle.close >= candle.open && width > 3 * line && height > 2 * line;
    if (!isHollow) return;
    context.fillStyle = surface;
    context.fillRect(left + line, top + line, width - 2 * line, height - 2 * line);
  }

  /** A line over all of them that are in sight, and whose they are. */
  private name(context: CanvasRenderingContext2D, from: number, to: number, ratio: number): void {
    const palette = this.palette();
    const y = 26 * ratio;
    context.fillStyle = palette.faint;
    context.fillRect(Math.round(from), y, Math.max(ratio, Math.round(to - from)), Math.max(1, Math.round(ratio)));
    context.font = `${11 * ratio}px ${palette.font}`;
    context.textAlign = 'right';
    context.textBaseline = 'bottom';
    context.fillStyle = palette.quiet;
    const width = context.measureText(THEIR_NAME).width;
    context.fillText(THEIR_NAME, Math.max(to, width + 4 * ratio), y - 3 * ratio);
  }
}

export class TheirView implements ICustomSeriesPaneView<UTCTimestamp, TheirCandle> {
  private readonly view: TheirRenderer;

  constructor(palette: () => Palette) { this.view = new TheirRenderer(palette); }

  renderer(): ICustomSeriesPaneRenderer { return this.view; }
  update(data: PaneRendererCustomData<UTCTimestamp, TheirCandle>): void { this.view.data = data; }
  priceValueBuilder(candle: TheirCandle): CustomSeriesPricePlotValues { return [candle.high, candle.low, candle.close]; }
  defaultOptions(): CustomSeriesOptions { return customSeriesDefaultOptions; }
  isWhitespace(
    data: TheirCandle | CustomSeriesWhitespaceData<UTCTimestamp>,
  ): data is CustomSeriesWhitespaceData<UTCTimestamp> {
    return (data as TheirCandle).theirs === undefined;
  }
}
