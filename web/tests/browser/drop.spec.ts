// SPDX-License-Identifier: Apache-2.0
// The demo's button: a hole opens within a second, with the same ids in page, API, metrics and audit.
import type { Gap } from '../../src/contract';
import { gapKey } from '../../src/market/story';
import { Program } from './support/program';
import { expect, open, test } from './support/test';

const HOLE_MS = 1_000;

test('a dropped connection opens a hole, and back-fill closes it', async ({ page }) => {
  const program = await Program.demo();
  try {
    await open(page, program, '?interval=1s');
    // Every hole that the page ever showed, and when it showed the first.
    await page.evaluate(() => {
      const seen = new Map<string, number>();
      (window as unknown as { seen: Map<string, number> }).seen = seen;
      new MutationObserver(() => {
        for (const hole of document.querySelectorAll<HTMLElement>('.hole[data-key]')) {
          const key = hole.dataset['key'] ?? '';
          if (!seen.has(key)) seen.set(key, performance.now());
        }
      }).observe(document.querySelector('#holes') as Element, { childList: true, subtree: true });
    });
    await expect(page.locator('.no-hole').first()).toBeVisible();

    const fromApi = new Set<string>();
    const missing: number[] = [];
    let audit: Promise<string> | null = null;
    const clicked = await page.evaluate(() => {
      document.querySelector<HTMLElement>('#drop')?.click();
      return performance.now();
    });
    const end = Date.now() + 15_000;
    while (Date.now() < end) {
      const { gaps } = await program.get<{ gaps: Gap[] }>('/api/v1/gaps');
      for (const gap of gaps) fromApi.add(gapKey(gap));
      missing.push(gaps.reduce((sum, gap) => sum + gap.ids, 0));
      if (gaps.length > 0 && program.dataFolder) {
        audit ??= Program.ask(['--data-dir', program.dataFolder, 'audit']);
      }
      if (gaps.length === 0 && fromApi.size > 0) break;
    }
    const shown = await page.evaluate(() => [...(window as unknown as { seen: Map<string, number> }).seen]);
    expect(shown.length).toBeGreaterThan(0);
    const first = Math.min(...shown.map(([, at]) => at)) - clicked;
    test.info().annotations.push({ type: 'measured', description: `hole on the page after ${Math.round(first)} ms` });
    console.log(`hole on the page after ${Math.round(first)} ms: ${shown.map(([key]) => key).join('; ')}`);
    expect(first).toBeLessThan(HOLE_MS);
    for (const [key] of shown) expect(fromApi).toContain(key);
    if (audit) console.log(await audit);

    await expect(page.locator('#story li[data-done]')).toHaveCount(3, { timeout: 15_000 });
    await expect(page.locator('.verdict-word')).toHaveText('Nothing is missing', { timeout: 15_000 });
    await expect(page.locator('#holes .hole')).toHaveCount(0);
  } finally {
    await page.close();
    await program.end();
  }
});
