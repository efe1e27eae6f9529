// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from '@playwright/test';

const CHROMIUM = process.env['TAPELINE_CHROMIUM'] ?? '/usr/bin/chromium';
const SIZES = { desktop: [1440, 900], tablet: [1024, 768], phone: [360, 740] } as const;
const SCHEMES = ['light', 'dark'] as const;
const ONCE = /(agreement|candles|drop|connection|empty|keyboard|newcomer)\.spec\.ts/

/** Looks are tested at every size in both themes, behaviour once. */
export default defineConfig({
  testDir: 'tests/browser',
  outputDir: 'test-results',
  fullyParallel: false,
  workers: 1,
  retries: 0,
  timeout: 60_000,
  reporter: [['list']],
  use: {
    timezoneId: 'Europe/Zurich',
    launchOptions: { executablePath: CHROMIUM, args: ['--no-sandbox'] },
  },
  projects: [
    ...Object.entries(SIZES).flatMap(([name, [width, height]]) => SCHEMES.map((colorScheme) => ({
      name: `${name} ${colorScheme}`,
      testMatch: /screen\.spec\.ts/,
      use: { viewport: { width, height }, colorScheme },
    }))),
    { name: 'behaviour', testMatch: ONCE, use: { viewport: { width: 1440, height: 900 } } },
    {
      name: 'screenshots', testMatch: /screenshots\.ts/, expect: { timeout: 30_000 },
      use: { viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1 },
    },
  ],
});
