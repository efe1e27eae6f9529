// SPDX-License-Identifier: Apache-2.0
// What the venue says of the time before our first bar stands left of it, is named as the venue's, and is never
// mixed with ours.
import type { Page } from '@playwright/test';
import type { Bar, Instrument, VenueCandle } from '../../src/contract';
import { formatDecimal } from '../../src/text/decimal';
import { expect, open, test } from './support/test';

interface Read { revision: string; title: string | null; values: string[] }

const readout = (page: Page): Promise<Read> => page.locator('#readout').evaluate((root) => ({
  revision: root.lastElementChild?.textContent ?? '',
  title: root.lastElementChild?.getAttribute('title') ?? null,
  values: ['Open', 'High', 'Low', 'Close'].map((name) => root.querySelector(`[title="${name}"] b`)?.textContent ?? ''),
}));

test('the venue\'s own candles stand before our first bar and say whose they are', async ({ page, demo }) => {
  const name = 'coinbase:BTC-USD';
  await open(page, demo, `?instrument=${name}&interval=1m`);
  const plot = page.locator('#plot');
  await expect(plot).toHaveAttribute('data-theirs', /^[1-9]\d/);

  const { instruments } = await demo.get<{ instruments: Instrument[] }>('/api/v1/instruments');
  const instrument = instruments.find((each) => each.instrument === name);
  const { candles } = await demo.get<{ candles: VenueCandle[] }>(`/api/v1/candles?instrument=${name}&interval=1m&limit=1000`);
  const { bars } = await demo.get<{ bars: Bar[] }>(`/api/v1/bars?instrument=${name}&interval=1m&limit=1000`);
  const first = bars[0]?.start ?? '';
  const before = candles.filter((candle) => candle.start < first);
  expect(Number(await plot.getAttribute('data-theirs'))).toBe(before.length);
  await expect(plot).toHaveAttribute('aria-label', /Before our first bar stand the venue's own candles\.$/);

  const box = await plot.boundingBox();
  if (!box) throw new Error('there is no chart');
  const expected = before.map(({ open: o, high, low, close }) =>
    [o, high, low, close].map((price) => formatDecimal(price, instrument?.price_decimals ?? 0)).join(' '));
  const seen = new Set<string>();
  let ours = 0;
  // From the left edge on, as a hand would: each is one of the API's, and at the right are ours.
  for (let x = 10; x < box.width - 90; x += 14) {
    await page.mouse.move(box.x + x, box.y + box.height / 2);
    const { revision, title, values } = await readout(page);
    if (revision === "the venue's own candle") {
      expect(expected).toContain(values.join(' '));
      expect(title).toContain('none of our trades made it');
      expect(ours).toBe(0);
      seen.add(values.join(' '));
    } else if (revision !== 'no bar in this window') ours += 1;
  }
  expect(seen.size).toBeGreaterThan(20);
  expect(ours).toBeGreaterThan(0);
});

test('what only the venue says is not explained', async ({ page, demo }) => {
  await open(page, demo, '?interval=1m');
  const plot = page.locator('#plot');
  await expect(plot).toHaveAttribute('data-theirs', /^[1-9]\d/);
  const box = await plot.boundingBox();
  if (!box) throw new Error('there is no chart');
  await page.mouse.click(box.x + 40, box.y + box.height / 2);
  expect((await readout(page)).revision).toBe("the venue's own candle");
  await expect(page).not.toHaveURL(/panel=explain/);
});

test('the legend shows their look', async ({ page, demo }) => {
  await open(page, demo);
  await page.locator('#legend-button').click();
  await expect(page.locator('.legend')).toContainText('what the venue says of the time before our first bar');
});

test('shorter than a minute there are none: what is there are our bars', async ({ page, demo }) => {
  await open(page, demo, '?interval=1s');
  await expect.poll(async () => Number(await page.locator('#plot').getAttribute('data-bars'))).toBeGreaterThan(30);
  await expect(page.locator('#plot')).toHaveAttribute('data-theirs', '0');
});
