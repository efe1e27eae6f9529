// SPDX-License-Identifier: Apache-2.0
// Every test has a page that fails it on an error in the console, a refusal by the policy, or a request
// that leaves the machine.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, type Page, test as base } from '@playwright/test';
import type { AxeResults } from 'axe-core';
import { Program } from './program';

interface Fixtures {
  /** What a test expects to find in the console, such as a connection that it breaks. */
  expectedErrors: RegExp | null;
  checked: void;
}
interface WorkerFixtures { demo: Program }

export const test = base.extend<Fixtures, WorkerFixtures>({
  expectedErrors: async ({}, use) => { await use(null); },
  demo: [async ({}, use) => {
    const program = await Program.demo();
    await use(program);
    await program.end();
  }, { scope: 'worker' }],
  checked: [async ({ page, expectedErrors }, use) => {
    const found: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') found.push(message.text());
    });
    page.on('pageerror', (error) => found.push(String(error.stack)));
    page.on('request', (request) => {
      if (new URL(request.url()).hostname !== '127.0.0.1') found.push(`asks ${request.url()}`);
    });
    await use();
    expect(found.filter((text) => !expectedErrors?.test(text))).toEqual([]);
  }, { auto: true }],
});

export { expect };

/** The page with data in every part. */
export async function open(page: Page, program: Program, search = ''): Promise<void> {
  await page.goto(`${program.url}/${search}`);
  await expect(page.locator('body')).toHaveAttribute('data-connection', 'connected');
  await expect(page.locator('.price-row').first()).toBeVisible();
  await expect(page.locator('#plot')).toHaveAttribute('data-bars', /^[1-9]/);
  await expect(page.locator('#screen .skeleton')).toHaveCount(0);
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Serious and critical findings of axe, as text. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const results = await page.evaluate(() =>
    (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run());
  return results.violations
    .filter((violation) => violation.impact === 'serious' || violation.impact === 'critical')
    .flatMap((violation) => violation.nodes.map((node) =>
      `${violation.id}: ${node.target.join(' ')}: ${node.failureSummary ?? ''}`));
}
