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
