// SPDX-License-Identifier: Apache-2.0
// Everything that a pointer can do, by keys alone.
import { expect, open, test } from './support/test';

test('instruments, intervals, views, palette and explain by keys', async ({ page, demo }) => {
  await open(page, demo, '?interval=15s');
  const chosen = page.locator('.price-row[aria-selected="true"] .price-name b');
  const first = await chosen.textContent();

  await page.keyboard.press('j');
  await expect(chosen).not.toHaveText(first ?? '');
  await page.keyboard.press('k');
  await expect(chosen).toHaveText(first ?? '');

  await page.keyboard.press('/');
  await expect(page.locator('#search')).toBeFocused();
  await page.keyboard.type('eth');
  await expect(page.locator('.price-row:visible').first()).toContainText('ETH');
  await page.keyboard.press('Enter');
  await expect(page.locator('#chart-title')).toContainText('ETH');
  await expect(page).toHaveURL(/instrument=[a-z]+:ETH/);
  await page.keyboard.press('Escape');

  // To the shortest, one by one; there it stays.
  const intervals = await page.locator('#intervals [role="radio"]').allTextContents();
  const shown = page.locator('#intervals [aria-checked="true"]');
  const before = intervals.slice(0, intervals.indexOf(await shown.textContent() ?? '') + 1);
  expect(before.length).toBeGreaterThan(1);
  for (const shorter of [...before.slice(0, -1).reverse(), before[0] ?? '']) {
    await page.keyboard.press('[');
    await expect(shown).toHaveText(shorter);
    await expect(page).toHaveURL(new RegExp(`interval=${shorter}`));
  }

  for (const [letter, id] of [['s', 'sum'], ['h', 'holes'], ['f', 'feeds'], ['l', 'latency']]) {
    await page.keyboard.press('g');
    await page.keyboard.press(letter as string);
    await expect(page.locator(`#${id}`)).toBeFocused();
  }

  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await expect(page.locator('#plot')).toBeFocused();
  await expect(page.locator('#plot')).toHaveAttribute('data-bars', /^([3-9]|\d\d)/);
  await page.keyboard.press('+');
  await page.keyboard.press('-');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(page.locator('#announce')).toContainText('open');
  await page.keyboard.press('Enter');
  await expect(page.locator('#side')).toBeVisible();
  await expect(page.locator('#side .revisions')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.locator('#side')).toBeHidden();
  await expect(page.locator('#plot')).toBeFocused();

  await page.keyboard.press('Control+k');
  await page.keyboard.type('5 minutes');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/interval=5m/);

  await page.keyboard.press('?');
  await expect(page.locator('dialog')).toContainText('search instruments');
  await page.keyboard.press('Escape');
  await page.keyboard.press('l');
  await expect(page.locator('dialog')).toContainText('hatched');
  await page.keyboard.press('Escape');

  await page.keyboard.press('d');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await page.keyboard.press('d');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('back and forward lead through what was looked at', async ({ page, demo }) => {
  await open(page, demo, '?interval=1m');
  await page.locator('#intervals button', { hasText: /^5m$/ }).click();
  await expect(page).toHaveURL(/interval=5m/);
  await page.goBack();
  await expect(page).toHaveURL(/interval=1m/);
  await expect(page.locator('#intervals [aria-checked="true"]')).toHaveText('1m');
});
