// SPDX-License-Identifier: Apache-2.0
import { h } from './dom';

export interface Row<T> { element: HTMLElement; show(item: T, index: number): void }

export interface WindowedOptions<T> {
  rowHeight: number;
  makeRow(): Row<T>;
  /** Rows beyond each edge, so that scrolling shows no blank. */
  overscan?: number;
}

/** Draws only the rows in sight, in elements that are used again. */
export class WindowedList<T> {
  private readonly spacer: HTMLElement;
  private readonly rows: Row<T>[] = [];
  private items: readonly T[] = [];
  private asked = false;

  constructor(readonly viewport: HTMLElement, private readonly options: WindowedOptions<T>) {
    this.spacer = h('div', { class: 'windowed', role: 'presentation' });
    viewport.replaceChildren(this.spacer);
    viewport.addEventListener('scroll', () => this.ask(), { passive: true });
    new ResizeObserver(() => this.ask()).observe(viewport);
  }

  show(items: readonly T[]): void {
    this.items = items;
    this.draw();
  }

  /** Scrolls no further than needed to have this row in sight. */
  reveal(index: number): void {
    const top = index * this.options.rowHeight;
    const { scrollTop, clientHeight } = this.viewport;
    if (top < scrollTop) this.viewport.scrollTop = top;
    const bottom = top + this.options.rowHeight;
    if (bottom > scrollTop + clientHeight) this.viewport.scrollTop = bottom - clientHeight;
    this.draw();
  }

  private ask(): void {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => { this.asked = false; this.draw(); });
  }

  private draw(): void {
    const { rowHeight, overscan = 4 } = this.options;
    this.spacer.style.height = `${this.items.length * rowHeight}px`;
    const { scrollTop, clientHeight } = this.viewport;
    const first = Math.max(0, Math.floor(scrollTop / rowHeight) - overscan);
    const seen = Math.ceil(clientHeight / rowHeight) + 2 * overscan;
    const count = Math.max(0, Math.min(seen, this.items.length - first));
    while (this.rows.length < count) {
      const row = this.options.makeRow();
      this.rows.push(row);
      this.spacer.append(row.element);
    }
    this.rows.forEach((row, slot) => {
      row.element.hidden = slot >= count;
      if (slot >= count) return;
      const index = first + slot;
      row.element.style.transform = `translateY(${index * rowHeight}px)`;
      row.show(this.items[index] as T, index);
    });
  }
}
