// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from 'vitest';
import type { Hello, TopicMessage } from '../../src/contract';
import { backoffMs } from '../../src/stream/backoff';
import { type Socket, StreamClient, type StreamListener, type Surroundings } from '../../src/stream/stream_client';

class FakeSocket implements Socket {
  onopen = null;
  onclose: ((event: { code: number }) => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  sent: Record<string, unknown>[] = [];
  closed = false;
  send(text: string): void { this.sent.push(JSON.parse(text) as Record<string, unknown>); }
  close(): void { this.closed = true; }
  say(message: object): void { this.onmessage?.({ data: JSON.stringify(message) }); }
  break(code = 1006): void { this.onclose?.({ code }); }
}

/** Sockets and a clock that move only when the test says so. */
class World implements Surroundings {
  sockets: FakeSocket[] = [];
  clock = 0;
  private timers = new Map<number, { at: number; run: () => void }>();
  private next = 1;
  open(): Socket { const socket = new FakeSocket(); this.sockets.push(socket); return socket; }
  now(): number { return this.clock; }
  random(): number { return 0; }
  after(ms: number, run: () => void): number {
    this.timers.set(this.next, { at: this.clock + ms, run });
    return this.next++;
  }
  cancel(timer: number): void { this.timers.delete(timer); }
  pass(ms: number): void {
    const end = this.clock + ms;
    for (;;) {
      const due = [...this.timers].filter(([, timer]) => timer.at <= end).sort((a, b) => a[1].at - b[1].at)[0];
      if (!due) break;
      this.clock = due[1].at;
      this.timers.delete(due[0]);
      due[1].run();
    }
    this.clock = end;
  }
  get socket(): FakeSocket { return this.sockets.at(-1) as FakeSocket; }
}

class Recorder implements StreamListener {
  messages: TopicMessage[] = [];
  states: { connected: boolean; since: number; ended: boolean }[] = [];
  epochs: boolean[] = [];
  refusals: string[] = [];
  hello(_: Hello, isNewEpoch: boolean): void { this.epochs.push(isNewEpoch); }
  connection(state: { connected: boolean; since: number; ended: boolean }): void { this.states.push(state); }
  message(message: TopicMessage): void { this.messages.push(message); }
  refused(error: string): void { this.refusals.push(error); }
}

const hello = (epoch: string): object => ({ type: 'hello', epoch, mode: 'live', demo: false, version: '1', now: '' });
const snapshot = (seq: number): object => ({ type: 'snapshot', topic: 'prices', seq, data: [] });
const update = (prev: number, seq: number): object => ({ type: 'update', topic: 'prices', prev, seq, data: [] });

describe('StreamClient', () => {
  let world: World;
  let heard: Recorder;
  let client: StreamClient;

  beforeEach(() => {
    world = new World();
    heard = new Recorder();
    client = new StreamClient(world, heard);
    client.subscribe('prices');
    client.connect();
  });

  it('subscribes after the greeting', () => {
    expect(world.socket.sent).toEqual([]);
    world.socket.say(hello('a'));
    expect(world.socket.sent).toEqual([{ op: 'subscribe', topics: ['prices'] }]);
  });

  it('applies updates that follow on each other, conflated ones too', () => {
    world.socket.say(hello('a'));
    for (const message of [snapshot(5), update(5, 6), update(6, 9)]) world.socket.say(message);
    expect(heard.messages.map(({ seq }) => seq)).toEqual([5, 6, 9]);
    expect(client.seqOf('prices')).toBe(9);
  });

  it('subscribes anew when something was lost, and ignores what is on its way until the snapshot', () => {
    world.socket.say(hello('a'));
    for (const message of [snapshot(5), update(6, 7), update(7, 8)]) world.socket.say(message);
    expect(heard.messages.map(({ seq }) => seq)).toEqual([5]);
    expect(world.socket.sent.slice(1)).toEqual([
      { op: 'unsubscribe', topics: ['prices'] }, { op: 'subscribe', topics: ['prices'] },
    ]);
    world.socket.say(snapshot(8));
    world.socket.say(update(8, 9));
    expect(heard.messages.map(({ seq }) => seq)).toEqual([5, 8, 9]);
  });

  it('resumes from what it has when it is the same server', () => {
    world.socket.say(hello('a'));
    world.socket.say(snapshot(5));
    world.socket.break();
    world.pass(250);
    world.socket.say(hello('a'));
    expect(world.socket.sent).toEqual([
      { op: 'subscribe', topics: ['prices'], resume: { epoch: 'a', seq: { prices: 5 } } },
    ]);
    world.socket.say(update(5, 30));
    expect(client.seqOf('prices')).toBe(30);
    expect(heard.epochs).toEqual([false, false]);
  });

  it('begins anew with another server, whose numbers mean something else', () => {
    world.socket.say(hello('a'));
    world.socket.say(snapshot(5));
    world.socket.break();
    world.pass(250);
    world.socket.say(hello('b'));
    expect(world.socket.sent).toEqual([{ op: 'subscribe', topics: ['prices'] }]);
    world.socket.say(update(5, 6));
    expect(heard.messages).toHaveLength(1);
    expect(heard.epochs).toEqual([false, true]);
  });

  it('says since when it is not connected, over several attempts', () => {
    world.socket.say(hello('a'));
    world.clock = 1000;
    world.socket.break();
    world.pass(250);
    world.socket.break();
    expect(heard.states.map(({ connected, since }) => [connected, since]))
      .toEqual([[true, 0], [false, 1000], [false, 1000]]);
    world.pass(500);
    expect(world.sockets).toHaveLength(3);
  });

  it('knows a server that said that it leaves, until one is there again', () => {
    world.socket.say(hello('a'));
    world.socket.break(1001);
    expect(heard.states.at(-1)).toMatchObject({ connected: false, ended: true });
    world.pass(3_000);
    world.socket.break();
    expect(heard.states.at(-1)).toMatchObject({ connected: false, ended: true });
    world.pass(3_000);
    world.socket.say(hello('b'));
    expect(heard.states.at(-1)).toMatchObject({ connected: true, ended: false });
    world.socket.break();
    expect(heard.states.at(-1)).toMatchObject({ connected: false, ended: false });
  });

  it('believes the last word, however the connection goes after it', () => {
    world.socket.say(hello('a'));
    world.socket.say(snapshot(1));
    world.socket.say({ type: 'ended', now: '' });
    world.socket.break();
    expect(heard.messages).toHaveLength(1);
    expect(heard.states.at(-1)).toMatchObject({ connected: false, ended: true });
  });

  it('takes silence for a dead connection', () => {
    world.socket.say(hello('a'));
    world.pass(9_999);
    expect(heard.states.at(-1)?.connected).toBe(true);
    world.pass(1);
    expect(heard.states.at(-1)?.connected).toBe(false);
    expect(world.sockets[0]?.closed).toBe(true);
  });

  it('subscribes and unsubscribes while connected, and hands on refusals', () => {
    world.socket.say(hello('a'));
    client.subscribe('gaps');
    client.unsubscribe('prices');
    expect(world.socket.sent.slice(1)).toEqual([
      { op: 'subscribe', topics: ['gaps'] }, { op: 'unsubscribe', topics: ['prices'] },
    ]);
    world.socket.say({ type: 'error', error: 'no such topic', topic: 'gaps' });
    expect(heard.refusals).toEqual(['no such topic']);
    world.socket.say(snapshot(5));
    expect(heard.messages).toEqual([]);
  });
});

it('backs off by doubling up to a bound, a quarter less at most', () => {
  expect([0, 1, 2, 3, 4, 5, 60].map((attempt) => backoffMs(attempt, 0))).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
  expect(backoffMs(0, 1)).toBe(188);
});
