// SPDX-License-Identifier: Apache-2.0
/** What can be done on the page; views ask for it, main wires it. */
export interface Actions {
  select(instrument: string): void;
  setInterval(interval: string): void;
  explain(start: number): void;
  openBars(): void;
  closePanel(): void;
  setRange(range: { from: number; to: number } | null): void;
  dropConnection(): void;
  nextTheme(): void;
  goTo(section: string): void;
  showLegend(): void;
  showKeys(): void;
  showPalette(): void;
  reconnect(): void;
  announce(text: string): void;
}
