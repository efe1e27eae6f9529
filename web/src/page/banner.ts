// SPDX-License-Identifier: Apache-2.0
import type { Model } from '../state/model';
import { formatAge, localTime, zoneAt } from '../text/time';
import type { Actions } from './actions';
import { h, part, setAttribute, setText } from './dom';

/** Not connected: since when, what is shown meanwhile, when it is tried again. Or it ends, or has ended. */
export class Banner {
  private readonly banner = part('banner');
  private readonly word = h('strong');
  private readonly why = h('span');
  private readonly retry = h('span', { 'aria-live': 'off' });
  private readonly button = h('button', { type: 'button' }, 'Try now');

  constructor(private readonly model: Model, actions: Actions) {
    this.button.addEventListener('click', () => actions.reconnect());
    this.banner.append(this.word, this.why, this.retry, this.button);
  }

  draw(): void {
    const { state, since, retryAt, ended } = this.model.connection;
    setAttribute(document.body, 'data-connection', state);
    const isLost = state === 'lost';
    const isEnding = ended || (this.model.status?.ending ?? false);
    const what = this.model.status?.demo ? 'The demo' : 'The process';
    this.banner.hidden = !isLost && !isEnding;
    this.retry.hidden = this.button.hidden = !isLost;
    setAttribute(this.banner, 'data-kind', isEnding ? 'ending' : 'lost');
    setAttribute(part('drop'), 'aria-disabled', isLost || isEnding ? 'true' : null);
    if (this.banner.hidden) return;
    if (!isLost) {
      setText(this.word, `${what} is ending`);
      setText(this.why, 'The connections are closed; what is missing is fetched, and what is left is stored.');
      return;
    }
    const at = `${localTime(since)} ${zoneAt(since)}`;
    setText(this.word, isEnding ? `${what} ended at ${at}` : `Not connected since ${at}`);
    setText(this.why, isEnding
      ? 'What you see is how it stood; its terminal says how it went.'
      : 'What you see is from before; what you miss is fetched on return.');
    const wait = retryAt === null ? 0 : Math.max(0, Math.ceil((retryAt - Date.now()) / 1000));
    setText(this.retry, `${formatAge(Date.now() - since)} ago, next try in ${wait} s`);
  }
}
