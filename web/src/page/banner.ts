// SPDX-License-Identifier: Apache-2.0
import type { Model } from '../state/model';
import { formatAge, localTime, zoneAt } from '../text/time';
import type { Actions } from './actions';
import { h, part, setAttribute, setText } from './dom';

/** Not connected: since when, what is shown meanwhile, when it is tried again. */
export class Banner {
  private readonly banner = part('banner');
  private readonly since = h('strong');
  private readonly retry = h('span', { 'aria-live': 'off' });

  constructor(private readonly model: Model, actions: Actions) {
    const button = h('button', { type: 'button' }, 'Try now');
    button.addEventListener('click', () => actions.reconnect());
    this.banner.append(this.since,
      h('span', {}, 'What you see is from before; what you miss is fetched on return.'), this.retry, button);
  }

  draw(): void {
    const { state, since, retryAt } = this.model.connection;
    setAttribute(document.body, 'data-connection', state);
    this.banner.hidden = state !== 'lost';
    setAttribute(part('drop'), 'aria-disabled', state === 'lost' ? 'true' : null);
    if (state !== 'lost') return;
    setText(this.since, `Not connected since ${localTime(since)} ${zoneAt(since)}`);
    const wait = retryAt === null ? 0 : Math.max(0, Math.ceil((retryAt - Date.now()) / 1000));
    setText(this.retry, `${formatAge(Date.now() - since)} ago, next try in ${wait} s`);
  }
}
