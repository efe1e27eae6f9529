// SPDX-License-Identifier: Apache-2.0
// What the server says: the API and the push stream. Times, decimals and ids are text.

export type Quality = 'complete' | 'repaired' | 'gap' | 'unknown';
export type Mode = 'live' | 'simulated';

export const OUTCOMES = [
  'delivered', 'duplicate', 'late', 'rejected', 'shed', 'control',
] as const;
export type Outcome = (typeof OUTCOMES)[number];
export type Items = Record<Outcome | 'received', number>;
export type ItemsOfVenue = Items & { venue: string; channel: string };

export interface Spread { p50: number; p90: number; p99: number; p999: number; max: number; count: number }

export interface Backfill {
  venue: string;
  waiting: number;
  given_up: number;
  pages: number;
  failures: number;
  last_error: string | null;
}

export interface Status {
  version: string;
  mode: Mode;
  demo: boolean;
  epoch: string;
  now: string;
  since: string;
  /** The connections are closed for good; what is missing may still be asked for. */
  ending: boolean;
  intervals: string[];
  items: Items;
  items_by_venue: ItemsOfVenue[];
  /** What is missing now, how much of it no venue has any more; and what back-fill has brought. */
  missing: { ids: number; holes: number; unrecoverable: number; repaired: number };
  /** The feeds that ask their venue's history for what is missing. */
  backfill: Backfill[];
  latency: { bar_ms: Spread | null; push_ms: Spread | null };
  journal: { records: number; durable: number; state: string };
  engine: { behind_records: number };
  store: { record: number | null; rows: number; retries: number };
  push: { clients: number; conflated: number };
  needs_a_person: { part: string; text: string }[];
}

export type Side = 'buy' | 'sell' | 'unknown' | null;

/** What the venue itself says of a window, never a bar of ours. */
export interface VenueCandle {
  start: string;
  open: string;
  high: string;
  low: string;
  close: string;
  volume: string;
  trades: number | null;
  minutes: number;
}

export interface LastTrade {
  price: string;
  size: string | null;
  side: Side;
  trade_id: string;
  ts_event: string;
  ts_recv: string | null;
}

/** Against the first price of the 24 hours before the last one, or of those that are known. */
export interface Change {
  from: string;
  since: string;
  /** How long that is: "24h", "23h", "5m". */
  over: string;
  percent: string | null;
}

export interface Instrument {
  instrument: string;
  venue: string;
  symbol: string;
  price_decimals: number;
  size_decimals: number;
  last: LastTrade | null;
  change: Change | null;
  trades_per_second: number | null;
  quality: Quality | null;
  missing_ids: number;
  unrecoverable_ids: number;
}

export interface Bar {
  start: string;
  /** The four are null together: no trade of the bar may set a price. */
  open: string | null;
  high: string | null;
  low: string | null;
  close: string | null;
  volume: string | null;
  buy_volume: string | null;
  notional: string | null;
  vwap: string | null;
  trades: number;
  first_id: string | null;
  last_id: string | null;
  state: 'provisional' | 'final';
  quality: Quality;
  revision: number;
  cause: string | null;
}

export interface Trade {
  trade_id: string;
  ts_event: string;
  ts_recv: string | null;
  price: string;
  size: string | null;
  side: Side;
  flags: string[];
  conditions: string[];
  counts: 'all' | 'fallback' | 'volume' | 'none';
}

export interface Gap {
  instrument: string;
  channel: string;
  from_id: string;
  to_id: string;
  ids: number;
  from_time: string | null;
  to_time: string | null;
  cause: string | null;
  state: string;
}

export interface Run { from_id: string; to_id: string; from_time: string | null; to_time: string | null; repaired: number }

export interface Coverage {
  instrument: string;
  channel: string;
  received: number;
  repaired: number;
  missing: number;
  unrecoverable: number;
  percent: string | null;
  from_time: string | null;
  to_time: string | null;
  runs: Run[];
  runs_left_out: number;
}

export interface FeedStream {
  symbol: string;
  channel: string;
  state: string;
  since: string | null;
  last_frame: string | null;
  frames: number;
  last_error: string | null;
}

export interface Feed {
  venue: string;
  /** null while nothing has been connected to. */
  endpoint: string | null;
  line: string | number;
  state: string;
  since: string | null;
  last_frame: string | null;
  frames: number;
  reconnects: number;
  last_error: string | null;
  needs_a_person: boolean;
  /** That its venue's clock is far from the server's. */
  clock_warning: string | null;
  streams: FeedStream[];
}

/** Where in the journal: as text, or as the parts that the server names. */
export type Position = string | number | Record<string, string | number> | null;
export type ExplainedTrade = Trade & { position?: Position; late?: boolean };

export interface Explanation {
  instrument: string;
  interval: string;
  start: string;
  revisions: (Bar & { position?: Position })[];
  trades: ExplainedTrade[];
  trades_left_out: number;
  holes: Gap[];
  text: string;
}

export interface Hello { type: 'hello'; epoch: string; mode: Mode; demo: boolean; version: string; now: string }
export interface TopicMessage {
  type: 'snapshot' | 'update';
  topic: string;
  seq: number;
  prev?: number;
  data: unknown;
  left_out?: number;
}
export interface ErrorMessage { type: 'error'; error: string; topic?: string }
/** The last message: everything was said, and the server leaves. */
export interface Ended { type: 'ended'; now: string }
export type ServerMessage = Hello | TopicMessage | ErrorMessage | Ended;
