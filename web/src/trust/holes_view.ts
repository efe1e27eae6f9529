// SPDX-License-Identifier: Apache-2.0
import type { Coverage, Gap } from '../contract';
import { coverageNow, type CoverageNow } from '../market/coverage_now';
import { gapKey, idsOf, newestFirst } from '../market/story';
import { h, part, setAttribute, setText, svg } from '../page/dom';
import type { Model } from '../state/model';
import { countOf, formatCount } from '../text/decimal';
import { formatAge, localDateTime, localTime, parseTime, zoneAt } from '../text/time';
import { noHoleText } from './verdict';

const HOLES_SHOWN = 30;
/** So many at first, so that the coverage beneath stays in sight; as in narrow.css. */
const HOLES_FIRST = 3;
const HOLES_FIRST_LOW = 2;
const LOW = '(min-width: 1024px) and (max-height: 800px)';
const COVERAGE_SHOWN = 30;
const STRIP_WIDTH = 84;

/** The holes that are open, and a strip of time for the instrument that is shown and each that lacks ids. */
export class HolesView {
  private readonly body = part('holes-body');
  private readonly coverage = h('div', { class: 'coverage' });
  private readonly whole = part('holes-note');
  private readonly none = h('p', { class: 'no-hole' });
  private readonly list = h('ul', { class: 'hole-list' });
  private readonly others = h('button', { class: 'others', 'aria-expanded': 'false' });
  private readonly more = h('p', { class: 'note' });

  constructor(private readonly model: Model) {
    this.others.addEventListener('click', () => {
      const isWhole = this.list.classList.toggle('is-whole');
      setAttribute(this.others, 'aria-expanded', String(isWhole));
      this.draw();
    });
  }

  drawCoverage(): void {
    // Holes come sooner than what is counted of them.
    const coverage = this.model.coverage ?? (this.model.gaps ? [] : null);
    if (!coverage) return;
    this.mount();
    const chosen = this.model.view.instrument;
    const now = coverageNow(coverage, this.model.gaps, this.model.gapsLeftOut);
    const listed = now.filter(({ row, missing, inStep }) => missing > 0 || !inStep || row.instrument === chosen)
      .sort((a, b) => b.missing - a.missing).slice(0, COVERAGE_SHOWN);
    const rows = listed.flatMap(coverageRow);
    const head = ['Instrument', 'Ids', '% here'].map((name) =>
      h('span', { class: 'head', title: name === 'Ids' ? 'unbroken runs of ids over time' : null }, name));
    this.coverage.replaceChildren(...(rows.length > 0 ? [...head, ...rows] : []));
    const folded = now.filter((each) => each.missing === 0 && !listed.includes(each)).length;
    setText(this.whole, folded === 0 ? '' : `${countOf(folded, listed.length > 0 ? 'other' : 'instrument')}: every id is here.`);
  }

  /** When the first items came. */
  drawNone(): void { setText(this.none, noHoleText(this.model.status?.items.received ?? 0)); }

  draw(): void {
    const gaps = this.model.gaps;
    if (!gaps) return;
    this.mount();
    const { teller } = this.model;
    const sorted = newestFirst(gaps, (gap) => teller.tellsOf(gap));
    this.drawNone();
    this.none.hidden = gaps.length > 0;
    this.list.hidden = gaps.length === 0;
    this.list.replaceChildren(...sorted.slice(0, HOLES_SHOWN).map((gap) => this.hole(gap)));
    const first = window.matchMedia(LOW).matches ? HOLES_FIRST_LOW : HOLES_FIRST;
    const folded = Math.min(gaps.length, HOLES_SHOWN) - first;
    this.others.hidden = folded <= 0;
    const isWhole = this.list.classList.contains('is-whole');
    const rest = Math.max(0, gaps.length - HOLES_SHOWN) + this.model.gapsLeftOut;
    setText(this.others, isWhole ? 'fewer' : `${formatCount(Math.max(0, folded) + rest)} more`);
    setText(this.more, isWhole && rest > 0 ? `and ${formatCount(rest)} more: tapeline audit` : '');
  }

  private mount(): void {
    if (this.list.isConnected) return;
    this.body.replaceChildren(this.none, this.list, this.others, this.more, this.coverage);
  }

  private hole(gap: Gap): HTMLElement {
    const ids = idsOf(gap);
    const from = gap.from_time === null ? null : parseTime(gap.from_time);
    const since = from === null ? 'time not known'
      : `${localTime(from)}, ${formatAge(this.model.now() - from)} ago`;
    const lost = gap.state === 'unrecoverable' ? ' for good' : '';
    const item = h('li', { class: 'hole', 'data-key': gapKey(gap), 'data-state': gap.state, 'data-told': this.model.teller.tellsOf(gap) },
      h('p', {}, h('strong', {}, gap.instrument),
        h('span', {}, `${countOf(gap.ids, 'id')}${lost}`)),
      h('p', {}, h('span', { class: 'ids', title: `${gap.channel} ${ids}` }, ids), h('span', {}, since)));
    const cause = gap.cause ? `${gap.cause}, ${gap.state}` : gap.state;
    item.title = from === null ? cause : `${cause}; since ${localDateTime(from)} ${zoneAt(from)}, ${gap.from_time}`;
    return item;
  }
}

function coverageRow({ row, missing, inStep }: CoverageNow): HTMLElement[] {
  const colon = row.instrument.indexOf(':');
  const venue = row.instrument.slice(0, colon);
  const symbol = row.instrument.slice(colon + 1);
  const name = h('span', { class: 'coverage-name', title: row.instrument, 'data-missing': missing }, h('span', {}, symbol, h('i', {}, venue)));
  const percent = h('span', {}, inStep ? row.percent ?? '\u2013' : '\u2026');
  const mended = row.repaired > 0 ? `, ${formatCount(row.repaired)} of them by back-fill` : '';
  const lost = row.unrecoverable > 0 ? `, ${formatCount(row.unrecoverable)} of them for good` : '';
  const text = `${formatCount(row.received)} received${mended}, ${formatCount(row.missing)} missing${lost}`;
  setAttribute(percent, 'title', inStep ? text : missing > 0 ? `${countOf(missing, 'id')} missing; the percentage is counted anew` : 'nothing is missing; the percentage is counted anew');
  if (missing > 0) percent.className = 'look';
  const strip = h('span', {});
  strip.append(stripOf(row));
  return [name, strip, percent];
}

/** The unbroken runs over the time that is known; what lies between them is missing. */
function stripOf(row: Coverage): SVGElement {
  const from = row.from_time === null ? NaN : parseTime(row.from_time);
  const to = row.to_time === null ? NaN : parseTime(row.to_time);
  const picture = svg('svg', {
    class: 'strip', viewBox: `0 0 ${STRIP_WIDTH} 8`, role: 'img', preserveAspectRatio: 'none',
    'aria-label': `${row.missing} of ${row.received + row.missing} ids missing`,
  });
  picture.append(svg('rect', { class: 'ground', width: STRIP_WIDTH, height: 8, rx: 2 }));
  if (Number.isNaN(from) || Number.isNaN(to)) return picture;
  const x = (ms: number): number => to === from ? 0 : ((ms - from) / (to - from)) * STRIP_WIDTH;
  let end: number | null = null;
  for (const run of row.runs) {
    const first = run.from_time === null ? NaN : parseTime(run.from_time);
    const last = run.to_time === null ? NaN : parseTime(run.to_time);
    if (Number.isNaN(first) || Number.isNaN(last)) continue;
    if (end !== null) {
      picture.append(svg('rect', { class: 'hole', x: x(end), width: Math.max(2, x(first) - x(end)), height: 8 }));
    }
    picture.append(svg('rect', { class: 'run', x: x(first), y: 2, width: Math.max(1, x(last) - x(first)), height: 4 }));
    end = last;
  }
  return picture;
}
