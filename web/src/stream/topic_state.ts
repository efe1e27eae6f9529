// SPDX-License-Identifier: Apache-2.0
import type { TopicMessage } from '../contract';

export type Verdict = 'apply' | 'ignore' | 'lost';

/** Where a topic stands. `seq` counts its changes, `prev` names the message before to this client. */
export class TopicState {
  seq: number | null = null;

  accept(message: TopicMessage): Verdict {
    if (message.type === 'snapshot') {
      this.seq = message.seq;
      return 'apply';
    }
    // Subscribed anew: what was on its way belongs to the time before the snapshot.
    if (this.seq === null) return 'ignore';
    if (message.prev !== this.seq) {
      this.seq = null;
      return 'lost';
    }
    this.seq = message.seq;
    return 'apply';
  }
}
