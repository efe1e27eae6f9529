// SPDX-License-Identifier: Apache-2.0
// What follows on a dropped connection: cut, hole seen, hole closed by back-fill.
import type { Gap } from '../contract';

export interface Story {
  venue: string;
  cutAt: number;
  openedAt: number | null;
  repairedAt: number | null;
  /** The most ids that were missing at once, and of how many holes. */
  ids: number;
  holes: number;
  /** Of these, ids that the venue no longer has. */
  lost: number;
}

export const gapKey = (gap: Gap): string =>
  `${gap.instrument} ${gap.channel} ${gap.from_id} ${gap.to_id}`;

/** "5" alone, or both ends. */
export const idsOf = (gap: Gap): string =>
  gap.from_id === gap.to_id ? gap.from_id : `${gap.from_id}\u2013${gap.to_id}`;

/** Those of the story on top, then the newest first. */
export function newestFirst(gaps: readonly Gap[], isTold: (gap: Gap) => boolean): Gap[] {
  const at = (gap: Gap): string => gap.from_time ?? '';
  return [...gaps].sort((a, b) =>
    Number(isTold(b)) - Number(isTold(a)) || (at(a) < at(b) ? 1 : at(a) > at(b) ? -1 : 0));
}

/** Follows the open holes of one venue from the moment of the cut; holes from before do not count. */
export class StoryTeller {
  private before = new Set<string>();
  story: Story | null = null;

  begin(venue: string, at: number, gaps: readonly Gap[]): void {
    this.before = new Set(gaps.map(gapKey));
    this.story = { venue, cutAt: at, openedAt: null, repairedAt: null, ids: 0, holes: 0, lost: 0 };
  }

  end(): void { this.story = null; }

  /** Whether the hole opened after the cut that is told of. */
  tellsOf(gap: Gap): boolean {
    return this.story !== null && gap.instrument.startsWith(`${this.story.venue}:`)
      && !this.before.has(gapKey(gap));
  }

  observe(gaps: readonly Gap[], at: number): void {
    const story = this.story;
    if (!story || story.repairedAt !== null) return;
    const ours = gaps.filter((gap) => this.tellsOf(gap));
    const lost = ours.filter((gap) => gap.state === 'unrecoverable');
    const open = ours.filter((gap) => gap.state !== 'unrecoverable');
    story.lost = lost.reduce((sum, gap) => sum + gap.ids, 0);
    if (open.length > 0) {
      story.openedAt ??= at;
      story.ids = Math.max(story.ids, open.reduce((sum, gap) => sum + gap.ids, 0));
      story.holes = Math.max(story.holes, open.length);
    } else if (story.openedAt !== null) {
      story.repairedAt = at;
    }
  }
}
