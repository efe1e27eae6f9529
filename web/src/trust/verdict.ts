// SPDX-License-Identifier: Apache-2.0
// The answer to "can I trust these prices right now?", in one line and one reason.
import type { Feed, Gap, Status } from '../contract';
import { unaccounted } from '../market/conservation';
import { countOf, formatCount } from '../text/decimal';

export interface Verdict {
  level: 'good' | 'look' | 'wrong' | 'waiting';
  word: string;
  why: string;
  /** What to type. */
  command?: string;
}

export interface Known {
  connected: boolean;
  status: Status | null;
  gaps: readonly Gap[] | null;
  /** Of the holes, those that the list has no room for. */
  gapsLeftOut: number;
  feeds: readonly Feed[] | null;
}

const GOOD_STATES = new Set(['streaming', 'live', 'connected', 'subscribed', 'up']);
export const isGoodState = (state: string): boolean => GOOD_STATES.has(state);

export function judge({ connected, status, gaps, gapsLeftOut, feeds }: Known): Verdict {
  if (!connected) return { level: 'wrong', word: 'Not connected', why: 'Nothing here is current.' };
  if (!status || !gaps || !feeds) return { level: 'waiting', word: 'Looking', why: '' };
  const person = status.needs_a_person[0];
  if (person) return { level: 'wrong', word: 'Needs a person', ...wayOut(`${person.part}: ${person.text}`) };
  const rest = unaccounted(status.items);
  if (rest !== 0) {
    return { level: 'wrong', word: 'The sum is wrong', why: `${formatCount(rest)} items ended nowhere.` };
  }
  if (feeds.length === 0) {
    return { level: 'waiting', word: 'No feed', why: 'Nothing is received, so nothing can be missing.' };
  }
  const away = feeds.filter((feed) => !isGoodState(feed.state));
  const { repaired } = status.missing;
  const { ids: missing, holes, unrecoverable } = gapsLeftOut > 0 ? status.missing : countsOf(gaps);
  const open = holesText(holes, missing);
  const isRepairing = status.backfill.length > 0;
  if (status.ending) {
    const waits = isRepairing && missing > unrecoverable ? `${open}: asked for before it ends.` : 'What is left is stored.';
    return { level: 'look', word: 'Ending', why: `The connections are closed. ${waits}` };
  }
  if (away.length > 0) {
    const names = away.map((feed) => feed.venue).join(', ');
    // Before its first frame nobody knows where to begin.
    const isFetched = away.every((feed) =>
      feed.frames > 0 && status.backfill.some((asked) => asked.venue === feed.venue));
    const meanwhile = isFetched ? 'What it sends now is fetched on return.' : 'What it sends now does not arrive.';
    return { level: 'look', word: `${names} ${away.length > 1 ? 'are' : 'is'} away`, why: open ?? meanwhile };
  }
  if (open) return { level: 'look', word: open, why: fateOf(missing, unrecoverable, isRepairing) };
  const mended = repaired > 0 ? `; ${formatCount(repaired)} ${repaired === 1 ? 'trade' : 'trades'} by back-fill` : '';
  return {
    level: 'good', word: 'Nothing is missing',
    why: `${formatCount(status.items.received)} items received, each accounted for${mended}.`,
  };
}

/** The last command of a text, which has to stand there whole however long the text is. */
function wayOut(text: string): { why: string; command?: string } {
  const command = /`([^`]+)`[^`]*$/.exec(text)?.[1];
  return command === undefined ? { why: text } : { why: text, command };
}

/** What will become of ids that are missing. */
function fateOf(missing: number, unrecoverable: number, isRepairing: boolean): string {
  if (unrecoverable >= missing) return 'The venue no longer has them: their bars stay marked gap.';
  if (unrecoverable > 0) return `${formatCount(unrecoverable)} of them the venue no longer has; the others are asked for.`;
  return isRepairing ? 'Their bars are marked gap until back-fill brings them.' : 'The bars they belong to are marked gap.';
}

/** By the holes that are listed beside it, as long as all are: the status is of another moment. */
function countsOf(gaps: readonly Gap[]): { ids: number; holes: number; unrecoverable: number } {
  const sum = (list: readonly Gap[]): number => list.reduce((ids, gap) => ids + gap.ids, 0);
  return {
    ids: sum(gaps), holes: gaps.length,
    unrecoverable: sum(gaps.filter(({ state }) => state === 'unrecoverable')),
  };
}

function holesText(holes: number, ids: number): string | null {
  if (holes === 0 && ids === 0) return null;
  return `${countOf(ids, 'id')} missing in ${countOf(holes, 'hole')}`;
}

/** Where nothing came, nothing can be said of what is missing. */
export function noHoleText(received: number): string {
  return received > 0 ? 'No hole is open.' : 'Nothing was received yet: holes are known from the first ids on.';
}
