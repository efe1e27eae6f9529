// SPDX-License-Identifier: Apache-2.0
/** Parts of the page ask to be drawn; each is drawn at most once per animation frame. */
export class Frame<Part extends string> {
  private readonly dirty = new Set<Part>();
  private readonly draws = new Map<Part, () => void>();
  private asked = false;

  /** `request` is requestAnimationFrame, or a test's own. */
  constructor(private readonly request: (run: () => void) => void) {}

  on(part: Part, draw: () => void): void { this.draws.set(part, draw); }

  mark(...parts: Part[]): void {
    for (const part of parts) this.dirty.add(part);
    if (this.asked) return;
    this.asked = true;
    this.request(() => this.run());
  }

  private run(): void {
    this.asked = false;
    const parts = [...this.dirty];
    this.dirty.clear();
    for (const part of parts) this.draws.get(part)?.();
  }
}
