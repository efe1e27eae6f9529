// SPDX-License-Identifier: Apache-2.0
// The one visual language for what numbers are worth: complete plain, repaired a dot, gap hatched,
// unknown dimmed, provisional outlined. The chart draws the same on its canvas.
import type { Quality } from '../contract';
import { h, setAttribute, setText } from './dom';

export const MEANING: Record<Quality | 'provisional', string> = {
  complete: 'every id is here',
  repaired: 'every id is here, some by back-fill',
  gap: 'ids are known to be missing',
  unknown: 'nothing proves it whole yet',
  provisional: 'still open',
};

/** A mark with the word beside it for those who cannot see it. */
export function qualityMark(withWord = false): HTMLElement {
  const word = h('span', { class: withWord ? 'mark-word' : 'visually-hidden' });
  return h('span', { class: 'mark' }, h('i', { class: 'mark-sign', 'aria-hidden': 'true' }), word);
}

interface Of { isOpen?: boolean; of?: string }

/** `of` says whose quality it is, where that does not stand beside it. */
export function showQuality(mark: HTMLElement, quality: Quality | null, { isOpen = false, of = '' }: Of = {}): void {
  const shown = quality ?? 'unknown';
  const whose = of === '' ? '' : `${of}: `;
  setAttribute(mark, 'data-quality', shown);
  setAttribute(mark, 'data-open', isOpen);
  setAttribute(mark, 'title', `${whose}${shown}, ${MEANING[shown]}${isOpen ? '; provisional' : ''}`);
  const word = mark.lastElementChild;
  if (word) setText(word, `${whose}${isOpen ? `${shown}, provisional` : shown}`);
}

/** The price beside it is newer than what has a quality: the last bar that closed. */
export const lastBar = (interval: string | null | undefined): string => `last ${interval ?? ''} bar`;
