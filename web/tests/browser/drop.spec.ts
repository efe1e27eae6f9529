// SPDX-License-Identifier: Apache-2.0
// The demo's button: a hole opens within a second, with the same ids in page, API, metrics and audit;
// with back-fill it is repaired soon, and the bars that it touched say so.
import type { Bar, Gap } from '../../src/contract';
import { gapKey } from '../../src/market/story';
import { Program } from './support/program';
import { expect, open, test } from './support/test';

const HOLE_MS = 1_000;
const AGREE_MS = 15_000;
const REPAIR_MS = 15_000;

/** As `tapeline audit` writes them: "hole coinbase:BTC-USD trades ids 5..9 between ...". */
const holesOfAudit = (text: string): string[] =>
  [...text.matchAll(/^hole (\S+) (\S+) ids (\d+)\.\.(\d+) /gm)].map((m) => `${m[1]} ${m[2]} ${m[3]} ${m[4]}`);

const missingOfMetrics = (text: string): number =>
  [...text.matchAll(/^tapeline_ledger_missing_ids\{[^}]*\} (\d+)$/gm)].reduce((sum, m) => sum + Number(m[1]), 0);

const agree = ([api, page, audit, ids]: string[][]): boolean =>
  (api ?? []).length > 0 && String(page) === String(api) && String(audit) === String(api) && ids?.[0] === ids?.[1];

test('a dropped connection opens a hole, the same everywhere', async ({ page }) => {
  const program = await Program.demo(['--no-backfill'], { keep: true });
  try {
    await open(page, program, '?instrument=coinbase:BTC-USD&interval=1s');
    // Every hole that the page ever showed, and when it showed the first; and each moment at which the
    // coverage beside it said that nothing of that instrument is missing.
    await page.evaluate(() => {
      const seen = new Map<string, number>();
      const denied: string[] = [];
      Object.assign(window, { seen, denied });
      new MutationObserver(() => {
        const names = [...document.querySelectorAll('.coverage-name')];
        for (const hole of document.querySelectorAll<HTMLElement>('.hole[data-key]')) {
          const key = hole.dataset['key'] ?? '';
          if (!seen.has(key)) seen.set(key, performance.now());
          const row = names.find((name) => name.getAttribute('title') === key.split(' ')[0]);
          const percent = row?.nextElementSibling?.nextElementSibling?.textContent ?? 'no row';
          if (percent.startsWith('100') || percent === 'no row') denied.push(`${key}: ${percent}`);
        }
      }).observe(document.querySelector('#holes') as Element, { childList: true, subtree: true });
    });
    await expect(page.locator('.no-hole').first()).toBeVisible();

    const clicked = await page.evaluate(() => {
      document.querySelector<HTMLElement>('#drop')?.click();
      return performance.now();
    });
    // Holes open stream by stream, as each brings its next id: four places agree once all have.
    const end = Date.now() + AGREE_MS;
    let keys: string[][] = [];
    let gaps: Gap[] = [];
    do {
      ({ gaps } = await program.get<{ gaps: Gap[] }>('/api/v1/gaps'));
      const audit = await Program.ask(['--data-dir', program.dataFolder, 'audit']);
      const onPage = await page.locator('.hole[data-key]').evaluateAll(
        (holes) => holes.map((hole) => (hole as HTMLElement).dataset['key'] ?? ''));
      keys = [gaps.map(gapKey).sort(), onPage.sort(), holesOfAudit(audit).sort(),
        [String(gaps.reduce((sum, gap) => sum + gap.ids, 0)), String(missingOfMetrics(await program.metrics()))]];
    } while (Date.now() < end && !agree(keys));
    expect(keys[0]?.length).toBeGreaterThan(0);
    expect(keys[1]).toEqual(keys[0]);
    expect(keys[2]).toEqual(keys[0]);
    expect(keys[3]?.[1]).toEqual(keys[3]?.[0]);

    const shown = await page.evaluate(() => [...(window as unknown as { seen: Map<string, number> }).seen]);
    expect(await page.evaluate(() => (window as unknown as { denied: string[] }).denied)).toEqual([]);
    const first = Math.min(...shown.map(([, at]) => at)) - clicked;
    console.log(`hole on the page after ${Math.round(first)} ms: ${shown.map(([key]) => key).join('; ')}`);
    expect(first).toBeLessThan(HOLE_MS);
    await expect(page.locator('#story li[data-done]')).toHaveCount(3);
    await expect(page.locator('.verdict-word')).toContainText('missing');

    // The bars that it touches say so.
    const gap = gaps.find(({ instrument }) => instrument === 'coinbase:BTC-USD') ?? gaps[0] as Gap;
    await expect.poll(async () => {
      const { bars } = await program.get<{ bars: Bar[] }>(
        `/api/v1/bars?instrument=${encodeURIComponent(gap.instrument)}&interval=1s&limit=60`);
      return bars.filter(({ quality }) => quality === 'gap').length;
    }, { timeout: 15_000 }).toBeGreaterThan(0);
  } finally {
    await page.close();
    await program.end();
  }
});

test('back-fill repairs the hole, and the bars that it touched are marked', async ({ page }) => {
  const program = await Program.demo();
  try {
    await open(page, program, '?instrument=coinbase:BTC-USD&interval=1s');
    await expect(page.locator('.no-hole').first()).toBeVisible();
    // A hole within the first bar's window changes nothing of it: nobody knows what came before.
    await expect(page.locator('#plot')).toHaveAttribute('data-bars', /^([3-9]|\d\d)/);
    await page.locator('#drop').click();
    await expect(page.locator('#story li[data-done]')).toHaveCount(4, { timeout: REPAIR_MS });
    await expect(page.locator('#story')).toContainText('Repaired after');
    await expect(page.locator('.verdict-word')).toHaveText('Nothing is missing');
    await expect(page.locator('.hole[data-key]')).toHaveCount(0);
    // What it says covers nothing of the chart, its axis and its volumes.
    const [story, plot] = [await page.locator('#story').boundingBox(), await page.locator('#plot').boundingBox()];
    expect(story!.y).toBeGreaterThanOrEqual(plot!.y + plot!.height);
    console.log(await page.locator('#story').innerText());
    await expect.poll(async () => {
      const { bars } = await program.get<{ bars: Bar[] }>(
        '/api/v1/bars?instrument=coinbase:BTC-USD&interval=1s&limit=60');
      return bars.filter(({ quality }) => quality === 'repaired').length;
    }, { timeout: REPAIR_MS }).toBeGreaterThan(0);
    const missing = missingOfMetrics(await program.metrics());
    expect(missing).toBe(0);
  } finally {
    await page.close();
    await program.end();
  }
});
