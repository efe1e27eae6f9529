// SPDX-License-Identifier: Apache-2.0
// memory.mjs --binary PATH [--minutes 30]: leaves the page open on `tapeline demo` and prints, each minute, what the
// page and the program hold. Ends with status 1 when its heap has grown by more than GROWTH_MAX since the first minute.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';

const MB = 1_000_000;
// The bars of 30 minutes, at a second each, stay in the page: 10,000 at most.
const GROWTH_MAX = 8 * MB;
const START_MS = 30_000;

const { values } = parseArgs({ options: { binary: { type: 'string' }, minutes: { type: 'string', default: '30' } } });
const minutes = Number(values.minutes);
if (!values.binary || !(minutes > 0)) {
  console.error('usage: npm run memory -- --binary PATH [--minutes N]');
  process.exit(2);
}

const wait = (ms) => new Promise((done) => { setTimeout(done, ms); });
/** What of a process is in memory: VmRSS, or RssAnon (its own) or RssFile (pages of files, which are the system's). */
const memoryOf = (pid, kind) =>
  Number(new RegExp(`^${kind}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;

/** The demo, and the address that it prints. */
async function startDemo() {
  const demo = spawn(resolve(process.env.INIT_CWD ?? '.', values.binary), ['demo'], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  demo.stderr.on('data', (data) => { said += data; });
  for (const end = Date.now() + START_MS; Date.now() < end; await wait(100)) {
    const address = /^http:\/\/\S+$/m.exec(said);
    if (address) return { demo, url: address[0] };
  }
  demo.kill();
  throw new Error(`the demo does not say its address: ${said}`);
}

/** The page's heap after a collection, its renderer's resident bytes, and how much it shows. */
async function measure(page, session, browserSession) {
  await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  const { processInfo } = await browserSession.send('SystemInfo.getProcessInfo');
  const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => memoryOf(id, 'VmRSS'));
  return {
    heap: metrics.find(({ name }) => name === 'JSHeapUsedSize').value,
    nodes: metrics.find(({ name }) => name === 'Nodes').value,
    resident: Math.max(...renderers),
    bars: await page.locator('#plot').getAttribute('data-bars'),
  };
}

const { demo, url } = await startDemo();
const browser = await chromium.launch({
  executablePath: process.env.TAPELINE_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'],
});
let grown = 0;
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(url);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const browserSession = await browser.newBrowserCDPSession();
  console.log('minute  heap MB  nodes  page MB  program MB  its own MB  of files MB  bars');
  let first;
  for (let minute = 1; minute <= minutes; minute += 1) {
    await wait(60_000);
    const { heap, nodes, resident, bars } = await measure(page, session, browserSession);
    first ??= heap;
    grown = heap - first;
    const columns = [[minute, 6], [(heap / MB).toFixed(1), 9], [nodes, 7], [(resident / MB).toFixed(1), 9],
      ...[['VmRSS', 12], ['RssAnon', 12], ['RssFile', 13]].map(([kind, width]) =>
        [(memoryOf(demo.pid, kind) / MB).toFixed(1), width]), [bars, 6]];
    console.log(columns.map(([value, width]) => String(value).padStart(width)).join(''));
  }
  console.log(`heap: ${(grown / MB).toFixed(1)} MB more than after the first minute (at most ${GROWTH_MAX / MB})`);
} finally {
  await browser.close();
  demo.kill();
}
process.exit(grown > GROWTH_MAX ? 1 : 0);
