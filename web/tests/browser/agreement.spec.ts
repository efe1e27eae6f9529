// SPDX-License-Identifier: Apache-2.0
// What the page shows is what the API says. Both go on meanwhile, so a comparison is repeated until page
// and API were caught in the same state; AGREE_MS bounds how long that may take.
import type { Page } from '@playwright/test';
import type { Bar, Instrument, Status } from '../../src/contract';
import { formatCount, formatDecimal } from '../../src/text/decimal';
import { expect, open, test } from './support/test';

const AGREE_MS = 20_000;
/** Rates are not known yet when the demo is young. */
const BUSY = 'coinbase:BTC-USD';
const agree = { timeout: AGREE_MS, intervals: [20] };

test('last prices', async ({ page, demo }) => {
  await open(page, demo);
  const { instruments } = await demo.get<{ instruments: Instrument[] }>('/api/v1/instruments');
  expect(instruments.length).toBeGreaterThan(1);
  for (const { instrument } of instruments) {
    await expect.poll(async () => {
      const answer = await demo.get<{ instruments: Instrument[] }>('/api/v1/instruments');
      const row = answer.instruments.find((one) => one.instrument === instrument);
      const shown = page.locator(`[id="price-${instrument}"] .price-now`);
      const exact = row?.last ? row.last.price : null;
      const text = row?.last ? formatDecimal(row.last.price, row.price_decimals) : '\u2013';
      return await shown.getAttribute('data-exact') === exact && await shown.textContent() === text;
    }, { message: instrument, ...agree }).toBe(true);
  }
});

async function shownBars(page: Page): Promise<Bar[]> {
  const texts = await page.locator('.bar-row:visible').evaluateAll((rows) =>
    rows.map((row) => row.getAttribute('data-bar') ?? '{}'));
  return texts.map((text) => JSON.parse(text) as Bar).sort((a, b) => (a.start < b.start ? -1 : 1));
}

test('bars, the open one too, in every field', async ({ page, demo }) => {
  const { instruments } = await demo.get<{ instruments: Instrument[] }>('/api/v1/instruments');
  const instrument = instruments[0]?.instrument ?? '';
  await open(page, demo, `?instrument=${instrument}&interval=1s&panel=bars`);
  await expect(page.locator('.bar-row').first()).toBeVisible();
  await expect.poll(async () => {
    const shown = await shownBars(page);
    const first = shown[0]?.start ?? '';
    const { bars } = await demo.get<{ bars: Bar[] }>(
      `/api/v1/bars?instrument=${instrument}&interval=1s&from=${first}&limit=500`);
    return shown.length > 5 && JSON.stringify(bars) === JSON.stringify(shown);
  }, agree).toBe(true);
});

/** In the page: waits until its counters change, and asks the API at that moment. */
async function askAfterChange(): Promise<{ shown: [string, string][]; items: Status['items'] }> {
  const cells = [...document.querySelectorAll('[data-count]')];
  await new Promise<void>((resolve) => {
    const observer = new MutationObserver(() => { observer.disconnect(); resolve(); });
    observer.observe(cells[0] as Element, { childList: true, characterData: true, subtree: true });
  });
  const answer = fetch('/api/v1/status');
  const shown = cells.map((cell): [string, string] =>
    [cell.getAttribute('data-count') ?? '', cell.textContent ?? '']);
  return { shown, items: (await (await answer).json() as Status).items };
}

test('the sum of all items', async ({ page, demo }) => {
  await open(page, demo);
  const cells = page.locator('[data-count]');
  await expect(cells).toHaveCount(7);
  await expect.poll(async () => {
    const { shown, items } = await page.evaluate(askAfterChange);
    return shown.every(([name, text]) => formatCount(items[name as keyof typeof items]) === text);
  }, agree).toBe(true);
  await expect(page.locator('.sum tfoot')).toHaveText('The rows add up to what was received.');
});

test('history that is scrolled into sight, and a link to it', async ({ page, demo, context }) => {
  await open(page, demo, '?interval=1s');
  await page.locator('#plot').focus();
  for (let times = 0; times < 3; times += 1) await page.keyboard.press('PageUp');
  await expect(page.locator('#live')).toBeVisible().catch(() => undefined);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/panel=explain&start=/);
  const title = await page.locator('#side-title').textContent();
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(other.locator('#side-title')).toHaveText(title ?? '');
  await other.close();
});

/** Before the page begins: keeps the last price that was written on the chart's axis in the label's white. */
function keepLabel(): void {
  const write = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function keeping(text, x, y, width) {
    if (this.fillStyle === '#ffffff' && /^[\d,]+\.\d+$/.test(text)) document.body.dataset['label'] = text;
    if (width === undefined) write.call(this, text, x, y);
    else write.call(this, text, x, y, width);
  };
}

interface Differing { frame: number; isLabel: boolean; prices: string[] }

/** In the page: every frame whose prices differ, the chart's label last. */
async function differingFrames(frames: number): Promise<{ differing: Differing[]; different: number }> {
  const text = (selector: string): string => document.querySelector(selector)?.textContent?.trim() ?? '';
  const differing: Differing[] = [];
  const seen = new Set<string>();
  const look = (frame: number): void => {
    const close = text('#readout span[title="Close"] b');
    const prices = [
      document.title.split(' ')[2] ?? '', text('#chart-price > b'), close,
      text('.price-row[aria-selected="true"] .price-now'), text('.tape-row .direction + span'),
    ];
    const label = document.body.dataset['label'] ?? '';
    seen.add(label);
    const isLabel = label !== close;
    if (isLabel || new Set(prices).size > 1) differing.push({ frame, isLabel, prices: [...prices, label] });
  };
  // Sizes are observed when all of a frame's callbacks have run and nothing is painted yet.
  const sized = document.body.appendChild(document.createElement('i'));
  sized.style.position = 'fixed';
  let frame = 0;
  await new Promise<void>((resolve) => {
    const next = (): void => { sized.style.width = `${1 + (frame % 2)}px`; };
    new ResizeObserver(() => {
      look(frame);
      frame += 1;
      if (frame < frames) requestAnimationFrame(next);
      else resolve();
    }).observe(sized);
  });
  return { differing, different: seen.size };
}

// Bars and trades are two messages, and where the machine is busy one may come a frame behind the other; nobody
// sees one in a hundred. The chart has no such excuse.
test('one price everywhere, in every frame', async ({ page, demo }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await page.addInitScript(keepLabel);
  await open(page, demo, `?instrument=${BUSY}&interval=1s`);
  await expect(page.locator('.tape-row').first()).toBeVisible();
  await expect(page.locator('#readout span[title="Close"] b')).not.toHaveText('\u2013');
  const { differing, different } = await page.evaluate(differingFrames, 600);
  expect(different, 'prices that the label had').toBeGreaterThan(10);
  expect(differing.filter(({ isLabel }) => isLabel)).toEqual([]);
  expect(differing.length).toBeLessThan(6);
});
