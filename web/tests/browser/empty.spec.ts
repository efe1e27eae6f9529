// SPDX-License-Identifier: Apache-2.0
// A live run whose venue is not there: every part says what would be in it.
import type { Status } from '../../src/contract';
import { Program } from './support/program';
import { axeFindings, expect, test } from './support/test';

const LONG = `waiting, has never connected in 36 s, 9 tries; last error: ${'nothing accepts connections there; '.repeat(6)}`
  + '`tapeline check --connect` tries each part of the way';

test.use({ expectedErrors: /WebSocket connection to|ERR_CONNECTION_REFUSED|Failed to load resource/ });

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

test('however long the reason is, what to type stands whole, and the sum in sight', async ({ page }) => {
  const program = await Program.withoutVenue();
  try {
    // It takes half a minute until a person is needed; the page is told so at once.
    await page.routeWebSocket(/stream/, (socket) => {
      const server = socket.connectToServer();
      server.onMessage((text) => {
        const message = JSON.parse(String(text)) as { topic?: string; data: Status };
        if (message.topic === 'status') message.data.needs_a_person = [{ part: 'feed coinbase', text: LONG }];
        socket.send(JSON.stringify(message));
      });
    });
    const sizes = [{ width: 1440, height: 900 }, { width: 1024, height: 768 }];
    await page.goto(program.url);
    const command = page.locator('#verdict code');
    for (const size of sizes) {
      await page.setViewportSize(size);
      await expect(page.locator('.verdict-word')).toHaveText('Needs a person');
      await expect(command).toHaveText('tapeline check --connect');
      await expect(command).toBeInViewport({ ratio: 1 });
      expect(await command.evaluate((each) => each.scrollWidth - each.clientWidth)).toBe(0);
      await expect(page.locator('.sum tfoot')).toBeInViewport({ ratio: 0.9 });
    }
    await program.stop('SIGKILL');
    await expect(page.locator('#banner')).toBeVisible();
    for (const size of sizes) {
      await page.setViewportSize(size);
      await expect(page.locator('.sum tfoot')).toBeInViewport({ ratio: 0.9 });
    }
  } finally {
    await page.close();
    await program.end();
  }
});
