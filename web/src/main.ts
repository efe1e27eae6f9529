// SPDX-License-Identifier: Apache-2.0
// Wires the page: one model, one session that writes it, views that draw what changed.
import { dropConnection } from './api';
import { ChartPanel } from './chart/chart_panel';
import { Shortcuts } from './keys/shortcuts';
import { showKeys } from './keys/help';
import { showLegend } from './keys/legend';
import { showPalette } from './keys/palette';
import { entriesOf } from './keys/palette_entries';
import { firstInstrument, firstInterval } from './market/opening';
import type { Actions } from './page/actions';
import { Announcer } from './page/announcer';
import { Banner } from './page/banner';
import { part, setAttribute, setText } from './page/dom';
import { Head } from './page/head';
import { Prices } from './page/prices';
import { TapeView } from './page/tape_view';
import { SidePanel } from './panel/side_panel';
import { readView, writeView, type View } from './state/address';
import { Frame } from './state/frame';
import { Model, type Part } from './state/model';
import { Session } from './state/session';
import { ThemeSwitch } from './state/theme';
import { browserSurroundings } from './stream/browser_surroundings';
import { FeedsView } from './trust/feeds_view';
import { HolesView } from './trust/holes_view';
import { LatencyView } from './trust/latency_view';
import { SumView } from './trust/sum_view';
import { VerdictView } from './trust/verdict_view';

const AGES_EVERY_MS = 1000;
/** So long the page makes up its mind what to open with: the server's rates are over ten seconds. */
const OPENING_MS = 10_000;

const model = new Model(readView(location.search), Date.now());
// Between two frames: the chart paints in the frame after it was given something, and all else with it.
const frame = new Frame<Part>((run) => requestAnimationFrame(() => window.setTimeout(run)));
const session = new Session(model, frame, browserSurroundings());
const announcer = new Announcer();
let openedAt: number | null = null;
/** What the address or the user named is not for the page to choose. */
const isChosen = { instrument: model.view.instrument !== null, interval: model.view.interval !== null };

function change(view: Partial<View>, isStep = false): void {
  isChosen.instrument = isChosen.interval = true;
  show(view, isStep);
}

function show(view: Partial<View>, isStep = false): void {
  model.view = { ...model.view, ...view };
  const address = location.pathname + writeView(model.view);
  if (address !== location.pathname + location.search) {
    if (isStep) history.pushState(null, '', address);
    else history.replaceState(null, '', address);
  }
  session.follow();
}

const actions: Actions = {
  select: (instrument) => {
    if (instrument !== model.view.instrument) change({ instrument, range: null, panel: null, start: null }, true);
  },
  setInterval: (interval) => {
    if (interval !== model.view.interval) change({ interval, range: null, panel: null, start: null }, true);
  },
  explain: (start) => change({ panel: 'explain', start }, true),
  openBars: () => change({ panel: 'bars', start: null }, true),
  closePanel: () => change({ panel: null, start: null }, true),
  setRange: (range) => change({ range }),
  dropConnection: () => void drop(),
  nextTheme: () => theme.next(),
  goTo: (section) => goTo(section),
  showLegend, showKeys,
  showPalette: () => showPalette(entriesOf(model, actions)),
  reconnect: () => session.client.connect(),
  announce: (text) => announcer.say(text),
};
session.announce = actions.announce;

const head = new Head(model);
const banner = new Banner(model, actions);
const prices = new Prices(model, actions);
const tape = new TapeView(model);
const chart = new ChartPanel(model, session, actions);
const side = new SidePanel(model, actions);
const verdict = new VerdictView(model);
const sum = new SumView(model);
const holes = new HolesView(model);
const feeds = new FeedsView(model);
const latency = new LatencyView(model);
const theme = new ThemeSwitch((chosen) => {
  setText(part('theme'), `Theme: ${chosen}`);
  chart.view.applyTheme();
  frame.mark('bars');
});

session.bars = {
  reset: () => chart.view.reset(),
  merged: (merged) => {
    chart.view.merged(merged);
    side.revised(merged.changed.map(({ at }) => at));
  },
};
prices.seq = () => `${session.client.epochNow ?? ''} ${session.client.seqOf('prices') ?? ''}`;

/** Decides what the address leaves open, anew while the first prices come. */
function choose(): void {
  const { instruments, intervals, view } = model;
  if (!instruments || intervals.length === 0) return;
  if (instruments.size > 0) openedAt ??= Date.now();
  const isOpening = openedAt === null || Date.now() - openedAt < OPENING_MS;
  const mayChange = (what: 'instrument' | 'interval'): boolean => isOpening && !isChosen[what];
  const known = view.instrument === null ? undefined : instruments.get(view.instrument);
  const instrument = known && !mayChange('instrument') ? known : firstInstrument(instruments.values());
  const isKnown = view.interval !== null && intervals.includes(view.interval);
  const interval = isKnown && !mayChange('interval') ? view.interval : firstInterval(intervals, instrument);
  const name = instrument?.instrument ?? null;
  if (name !== view.instrument || interval !== view.interval) show({ instrument: name, interval });
}

async function drop(): Promise<void> {
  const venue = model.selected?.venue ?? model.feeds?.[0]?.venue;
  const button = part('drop');
  if (!venue || button.getAttribute('aria-disabled') === 'true') return;
  setAttribute(button, 'aria-disabled', 'true');
  model.teller.begin(venue, model.now(), model.gaps ?? []);
  frame.mark('story');
  try {
    await dropConnection(venue);
    announcer.say(`The connection to ${venue} is cut.`);
  } catch (error) {
    model.teller.end();
    announcer.say(error instanceof Error ? error.message : 'The connection could not be cut.');
  }
  frame.mark('story');
  window.setTimeout(() => setAttribute(button, 'aria-disabled', null), 2000);
}

function goTo(section: string): void {
  const element = part(section);
  element.scrollIntoView({ block: 'nearest' });
  const target = element.querySelector<HTMLElement>('[tabindex="0"], button, input[type="search"]');
  if (target && ['prices', 'tape', 'chart'].includes(section)) {
    (section === 'chart' ? part('plot') : element.querySelector<HTMLElement>('.price-list, .tape-list') ?? target).focus();
    return;
  }
  element.tabIndex = -1;
  element.focus();
}

frame.on('mode', () => { head.drawMode(); head.drawClock(); frame.mark('bars'); });
frame.on('connection', () => { banner.draw(); verdict.draw(); });
frame.on('prices', () => { prices.draw(); head.drawTitle(); announcer.price(model); });
frame.on('tape', () => tape.draw());
frame.on('bars', () => chart.drawBars());
frame.on('gaps', () => { holes.draw(); verdict.draw(); });
frame.on('coverage', () => holes.drawCoverage());
frame.on('feeds', () => { feeds.draw(); verdict.draw(); });
frame.on('status', () => { holes.drawNone(); sum.draw(); latency.draw(); head.drawFoot(); verdict.draw(); });
frame.on('story', () => chart.drawStory());
frame.on('view', () => { choose(); chart.drawHead(); side.draw(); holes.drawCoverage(); });
frame.on('ages', () => { head.drawClock(); prices.draw(); feeds.draw(); holes.draw(); banner.draw(); });

for (const [id, run] of [
  ['drop', actions.dropConnection], ['theme', actions.nextTheme], ['find', actions.showPalette],
  ['legend-button', showLegend], ['keys-button', showKeys],
] as const) part(id).addEventListener('click', run);
new Shortcuts(model, actions, prices).listen();
window.addEventListener('popstate', () => {
  model.view = readView(location.search);
  session.follow();
});
window.setInterval(() => frame.mark('ages'), AGES_EVERY_MS);
session.follow();
session.client.connect();
