// SPDX-License-Identifier: Apache-2.0
// What stands around the chart: name and price, intervals, the story of a dropped connection, keys.
import { againstWhat, movedOf, overName } from '../market/change';
import { intervalName } from '../market/interval';
import type { Story } from '../market/story';
import type { Actions } from '../page/actions';
import { h, part, setAttribute, setText } from '../page/dom';
import { lastBar, qualityMark, showQuality } from '../page/quality_mark';
import type { Model } from '../state/model';
import type { Session } from '../state/session';
import { countOf, formatCount, formatDecimal } from '../text/decimal';
import { zoneAt } from '../text/time';
import { ChartView } from './chart_view';

/** How a hole ended: what the venue no longer has stays missing. */
function endOf(story: Story, after: string): string {
  if (story.lost === 0) return `Repaired after ${after}; click a bar with a dot`;
  return `${formatCount(story.ids - story.lost)} ids repaired after ${after}; ${formatCount(story.lost)} the venue no longer has`;
}

export class ChartPanel {
  readonly view: ChartView;
  private readonly plot = part('plot');
  private readonly title = part('chart-title');
  private readonly symbol = h('b');
  private readonly venue = h('span');
  private readonly price = h('b');
  private readonly change = h('span');
  private readonly percent = document.createTextNode('');
  private readonly over = h('span', { class: 'over' });
  private readonly mark = qualityMark(true);
  private readonly live = part('live');
  private readonly intervals = part('intervals');
  private readonly story = part('story');
  private readonly empty = h('div', { class: 'empty' });
  private readonly zone = h('span', { class: 'zone', title: 'the zone of the times' });
  private storyShown = '';

  constructor(private readonly model: Model, session: Session, private readonly actions: Actions) {
    const canvas = h('div', { class: 'canvas' });
    this.plot.append(canvas, this.zone, this.empty);
    this.empty.hidden = true;
    this.view = new ChartView(canvas, model, session, actions, (isLive) => { this.live.hidden = isLive; });
    this.live.addEventListener('click', () => this.view.goLive());
    this.plot.tabIndex = 0;
    this.plot.setAttribute('role', 'group');
    this.plot.addEventListener('keydown', (event) => this.key(event));
    part('chart-price').append(this.price, this.change, this.mark);
    this.change.append(h('i', { class: 'direction', 'aria-hidden': 'true' }), this.percent, this.over);
    this.intervals.addEventListener('keydown', (event) => this.intervalKey(event));
  }

  drawHead(): void {
    const { selected, view } = this.model;
    if (!selected) return;
    part('chart-price').hidden = false;
    if (!this.symbol.isConnected) this.title.replaceChildren(this.symbol, this.venue);
    setText(this.symbol, selected.symbol);
    setText(this.venue, selected.venue);
    const last = this.model.lastOf(selected);
    setText(this.price, last ? formatDecimal(last.price, selected.price_decimals) : '\u2013');
    const { change } = selected;
    const moved = movedOf(selected);
    setAttribute(this.change, 'data-direction', moved?.direction ?? 0);
    const percent = moved ? `${moved.percent} %` : '';
    if (this.percent.data !== percent) this.percent.data = percent;
    setText(this.over, moved && change ? ` in ${overName(change)}` : '');
    setAttribute(this.change, 'title', change && againstWhat(change, selected.price_decimals));
    const label = `Candles of ${selected.symbol} ${selected.venue}, ${intervalName(view.interval ?? '')}. `
      + 'Arrow keys go from bar to bar, plus and minus zoom, Enter explains, End goes to now. '
      + 'The same bars as a table: g then b.'
      + (this.view.theirsCount > 0 ? ' Before our first bar stand the venue\'s own candles.' : '');
    setAttribute(this.plot, 'aria-label', label);
    setText(this.zone, zoneAt(this.model.now()));
    this.drawIntervals();
  }

  drawBars(): void {
    const { model } = this;
    this.view.draw();
    const isAnyDrawn = model.bars.length > 0 || this.view.theirsCount > 0;
    this.view.showMode(model.hello?.mode === 'simulated' && isAnyDrawn);
    const hasInstruments = model.instruments !== null && model.instruments.size > 0;
    const isEmpty = model.instruments !== null && !isAnyDrawn && (model.barsLoaded || !hasInstruments);
    if (isAnyDrawn || isEmpty) this.plot.querySelector('.skeleton')?.remove();
    this.empty.hidden = !isEmpty;
    if (isEmpty) this.describeEmpty(hasInstruments);
    setAttribute(this.plot, 'data-bars', model.bars.length);
    setAttribute(this.plot, 'data-theirs', this.view.theirsCount);
    this.drawWorth();
  }

  /** What the chart's own last closed bar is worth, beside the price. */
  private drawWorth(): void {
    const closed = this.model.bars.all.findLast(({ bar }) => bar.state === 'final');
    this.mark.hidden = closed === undefined;
    if (closed) showQuality(this.mark, closed.bar.quality, { of: lastBar(this.model.view.interval) });
  }

  drawStory(): void {
    const { story } = this.model.teller;
    this.story.hidden = story === null;
    if (!story) { this.storyShown = ''; return; }
    const after = (at: number): string => `${((at - story.cutAt) / 1000).toFixed(1)} s`;
    const ids = `${countOf(story.ids, 'id')} in ${countOf(story.holes, 'hole')}`;
    const isRepairing = (this.model.status?.backfill ?? []).length > 0;
    const isOpen = story.openedAt !== null;
    const steps: [string, boolean][] = [
      [`${story.venue} cut`, true],
      [story.openedAt === null ? 'Hole opens' : `${ids} after ${after(story.openedAt)}`, isOpen],
      ['Bars it touches say gap', isOpen],
    ];
    if (story.repairedAt !== null) steps.push([endOf(story, after(story.repairedAt)), true]);
    else if (isRepairing) steps.push(['Back-fill repairs it', false]);
    const key = JSON.stringify(steps);
    if (key === this.storyShown) return;
    this.storyShown = key;
    const close = h('button', { type: 'button' }, 'Close');
    close.addEventListener('click', () => { this.model.teller.end(); this.drawStory(); });
    this.story.replaceChildren(h('ol', {}, ...steps.map(([text, done], index) =>
      h('li', { 'data-done': done }, h('i', { class: 'step', 'aria-hidden': 'true' }, String(index + 1)), h('span', {}, text)))),
      close);
  }

  private describeEmpty(hasInstruments: boolean): void {
    const interval = this.model.view.interval ?? '';
    const heading = hasInstruments ? `No ${interval} bar yet` : 'No bars yet';
    if (this.empty.dataset['for'] === heading) return;
    this.empty.dataset['for'] = heading;
    this.empty.replaceChildren(h('p', {}, h('strong', {}, heading)),
      h('p', {}, hasInstruments
        ? 'The first trade of this instrument opens one; it is drawn here at once.'
        : 'Candles of the chosen instrument stand here, with holes hatched and repairs marked. To see it all with a made-up market:'),
      ...(hasInstruments ? [] : [h('code', {}, 'tapeline demo')]));
  }

  private drawIntervals(): void {
    const { intervals, view } = this.model;
    if (this.intervals.childElementCount !== intervals.length) {
      this.intervals.replaceChildren(...intervals.map((interval) => {
        const button = h('button', { type: 'button', role: 'radio', 'aria-label': intervalName(interval) }, interval);
        button.addEventListener('click', () => this.actions.setInterval(interval));
        return button;
      }));
    }
    intervals.forEach((interval, index) => {
      const button = this.intervals.children[index] as HTMLElement;
      setAttribute(button, 'aria-checked', String(interval === view.interval));
      setAttribute(button, 'tabindex', interval === view.interval ? 0 : -1);
    });
  }

  private intervalKey(event: KeyboardEvent): void {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    const { intervals, view } = this.model;
    const next = intervals[(intervals.indexOf(view.interval ?? '') + by + intervals.length) % intervals.length];
    if (!next) return;
    this.actions.setInterval(next);
    (this.intervals.children[intervals.indexOf(next)] as HTMLElement).focus();
    event.preventDefault();
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const keys: Record<string, () => void> = {
      ArrowLeft: () => this.view.step(-1), ArrowRight: () => this.view.step(1),
      PageUp: () => this.view.step(-20), PageDown: () => this.view.step(20),
      ArrowUp: () => this.view.zoom(0.8), ArrowDown: () => this.view.zoom(1.25),
      '+': () => this.view.zoom(0.8), '=': () => this.view.zoom(0.8), '-': () => this.view.zoom(1.25),
      End: () => this.view.goLive(), Enter: () => this.view.explainCursor(),
    };
    const run = keys[event.key];
    if (!run) return;
    run();
    event.preventDefault();
    event.stopPropagation();
  }
}
