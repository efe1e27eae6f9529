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
const BYTES_MAX = 300_000;
const FIRST_MS = 10_000;
const MINUTE_MS = 60_000;
const INSTRUMENT = 'coinbase:BTC-USD';
const ADDRESS = `?instrument=${INSTRUMENT}&interval=1s`;

test.use({ expectedErrors: /WebSocket connection to|ERR_CONNECTION_REFUSED|Failed to load resource/ });
test.setTimeout(600_000);
test.beforeAll(() => { mkdirSync(FOLDER, { recursive: true }); });

/** Whether the price above the chart is also that of the bar which is read out and drawn. */
const agrees = (page: Page): Promise<boolean> => page.evaluate(() => {
  const price = document.querySelector('#chart-price')?.firstChild?.textContent;
  return price !== undefined && price === document.querySelector('#readout span[title="Close"] b')?.textContent;
});

/** Makes the window begin with the top of `part`, and end with a row of the tape or below a panel. */
async function frame(page: Page, part: string): Promise<void> {
  const height = await page.evaluate((selector) => {
    const top = document.querySelector('.top')!.getBoundingClientRect().height;
    window.scrollBy(0, document.querySelector(selector)!.getBoundingClientRect().top - top - 8);
    const bottoms = (of: string, more: number): number[] =>
      [...document.querySelectorAll(of)].map((each) => each.getBoundingClientRect().bottom + more);
    const ends = [...bottoms('.tape-row', 0), ...bottoms('.panel', 8)];
    return Math.ceil(Math.max(...ends.filter((end) => end <= window.innerHeight)));
  }, part);
  await page.setViewportSize({ width: page.viewportSize()!.width, height });
}

/** Of a page that moves, one of a moment at which everything on it is of the same one. */
async function take(page: Page, name: string, isMoving = true): Promise<void> {
  // Where nothing is under it.
  await page.mouse.move(2, 400);
  let picture: Buffer | null = null;
  await expect.poll(async () => {
    const agreed = !isMoving || await agrees(page);
    picture = await page.screenshot({ animations: 'disabled' });
    return agreed && (!isMoving || await agrees(page));
  }).toBe(true);
  const packed = packPng(picture!);
  expect(packed.length).toBeLessThan(BYTES_MAX);
  writeFileSync(join(FOLDER, `dashboard-${name}.png`), packed);
}

test('a market, and a hole in it', async ({ page }) => {
  // A history that lags, so that there is time to take the picture of an open hole.
  const program = await Program.plain(['--faults', 'dup=0.1%,slow=500ms:0.02%,rest_lag=4s']);
  try {
    // Waits are for a picture, not for a test: what a newcomer sees after so long.
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.emulateMedia({ colorScheme: 'light' });
    await open(page, program);
    await page.waitForTimeout(FIRST_MS);
    await take(page, 'first');
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.waitForTimeout(MINUTE_MS - FIRST_MS);

    // The picture after the one of the hole shows its repair.
    await page.locator('#drop').click();
    await expect(page.locator('#story li[data-done]')).toHaveCount(3, { timeout: 60_000 });
    await expect(page.locator('.coverage .look').first()).toHaveText(/^\d/);
    await take(page, 'light');
    await expect(page.locator('#story')).toContainText('Repaired after', { timeout: 60_000 });
    await page.emulateMedia({ colorScheme: 'dark' });
    let touched: string | undefined;
    await expect.poll(async () => {
      const { bars } = await program.get<{ bars: { start: string; quality: string }[] }>(
        `/api/v1/bars?instrument=${INSTRUMENT}&interval=1s&limit=100`);
      touched = bars.findLast((bar) => bar.quality === 'repaired')?.start;
      return touched;
    }, { timeout: 30_000 }).toBeTruthy();
    await page.waitForTimeout(FIRST_MS);
    await take(page, 'dark');

    await page.emulateMedia({ colorScheme: 'light' });
    await open(page, program, `${ADDRESS}&panel=explain&start=${touched}`);
    await expect(page.locator('#side .revisions')).toBeVisible();
    await page.waitForTimeout(500);
    await take(page, 'explain');

    await page.setViewportSize({ width: 1024, height: 768 });
    await open(page, program, ADDRESS);
    await page.waitForTimeout(500);
    await take(page, 'tablet');
    await page.setViewportSize({ width: 360, height: 740 });
    await open(page, program, ADDRESS);
    await frame(page, '#verdict');
    await page.waitForTimeout(500);
    await take(page, 'phone-light');
    await page.setViewportSize({ width: 360, height: 740 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await frame(page, '#chart');
    await page.waitForTimeout(500);
    await take(page, 'phone-dark');

    await page.setViewportSize({ width: 1440, height: 900 });
    await page.emulateMedia({ colorScheme: 'light' });
    await open(page, program, ADDRESS);
    await program.stop('SIGKILL');
    await expect(page.locator('#banner')).toBeVisible();
    await page.waitForTimeout(4_000);
    await take(page, 'disconnected', false);
  } finally {
    await program.end();
  }
});

test('an empty page', async ({ page }) => {
  const program = await Program.withoutVenue();
  try {
    await page.goto(program.url);
    await expect(page.locator('#prices .empty')).toBeVisible();
    await page.waitForTimeout(FIRST_MS);
    await take(page, 'empty', false);
  } finally {
    await program.end();
  }
});
