// SPDX-License-Identifier: Apache-2.0
import type { CanvasRenderingTarget2D } from 'fancy-canvas';
import type {
  IChartApi, IPrimitivePaneRenderer, IPrimitivePaneView, ISeriesPrimitive, Logical, SeriesAttachedParameter, Time,
  UTCTimestamp,
} from 'lightweight-charts';
import type { Band } from '../market/windows';
import { hatch } from './hatch';
import type { Palette } from './palette';

/** Bands nearer than this share the label of the first. */
const LABEL_DISTANCE = 44;

/** Hatched bands, as high as the pane, behind the candles: here ids are known to be missing. */
export class GapBands implements ISeriesPrimitive<Time> {
  private chart: IChartApi | null = null;
  private request: (() => void) | null = null;
  private bands: readonly Band[] = [];
  private chosen: number | null = null;

  constructor(private readonly palette: () => Palette) {}

  attached({ chart, requestUpdate }: SeriesAttachedParameter<Time>): void {
    this.chart = chart as IChartApi;
    this.request = requestUpdate;
  }

  /** `chosen` is the start of the bar that is explained. */
  show(bands: readonly Band[], chosen: number | null): void {
    this.bands = bands;
    this.chosen = chosen;
    this.request?.();
  }

  paneViews(): readonly IPrimitivePaneView[] {
    return [{ zOrder: () => 'bottom', renderer: () => this.renderer() }];
  }

  private renderer(): IPrimitivePaneRenderer {
    return { draw: (target) => this.draw(target) };
  }

  private draw(target: CanvasRenderingTarget2D): void {
    const scale = this.chart?.timeScale();
    if (!scale || (this.bands.length === 0 && this.chosen === null)) return;
    const spacing = (scale.logicalToCoordinate(1 as Logical) ?? 0) - (scale.logicalToCoordinate(0 as Logical) ?? 0);
    const palette = this.palette();
    target.useBitmapCoordinateSpace(({ context, bitmapSize, horizontalPixelRatio, verticalPixelRatio }) => {
      const at = this.chosen === null ? null : this.x(this.chosen);
      if (at !== null) {
        context.globalAlpha = 0.18;
        context.fillStyle = palette.accent;
        const left = Math.round((at - spacing / 2) * horizontalPixelRatio);
        context.fillRect(left, 0, Math.max(3, Math.round(spacing * horizontalPixelRatio)), bitmapSize.height);
        context.globalAlpha = 1;
      }
      let labelledTo = -Infinity;
      for (const band of this.bands) {
        const from = this.x(band.from);
        const to = this.x(band.to);
        if (from === null || to === null || to < from) continue;
        const x = Math.round((from - spacing / 2) * horizontalPixelRatio);
        const width = Math.max(2, Math.round((to - from + spacing) * horizontalPixelRatio));
        if (x > bitmapSize.width || x + width < 0) continue;
        const box = { x, y: 0, width, height: bitmapSize.height };
        context.globalAlpha = 0.08;
        context.fillStyle = palette.look;
        context.fillRect(box.x, box.y, box.width, box.height);
        context.globalAlpha = 0.5;
        hatch(context, box, 8 * verticalPixelRatio, palette.look, Math.max(1, verticalPixelRatio * 0.75));
        context.globalAlpha = 1;
        const middle = x + width / 2;
        if (middle - labelledTo < LABEL_DISTANCE * horizontalPixelRatio) continue;
        label(context, palette, middle, verticalPixelRatio);
        labelledTo = middle;
      }
    });
  }

  /** A start that the axis does not show lies at the nearest one that it does. */
  private x(ms: number): number | null {
    const scale = this.chart?.timeScale();
    const index = scale?.timeToIndex((ms / 1000) as UTCTimestamp, true) ?? null;
    return index === null ? null : scale?.logicalToCoordinate(index as unknown as Logical) ?? null;
  }
}

function label(context: CanvasRenderingContext2D, palette: Palette, x: number, ratio: number): void {
  context.font = `600 ${11 * ratio}px ${palette.font}`;
  context.textAlign = 'center';
  context.textBaseline = 'top';
  const width = context.measureText('gap').width + 10 * ratio;
  context.fillStyle = palette.surface;
  context.fillRect(x - width / 2, 4 * ratio, width, 18 * ratio);
  context.fillStyle = palette.text;
  context.fillText('gap', x, 8 * ratio);
}
