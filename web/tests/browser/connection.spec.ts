// SPDX-License-Identifier: Apache-2.0
// The server goes away and comes back; the page says so and goes on by itself.
import type { Status } from '../../src/contract';
import { Program } from './support/program';
import { axeFindings, expect, open, test } from './support/test';

test.use({ expectedErrors: /WebSocket connection to|ERR_CONNECTION_REFUSED|Failed to load resource/ });

test('a banner since when, dimmed data, and going on after the restart', async ({ page }) => {
  const program = await Program.demo();
  try {
    await open(page, program);
    const price = await page.locator('.price-now').first().textContent();
    await program.stop('SIGKILL');
    await expect(page.locator('#banner')).toBeVisible();
    await expect(page.locator('#banner')).toContainText(/Not connected since \d\d:\d\d:\d\d UTC/);
    await expect(page.locator('body')).toHaveAttribute('data-connection', 'lost');
    await expect(page.locator('.verdict-word')).toHaveText('Not connected');
    await expect(page.locator('.price-now').first()).not.toHaveText('');
    expect(price).not.toBeNull();
    expect(await axeFindings(page)).toEqual([]);

    await program.start();
    await expect(page.locator('#banner')).toBeHidden({ timeout: 10_000 });
    await expect(page.locator('body')).toHaveAttribute('data-connection', 'connected');
    const { epoch } = await program.get<Status>('/api/v1/status');
    await expect(page.locator('.price-list')).toHaveAttribute('data-seq', new RegExp(`^${epoch} \\d+$`));
    await expect(page.locator('.verdict-word')).not.toHaveText('Not connected');
  } finally {
    await page.close();
    await program.end();
  }
});

test('a demo that has ended says so, also where nothing was missing', async ({ page }) => {
  const program = await Program.plain(['--duration', '12s', '--faults', 'off']);
  try {
    await open(page, program);
    await expect(page.locator('#banner')).toContainText(/The demo ended at \d\d:\d\d:\d\d UTC/, { timeout: 60_000 });
    await expect(page.locator('#banner')).toHaveAttribute('data-kind', 'ending');
    await expect(page.locator('#banner')).not.toContainText('Not connected');
  } finally {
    await page.close();
    await program.end();
  }
});

test('a demo that ends says so while what is missing is fetched, and when it has ended', async ({ page }) => {
  // The venue's history lags, so that a hole outlasts the demo's duration.
  const program = await Program.plain(['--duration', '12s', '--faults', 'rest_lag=8s']);
  try {
    await open(page, program, '?instrument=coinbase:BTC-USD&interval=1s');
    await page.waitForTimeout(3_000);
    await page.locator('#drop').click();
    const banner = page.locator('#banner');
    await expect(banner).toBeVisible({ timeout: 30_000 });
    await expect(banner).toContainText('The demo is ending');
    await expect(page.locator('.verdict-word')).toHaveText('Ending');
    await expect(page.locator('body')).toHaveAttribute('data-connection', 'connected');
    await expect(banner).toContainText(/The demo ended at \d\d:\d\d:\d\d UTC/, { timeout: 60_000 });
    await expect(page.locator('.price-now').first()).not.toHaveText('');
    expect(await axeFindings(page)).toEqual([]);
  } finally {
    await page.close();
    await program.end();
  }
});
