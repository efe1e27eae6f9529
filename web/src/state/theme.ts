// SPDX-License-Identifier: Apache-2.0
export type Theme = 'system' | 'light' | 'dark';

const KEY = 'tapeline.theme';
const NEXT: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };

function remembered(): Theme {
  try {
    const stored = localStorage.getItem(KEY);
    return stored === 'light' || stored === 'dark' ? stored : 'system';
  } catch {
    return 'system';  // Storage may be refused; the page works without it.
  }
}

/** The theme in force: the system's, until somebody chose one; the choice is remembered. */
export class ThemeSwitch {
  private chosen = remembered();
  private readonly dark = matchMedia('(prefers-color-scheme: dark)');

  constructor(private readonly changed: (theme: Theme) => void) {
    this.dark.addEventListener('change', () => this.apply());
    this.apply();
  }

  get theme(): Theme { return this.chosen; }

  next(): void {
    this.chosen = NEXT[this.chosen];
    try {
      if (this.chosen === 'system') localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, this.chosen);
    } catch { /* as above */ }
    this.apply();
  }

  private apply(): void {
    const isDark = this.chosen === 'dark' || (this.chosen === 'system' && this.dark.matches);
    document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light';
    this.changed(this.chosen);
  }
}
