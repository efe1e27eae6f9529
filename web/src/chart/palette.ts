// SPDX-License-Identifier: Apache-2.0
// The canvas knows no CSS: the tokens are read once per theme.
const NAMES = {
  surface: '--surface', text: '--text', quiet: '--text-quiet', faint: '--text-faint', grid: '--grid',
  line: '--line-strong', accent: '--accent', up: '--up', down: '--down', volume: '--volume',
  look: '--look-line',
} as const;

export type Palette = Record<keyof typeof NAMES | 'font', string>;

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const entries = Object.entries(NAMES).map(([key, name]) => [key, style.getPropertyValue(name).trim()]);
  return { ...Object.fromEntries(entries), font: getComputedStyle(document.body).fontFamily } as Palette;
}
