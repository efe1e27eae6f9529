// SPDX-License-Identifier: Apache-2.0
// Candles as a series of our own: rising hollow, falling filled, and each quality as in the legend.
import type { CanvasRenderingTarget2D } from 'fancy-canvas';
import {
  type CustomBarItemData, type CustomData, type CustomSeriesOptions, type CustomSeriesPricePlotValues,
  type CustomSeriesWhitespaceData, customSeriesDefaultOptions, type ICustomSeriesPaneRenderer,
  type ICustomSeriesPaneView, type PaneRendererCustomData, type PriceToCoordinateConverter, type UTCTimestamp,
  type WhitespaceData,
} from 'lightweight-charts';
import type { Bar } from '../contract';
import { compareDecimals, toPixelValue } from '../text/decimal';
import { hatch } from './hatch';
import type { Palette } from './palette';

export interface Candle extends CustomData<UTCTimestamp> {
  bar: Bar;
  open: number;
  high: number;
  low: number;
  close: number;
  direction: -1 | 0 | 1;
}

/** Where a bar has no price there is nothing to draw. */
export function candleOf(time: UTCTimestamp, bar: Bar, palette: Palette): Candle | WhitespaceData<UTCTimestamp> {
  if (bar.open === null || bar.close === null) return { time };
  const direction = compareDecimals(bar.open, bar.close) < 0 ? 1
    : compareDecimals(bar.open, bar.close) > 0 ? -1 : 0;
  return {
    time, bar, direction,
    open: toPixelValue(bar.open), high: toPixelValue(bar.high),
    low: toPixelValue(bar.low), close: toPixelValue(bar.close),
    color: direction < 0 ? palette.down : palette.up,
  };
}

type Item = CustomBarItemData<UTCTimestamp, Candle>;

interface Drawing {
  context: CanvasRenderingContext2D;
  ratio: number;
  width: number;
  y(price: number): number;
}

class CandleRenderer implements ICustomSeriesPaneRenderer {
  data: PaneRendererCustomData<UTCTimestamp, Candle> | null = null;

  constructor(private readonly palette: () => Palette) {}

  draw(target: CanvasRenderingTarget2D, toY: PriceToCoordinateConverter): void {
    const { data } = this;
    if (!data?.visibleRange) return;
    const range = data.visibleRange;
    target.useBitmapCoordinateSpace(({ context, horizontalPixelRatio, verticalPixelRatio }) => {
      const ratio = verticalPixelRatio;
      const drawing: Drawing = {
        context, ratio,
        width: bodyWidth(data.barSpacing * horizontalPixelRatio),
        y: (price) => Math.round((toY(price) ?? 0) * ratio),
      };
      for (let index = range.from; index < range.to; index += 1) {
        const item = data.bars[index];
        if (item) this.candle(drawing, Math.round(item.x * horizontalPixelRatio), item);
      }
    });
  }

  private candle(drawing: Drawing, x: number, item: Item): void {
    const { context, ratio, width, y } = drawing;
    const palette = this.palette();
    const { originalData: candle } = item;
    const colour = candle.direction < 0 ? palette.down : palette.up;
    const line = Math.max(1, Math.round(ratio));
    const high = y(candle.high);
    const low = y(candle.low);
    const top = Math.min(y(candle.open), y(candle.close));
    const height = Math.max(line, Math.abs(y(candle.open) - y(candle.close)));
    const left = x - Math.floor(width / 2);
    const { quality } = candle.bar;

    context.globalAlpha = quality === 'unknown' ? 0.42 : 1;
    context.fillStyle = colour;
    const wick = x - Math.floor(line / 2);
    context.fillRect(wick, high, line, Math.max(0, top - high));
    context.fillRect(wick, top + height, line, Math.max(0, low - top - height));
    if (width < 3 * line) context.fillRect(left, top, width, height);
    else this.body(drawing, { x: left, y: top, width, height }, candle, colour);
    context.globalAlpha = 1;
    this.signs(drawing, x, { high, low, left }, candle);
  }

  private body(
    { context, ratio }: Drawing, box: { x: number; y: number; width: number; height: number },
    candle: Candle, colour: string,
  ): void {
    const palette = this.palette();
    const line = Math.max(1, Math.round(ratio));
    const isHollow = candle.direction >= 0;
    const isGap = candle.bar.quality === 'gap';
    context.fillStyle = isHollow || isGap ? palette.surface : colour;
    context.fillRect(box.x, box.y, box.width, box.height);
    if (isGap) hatch(context, box, 4 * ratio, colour, line);
    if (!isHollow && !isGap) return;
    if (box.height <= 2 * line) {
      context.fillStyle = colour;
      context.fillRect(box.x, box.y, box.width, box.height);
      return;
    }
    context.strokeStyle = colour;
    context.lineWidth = line;
    const half = line / 2;
    context.strokeRect(box.x + half, box.y + half, box.width - line, box.height - line);
  }

  /** What the bar's numbers are worth, and that they changed after they were final. */
  private signs(
    { context, ratio, width }: Drawing, x: number, place: { high: number; low: number; left: number },
    { bar }: Candle,
  ): void {
    const palette = this.palette();
    if (width < 2 * ratio) return;
    const size = Math.max(1.5, Math.min(2.5, width / (4 * ratio))) * ratio;
    if (bar.quality === 'repaired') {
      context.fillStyle = palette.accent;
      disc(context, x, place.high - 6 * ratio, size);
      context.fill();
    }
    if (bar.revision > 0) {
      context.fillStyle = palette.text;
      const tick = Math.max(3 * ratio, Math.min(width, 7 * ratio));
      context.fillRect(Math.round(x - tick / 2), place.low + Math.round(4 * ratio), Math.round(tick), Math.round(1.5 * ratio));
    }
    if (bar.cause === 'late_trade') {
      context.strokeStyle = palette.text;
      context.lineWidth = ratio;
      disc(context, x, place.low + 11 * ratio, size);
      context.stroke();
    }
    if (bar.state === 'provisional' && width >= 4 * ratio) {
      const frame = 3 * ratio;
      context.strokeStyle = palette.quiet;
      context.lineWidth = Math.max(1, Math.round(ratio));
      context.setLineDash([3 * ratio, 2 * ratio]);
      const side = width + 2 * frame;
      context.strokeRect(place.left - frame + 0.5, place.high - frame + 0.5, side, place.low - place.high + 2 * frame);
      context.setLineDash([]);
    }
  }
}

function disc(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  context.beginPath();
  context.arc(x + 0.5, y, radius, 0, 2 * Math.PI);
}

/** Odd, so that the wick stands in the middle; some air between bars. */
function bodyWidth(spacing: number): number {
  const width = Math.max(1, Math.floor(spacing * 0.64));
  return width % 2 === 0 && width > 1 ? width - 1 : width;
}

export class CandleView implements ICustomSeriesPaneView<UTCTimestamp, Candle> {
  private readonly view: CandleRenderer;

  constructor(palette: () => Palette) { this.view = new CandleRenderer(palette); }

  renderer(): ICustomSeriesPaneRenderer { return this.view; }
  update(data: PaneRendererCustomData<UTCTimestamp, Candle>): void { this.view.data = data; }
  priceValueBuilder(candle: Candle): CustomSeriesPricePlotValues { return [candle.high, candle.low, candle.close]; }
  defaultOptions(): CustomSeriesOptions { return customSeriesDefaultOptions; }
  isWhitespace(
    data: Candle | CustomSeriesWhitespaceData<UTCTimestamp>,
  ): data is CustomSeriesWhitespaceData<UTCTimestamp> {
    return (data as Candle).bar === undefined;
  }
}
