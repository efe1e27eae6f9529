// SPDX-License-Identifier: Apache-2.0
// What the signs of the chart and the lists mean, drawn with the same strokes.
import { h, svg } from '../page/dom';
import { showDialog } from './dialog';

const at = (name: string, attributes: Record<string, string | number>): SVGElement => svg(name, attributes);

const rising = (): SVGElement[] => [
  at('path', { class: 'wick', d: 'M28 6V12M28 30V38' }), at('rect', { class: 'hollow', x: 22, y: 12, width: 12, height: 18 }),
];
const falling = (): SVGElement[] => [
  at('path', { class: 'wick-down', d: 'M28 6V12M28 30V38' }), at('rect', { class: 'body-down', x: 22, y: 12, width: 12, height: 18 }),
];
function hatched(x: number, width: number): SVGElement {
  const lines = [];
  for (let offset = -44; offset < width; offset += 6) {
    const from = Math.max(0, offset);
    const to = Math.min(width, offset + 44);
    if (to > from) lines.push(`M${x + from} ${from - offset}L${x + to} ${to - offset}`);
  }
  return at('path', { class: 'hatch', d: lines.join('') });
}

const ENTRIES: [string, string, () => SVGElement[]][] = [
  ['Rising', 'hollow: the close is above the open', rising],
  ['Falling', 'filled: the close is below the open', falling],
  ['Complete', 'plain: every id of the window is here', rising],
  ['Repaired', 'a dot: every id is here, some by back-fill', () => [...falling(), at('circle', { class: 'dot-mark', cx: 28, cy: 3, r: 2.5 })]],
  ['Gap', 'hatched: ids are known to be missing; the band covers the windows between their neighbours', () => [hatched(4, 48), ...rising()]],
  ['Unknown', 'dimmed: nothing proves the window whole, or not yet', () => {
    const dim = svg('g', { class: 'dim' }, ...falling());
    return [dim];
  }],
  ['Provisional', 'outlined: the window is still open', () => [...rising(), at('rect', { class: 'outline', x: 18, y: 2, width: 20, height: 40 })]],
  ['Revised', 'a tick under the bar: it changed after it was final', () => [...falling(), at('path', { class: 'tick', d: 'M23 42H33' })]],
  ['Late trade', 'a ring under the tick: a trade came after the window had closed', () => [
    svg('g', { transform: 'translate(0 -8)' }, ...falling(), at('path', { class: 'tick', d: 'M23 42H33' })),
    at('circle', { class: 'late-mark', cx: 28, cy: 40, r: 2.5 })]],
  ["The venue's own", 'grey and narrow, under a line: what the venue says of the time before our first bar; no trade of ours is in it', () => [
    at('path', { class: 'theirs', d: 'M4 4H52M14 10V40M28 12V34M42 8V38M11 18H17V32H11ZM25 16H31V28H25ZM39 20H45V34H39Z' })]],
];

export function showLegend(): void {
  const list = h('dl', { class: 'legend' });
  for (const [name, meaning, draw] of ENTRIES) {
    const picture = svg('svg', { viewBox: '0 0 56 44', 'aria-hidden': 'true' }, ...draw());
    const term = h('dt');
    term.append(picture);
    list.append(term, h('dd', {}, h('b', {}, name), h('br'), meaning));
  }
  showDialog('Legend', list);
}
