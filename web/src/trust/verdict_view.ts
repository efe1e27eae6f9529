// SPDX-License-Identifier: Apache-2.0
import { h, part, setAttribute, setText } from '../page/dom';
import type { Model } from '../state/model';
import { judge } from './verdict';

/** A number and its unit stay on one line. */
const unitsKept = (text: string): string => text.replace(/(\d) (?=(ms|s|min|h|d)\b)/g, '$1\u00a0');

export class VerdictView {
  private readonly word = h('p', { class: 'verdict-word' });
  private readonly why = h('p', { class: 'verdict-why' });
  private readonly command = h('code', {});
  private readonly root = part('verdict');

  constructor(private readonly model: Model) {}

  draw(): void {
    const { status, gaps, gapsLeftOut, feeds, connection } = this.model;
    const verdict = judge({ connected: connection.state !== 'lost', status, gaps, gapsLeftOut, feeds });
    if (verdict.level === 'waiting' && verdict.why === '') return;
    if (!this.word.isConnected) this.root.replaceChildren(this.word, this.why, this.command);
    setAttribute(this.root, 'data-verdict', verdict.level);
    setText(this.word, verdict.word);
    setText(this.why, unitsKept(verdict.why));
    setAttribute(this.why, 'title', verdict.why);
    setText(this.command, verdict.command ?? '');
    this.command.hidden = verdict.command === undefined;
  }
}
