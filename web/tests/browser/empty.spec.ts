// SPDX-License-Identifier: Apache-2.0
// A live run whose venue is not there: every part says what would be in it.
import type { Status } from '../../src/contract';
import { Program } from './support/program';
import { axeFindings, expect, test } from './support/test';

test('the empty page names what would be here and the command', async ({ page }) => {
  const program = await Program.withoutVenue();
  try {
    await page.goto(program.url);
    const { mode } = await program.get<Status>('/api/v1/status');
    await expect(page.locator('.mode-word')).toHaveText(mode.toUpperCase());
    await expect(page.locator('#drop')).toBeHidden();
    await expect(page.locator('#prices .empty')).toContainText('No instrument yet');
    await expect(page.locator('#prices .empty code').first()).toHaveText('tapeline demo');
    await expect(page.locator('#plot .empty')).toBeVisible();
    await expect(page.locator('#tape .empty')).toBeVisible();
    await expect(page.locator('#screen .skeleton')).toHaveCount(0);
    expect(await axeFindings(page)).toEqual([]);
  } finally {
    await page.close();
    await program.end();
  }
});
