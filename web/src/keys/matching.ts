// SPDX-License-Identifier: Apache-2.0
export interface Entry { name: string; kind: string; run(): void }

const SHOWN_MAX = 50;

/** Every word of what was typed is somewhere in the entry; those that begin with it come first. */
export function matching(entries: readonly Entry[], typed: string): Entry[] {
  const words = typed.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const hits = entries.filter((entry) => {
    const text = `${entry.name} ${entry.kind}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const first = words[0];
  if (first === undefined) return hits.slice(0, SHOWN_MAX);
  const begins = (entry: Entry): number => Number(entry.name.toLowerCase().startsWith(first));
  return hits.sort((a, b) => begins(b) - begins(a)).slice(0, SHOWN_MAX);
}
