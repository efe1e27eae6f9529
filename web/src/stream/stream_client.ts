// SPDX-License-Identifier: Apache-2.0
import type { Hello, ServerMessage, TopicMessage } from '../contract';
import { backoffMs } from './backoff';
import { TopicState } from './topic_state';

/** What the client needs of a WebSocket and of time, so that a test can be both. */
export interface Socket {
  send(text: string): void;
  close(): void;
  onopen: (() => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
}
export interface Surroundings {
  open(): Socket;
  now(): number;
  random(): number;
  after(ms: number, run: () => void): number;
  cancel(timer: number): void;
}

export interface StreamListener {
  hello(hello: Hello, isNewEpoch: boolean): void;
  /** Connected, or not since `since` and trying again at `retryAt`; `ended`: the server said that it leaves. */
  connection(state: { connected: boolean; since: number; retryAt: number | null; ended: boolean }): void;
  message(message: TopicMessage): void;
  refused(error: string, topic: string | undefined): void;
}

/** The server sends its status twice a second: after this long in silence the connection is dead. */
const SILENCE_MS = 10_000;
const GOING_AWAY = 1001;

export class StreamClient {
  private socket: Socket | null = null;
  private readonly topics = new Map<string, TopicState>();
  private epoch: string | null = null;
  private attempt = 0;
  private connected = false;
  private lostSince: number | null = null;
  private ended = false;
  private retry: number | null = null;
  private silence: number | null = null;

  constructor(
    private readonly surroundings: Surroundings,
    private readonly listener: StreamListener,
  ) {}

  connect(): void {
    if (this.retry !== null) this.surroundings.cancel(this.retry);
    this.retry = null;
    this.drop();
    const socket = this.surroundings.open();
    this.socket = socket;
    socket.onmessage = (event) => this.received(String(event.data));
    socket.onclose = ({ code }) => {
      if (this.socket !== socket) return;
      this.ended ||= code === GOING_AWAY;
      this.lost();
    };
    this.watchSilence();
  }

  subscribe(topic: string): void {
    if (this.topics.has(topic)) return;
    this.topics.set(topic, new TopicState());
    if (this.connected) this.send({ op: 'subscribe', topics: [topic] });
  }

  unsubscribe(topic: string): void {
    if (this.topics.delete(topic) && this.connected) {
      this.send({ op: 'unsubscribe', topics: [topic] });
    }
  }

  seqOf(topic: string): number | null { return this.topics.get(topic)?.seq ?? null; }
  get epochNow(): string | null { return this.epoch; }

  private received(text: string): void {
    this.watchSilence();
    let message: ServerMessage;
    try {
      message = JSON.parse(text) as ServerMessage;
    } catch {
      this.socket?.close();
      return;
    }
    if (message.type === 'hello') this.greeted(message);
    else if (message.type === 'ended') this.ended = true;
    else if (message.type === 'error') this.listener.refused(message.error, message.topic);
    else this.delivered(message);
  }

  private greeted(hello: Hello): void {
    const isNewEpoch = this.epoch !== null && this.epoch !== hello.epoch;
    // Numbers of an older server mean nothing to this one.
    if (this.epoch !== hello.epoch) for (const state of this.topics.values()) state.seq = null;
    this.epoch = hello.epoch;
    this.connected = true;
    this.attempt = 0;
    this.lostSince = null;
    this.ended = false;
    this.listener.hello(hello, isNewEpoch);
    this.listener.connection({ connected: true, since: this.surroundings.now(), retryAt: null, ended: false });
    this.subscribeAll(hello.epoch);
  }

  private subscribeAll(epoch: string): void {
    const seq: Record<string, number> = {};
    for (const [topic, state] of this.topics) if (state.seq !== null) seq[topic] = state.seq;
    const topics = [...this.topics.keys()];
    if (topics.length === 0) return;
    const resume = Object.keys(seq).length > 0 ? { resume: { epoch, seq } } : {};
    this.send({ op: 'subscribe', topics, ...resume });
  }

  private delivered(message: TopicMessage): void {
    const state = this.topics.get(message.topic);
    if (!state) return;
    const verdict = state.accept(message);
    if (verdict === 'apply') this.listener.message(message);
    if (verdict === 'lost') {
      this.send({ op: 'unsubscribe', topics: [message.topic] });
      this.send({ op: 'subscribe', topics: [message.topic] });
    }
  }

  private lost(): void {
    this.drop();
    const now = this.surroundings.now();
    this.lostSince ??= now;
    const wait = backoffMs(this.attempt, this.surroundings.random());
    this.attempt += 1;
    this.retry = this.surroundings.after(wait, () => this.connect());
    this.listener.connection({ connected: false, since: this.lostSince, retryAt: now + wait, ended: this.ended });
  }

  private drop(): void {
    const socket = this.socket;
    this.socket = null;
    this.connected = false;
    if (this.silence !== null) this.surroundings.cancel(this.silence);
    this.silence = null;
    if (!socket) return;
    socket.onclose = null;
    socket.onmessage = null;
    socket.close();
  }

  private watchSilence(): void {
    if (this.silence !== null) this.surroundings.cancel(this.silence);
    this.silence = this.surroundings.after(SILENCE_MS, () => this.lost());
  }

  private send(message: object): void { this.socket?.send(JSON.stringify(message)); }
}
