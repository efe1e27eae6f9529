// SPDX-License-Identifier: Apache-2.0
export interface Box { x: number; y: number; width: number; height: number }

/** Diagonal lines across a box, all on one grid, so that neighbours join without a seam. */
export function hatch(
  context: CanvasRenderingContext2D, box: Box, step: number, colour: string, lineWidth: number,
): void {
  context.save();
  context.beginPath();
  context.rect(box.x, box.y, box.width, box.height);
  context.clip();
  context.strokeStyle = colour;
  context.lineWidth = lineWidth;
  context.beginPath();
  const first = Math.floor((box.x - box.height) / step) * step;
  const shift = ((box.y % step) + step) % step;
  for (let x = first - step; x < box.x + box.width + step; x += step) {
    context.moveTo(x - shift, box.y);
    context.lineTo(x - shift + box.height, box.y + box.height);
  }
  context.stroke();
  context.restore();
}
