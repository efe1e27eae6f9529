// SPDX-License-Identifier: Apache-2.0
// npm run screenshots -- --binary PATH: the pictures of the documents, made by the real program.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { packPng } from './support/png';
import { Program } from './support/program';
import { expect, open, test } from './support/test';

const FOLDER = fileURLToPath(new URL('../../../docs/images', import.meta.url));
const BYTES_MAX = 250_000;
const WARM_UP_MS = 20_000;

test.use({ expectedErrors: /WebSocket connection to|ERR_CONNECTION_REFUSED|Failed to load resource/ });
test.setTimeout(240_000);
test.beforeAll(() => { mkdirSync(FOLDER, { recursive: true }); });

async function take(page: Page, name: string): Promise<void> {
  const picture = packPng(await page.screenshot({ animations: 'disabled' }));
  expect(picture.length).toBeLessThan(BYTES_MAX);
  writeFileSync(join(FOLDER, `dashboard-${name}.png`), picture);
}

test('a market with a hole', async ({ page }) => {
  const program = await Program.demo();
  try {
    await page.emulateMedia({ colorScheme: 'light' });
    await open(page, program, '?instrument=coinbase:BTC-USD&interval=1s');
    await page.waitForTimeout(WARM_UP_MS);  // A picture, not a test: some bars to look at.
    await take(page, 'light');
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.waitForTimeout(500);
    await take(page, 'dark');

    await page.locator('#drop').click();
    await expect(page.locator('.hole').first()).toBeVisible({ timeout: 15_000 });
    await take(page, 'hole');
    await expect(page.locator('#story li[data-done]')).toHaveCount(3, { timeout: 60_000 });
    const instrument = 'coinbase:BTC-USD';
    let touched: string | undefined;
    await expect.poll(async () => {
      const { bars } = await program.get<{ bars: { start: string; quality: string }[] }>(
        `/api/v1/bars?instrument=${instrument}&interval=1s&limit=100`);
      touched = bars.findLast((bar) => bar.quality === 'gap')?.start;
      return touched;
    }, { timeout: 30_000 }).toBeTruthy();
    await page.emulateMedia({ colorScheme: 'light' });
    await open(page, program, `?instrument=${instrument}&interval=1s&panel=explain&start=${touched}`);
    await expect(page.locator('#side .revisions')).toBeVisible();
    await page.waitForTimeout(500);
    await take(page, 'explain');

    await page.setViewportSize({ width: 1024, height: 768 });
    await open(page, program, '?instrument=coinbase:BTC-USD&interval=1s');
    await page.waitForTimeout(500);
    await take(page, 'tablet');
    await page.setViewportSize({ width: 360, height: 740 });
    await open(page, program, '?instrument=coinbase:BTC-USD&interval=1s');
    await page.waitForTimeout(500);
    await take(page, 'phone-light');
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.locator('#chart').scrollIntoViewIfNeeded();
    await page.evaluate(() => document.querySelector('#chart')?.scrollIntoView({ block: 'center' }));
    await page.waitForTimeout(500);
    await take(page, 'phone-dark');

    await page.setViewportSize({ width: 1440, height: 900 });
    await page.emulateMedia({ colorScheme: 'light' });
    await open(page, program, '?instrument=coinbase:BTC-USD&interval=1s');
    await program.stop('SIGKILL');
    await expect(page.locator('#banner')).toBeVisible();
    await page.waitForTimeout(4_000);
    await take(page, 'disconnected');
  } finally {
    await program.end();
  }
});

test('an empty page', async ({ page }) => {
  const program = await Program.withoutVenue();
  try {
    await page.goto(program.url);
    await expect(page.locator('#prices .empty')).toBeVisible();
    await page.waitForTimeout(500);
    await take(page, 'empty');
  } finally {
    await program.end();
  }
});
