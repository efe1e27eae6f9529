// SPDX-License-Identifier: Apache-2.0
import { OUTCOMES, type Items, type ItemsOfVenue, type Outcome } from '../contract';

/** received - (delivered + duplicate + late + rejected + shed + control): 0, or something is wrong. */
export function unaccounted(items: Items): number {
  return OUTCOMES.reduce((rest, outcome) => rest - items[outcome], items.received);
}

/** The rows of each venue's channels added up, in the order in which venues come. */
export function itemsByVenue(rows: readonly ItemsOfVenue[]): Map<string, Items> {
  const venues = new Map<string, Items>();
  for (const row of rows) {
    const sum = venues.get(row.venue) ?? nothing();
    for (const key of ['received', ...OUTCOMES] as (Outcome | 'received')[]) sum[key] += row[key];
    venues.set(row.venue, sum);
  }
  return venues;
}

function nothing(): Items {
  return { received: 0, delivered: 0, duplicate: 0, late: 0, rejected: 0, shed: 0, control: 0 };
}
