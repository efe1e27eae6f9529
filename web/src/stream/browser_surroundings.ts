// SPDX-License-Identifier: Apache-2.0
import type { Socket, Surroundings } from './stream_client';

export function browserSurroundings(): Surroundings {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  return {
    open: () => new WebSocket(`${scheme}://${location.host}/api/v1/stream`) as unknown as Socket,
    now: () => Date.now(),
    random: () => Math.random(),
    after: (ms, run) => window.setTimeout(run, ms),
    cancel: (timer) => window.clearTimeout(timer),
  };
}
