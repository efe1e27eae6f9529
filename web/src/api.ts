// SPDX-License-Identifier: Apache-2.0
import type { Bar, Coverage, Explanation, VenueCandle } from './contract';
import { toServerTime } from './text/time';

/** What the server said, or that it could not be asked. `status` is 0 where there was no answer. */
export class ApiError extends Error {
  constructor(readonly status: number, message: string, readonly path: string) { super(message); }
}

async function ask<T>(path: string, init?: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch {
    throw new ApiError(0, 'The server does not answer.', path);
  }
  const body: unknown = await response.json().catch(() => null);
  if (response.ok && body !== null) return body as T;
  const said = (body as { error?: unknown } | null)?.error;
  throw new ApiError(
    response.status, typeof said === 'string' ? said : `Status ${response.status}.`, path);
}

export interface BarsQuery { instrument: string; interval: string; from?: number; to?: number; limit?: number }

function rangeOf(query: BarsQuery): URLSearchParams {
  const parameters = new URLSearchParams({
    instrument: query.instrument, interval: query.interval, limit: String(query.limit ?? 500),
  });
  if (query.from !== undefined) parameters.set('from', toServerTime(query.from));
  if (query.to !== undefined) parameters.set('to', toServerTime(query.to));
  return parameters;
}

export function fetchBars(query: BarsQuery): Promise<{ more: boolean; bars: Bar[] }> {
  return ask(`/api/v1/bars?${rangeOf(query)}`);
}

/** The venue's own; `interval` is a whole number of minutes. */
export function fetchCandles(query: BarsQuery): Promise<{ more: boolean; candles: VenueCandle[] }> {
  return ask(`/api/v1/candles?${rangeOf(query)}`);
}

export function fetchCoverage(): Promise<{ coverage: Coverage[] }> {
  return ask('/api/v1/coverage');
}

export function fetchExplanation(
  instrument: string, interval: string, start: number,
): Promise<Explanation> {
  const parameters = new URLSearchParams({ instrument, interval, start: toServerTime(start) });
  return ask(`/api/v1/explain?${parameters}`);
}

export function dropConnection(venue: string): Promise<{ venue: string; at: string }> {
  return ask(`/api/v1/demo/drop?venue=${encodeURIComponent(venue)}`, {
    method: 'POST', headers: { 'X-Tapeline': '1' },
  });
}
