// SPDX-License-Identifier: Apache-2.0
import { ApiError } from '../api';
import { h } from '../page/dom';
import { copyable } from './copyable';

/** What happened, what it means, what to do, and the details to copy. */
export function failure(what: string, error: unknown, next: string): HTMLElement {
  const isOurs = error instanceof ApiError;
  const said = error instanceof Error ? error.message : String(error);
  const meaning = isOurs && error.status === 0
    ? 'The server does not answer; what is on the page is from before.'
    : said;
  const details = isOurs ? `${error.path}\nstatus ${error.status}\n${said}` : said;
  return h('div', { class: 'failure', role: 'alert' },
    h('strong', { class: 'wrong' }, what), h('p', {}, meaning), next === '' ? null : h('p', {}, next), copyable(details, 'Copy details'));
}
