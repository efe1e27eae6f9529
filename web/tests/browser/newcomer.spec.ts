// SPDX-License-Identifier: Apache-2.0
// The demo as somebody gets it who gives no option: whole until the button is pressed, and then the hole
// that it made is the first in the list, until it is repaired.
import type { Gap } from '../../src/contract';
import { gapKey } from '../../src/market/story';
import { Program } from './support/program';
import { axeFindings, expect, open, test } from './support/test';

test.use({ viewport: { width: 1280, height: 800 } });
test.setTimeout(90_000);

test('the first screen answers, and the button makes the hole', async ({ page }) => {
  // So that there is time to look at it.
  const program = await Program.plain(['--no-backfill']);
  try {
    await open(page, program);
    await expect(page.locator('#plot')).toHaveAttribute('data-bars', /^(1\d|[2-9]\d)/, { timeout: 30_000 });
    // The busiest of the first seconds: both venues trade it alike.
    await expect(page).toHaveURL(/instrument=(coinbase:BTC-USD|binance:BTC-USDT)&interval=1s$/);
    const venue = /instrument=([a-z]+):/.exec(page.url())?.[1] ?? '';
    for (const id of ['verdict', 'holes', 'feeds', 'latency', 'sum']) {
      await expect(page.locator(`#${id}`)).toBeInViewport({ ratio: 1 });
    }
    await expect(page.locator('.price-now').last()).toBeInViewport({ ratio: 1 });
    const rows = await page.locator('.price-row').evaluateAll((all) => all.map((row) => row.id));
    expect(rows).toContain('price-binance:BTC-USDT');
    await expect(page.locator('.verdict-word')).toHaveText('Nothing is missing');
    await expect(page.locator('#chart-price .mark-word')).toHaveText(/^last 1s bar: /);

    const before = new Set((await program.get<{ gaps: Gap[] }>('/api/v1/gaps')).gaps.map(gapKey));
    await page.locator('#drop').click();
    const first = page.locator('.hole').first();
    await expect(first).toHaveAttribute('data-told', '', { timeout: 10_000 });
    await expect(first).toContainText(new RegExp(`${venue}:.* ids?`));
    expect(before.has(await first.getAttribute('data-key') ?? '')).toBe(false);
    await expect(first).toBeInViewport({ ratio: 1 });
    await expect(page.locator('#story')).toContainText(/\d ids? in \d holes? after/);
    expect(await axeFindings(page)).toEqual([]);
  } finally {
    await page.close();
    await program.end();
  }
});

test('what the button cut out is repaired, and the page tells it', async ({ page }) => {
  const program = await Program.plain();
  try {
    await open(page, program);
    await expect(page.locator('.verdict-word')).toHaveText('Nothing is missing', { timeout: 30_000 });
    await page.locator('#drop').click();
    await expect(page.locator('#story')).toContainText(/\d ids? in \d holes? after .*Repaired after/, { timeout: 30_000 });
    await expect(page.locator('.verdict-word')).toHaveText('Nothing is missing');
    await expect(page.locator('.hole[data-told]')).toHaveCount(0);
    expect(await axeFindings(page)).toEqual([]);
  } finally {
    await page.close();
    await program.end();
  }
});
