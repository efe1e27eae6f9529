// SPDX-License-Identifier: Apache-2.0
type Child = Node | string | null;
type Attributes = Record<string, string | number | boolean | null | undefined>;

/** An element with attributes and children; `false`, null and undefined leave an attribute away. */
export function h<K extends keyof HTMLElementTagNameMap>(
  name: K, attributes: Attributes = {}, ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) setAttribute(element, key, value);
  for (const child of children) if (child !== null) element.append(child);
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

export function svg(name: string, attributes: Attributes, ...children: Node[]): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) setAttribute(element, key, value);
  element.append(...children);
  return element;
}

/** Writes only what differs, so that a frame in which nothing changed costs no layout. */
export function setText(element: Element, text: string): boolean {
  if (element.textContent === text) return false;
  element.textContent = text;
  return true;
}

export function setAttribute(
  element: Element, name: string, value: string | number | boolean | null | undefined,
): void {
  if (value === null || value === undefined || value === false) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
    return;
  }
  const text = value === true ? '' : String(value);
  if (element.getAttribute(name) !== text) element.setAttribute(name, text);
}

/** The element that index.html promises. */
export function part(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (!element) throw new Error(`index.html has no #${id}`);
  return element;
}

const still = matchMedia('(prefers-reduced-motion: reduce)');

/** A changed number's background flashes and fades; nothing moves. */
export function flash(element: HTMLElement, direction: -1 | 0 | 1): void {
  if (still.matches) return;
  const colour = direction > 0 ? '--flash-up' : direction < 0 ? '--flash-down' : '--flash-even';
  element.animate(
    [{ backgroundColor: `var(${colour})` }, { backgroundColor: 'transparent' }],
    { duration: 300, easing: 'ease-out' });
}
