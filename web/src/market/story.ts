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

/** Follows the open holes of one venue from the moment of the cut; holes from before do not count. */
export class StoryTeller {
  private before = new Set<string>();
  story: Story | null = null;

  begin(venue: string, at: number, gaps: readonly Gap[]): void {
    this.before = new Set(gaps.map(gapKey));
    this.story = { venue, cutAt: at, openedAt: null, repairedAt: null, ids: 0, holes: 0, lost: 0 };
  }

  end(): void { this.story = null; }

  observe(gaps: readonly Gap[], at: number): void {
    const story = this.story;
    if (!story || story.repairedAt !== null) return;
    const ours = gaps.filter((gap) =>
      gap.instrument.startsWith(`${story.venue}:`) && !this.before.has(gapKey(gap)));
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
