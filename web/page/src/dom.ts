/** Elements. Text becomes part of the page as text only, so nothing in a scenario is read as markup. */

type Child = Node | string | null | undefined | false;
type Attributes = Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>;

function fill(element: Element, attributes: Attributes, children: Child[]): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child): child is Node | string => child !== null && child !== undefined && child !== false));
}

/** An HTML element. A function as attribute listens to the event of that name. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  fill(element, attributes, children);
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

/** An SVG element. */
export function s<K extends keyof SVGElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: Child[]): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  fill(element, attributes, children);
  return element;
}

/** The element that must be there. */
export function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (!element) throw new Error(`no element ${id}`);
  return element;
}

/** A chart that the engine has drawn. Its texts are described by its own title. */
export function svgOf(text: string): SVGElement {
  const parsed = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
  const svg = document.importNode(parsed, true) as unknown as SVGElement;
  const [width, height] = [svg.getAttribute('width'), svg.getAttribute('height')];
  if (!svg.hasAttribute('viewBox') && width && height) svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  svg.removeAttribute('height');
  svg.setAttribute('width', '100%');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', chartTitle(svg));
  return svg;
}

/** The heading of a chart: its first lines, which have the same size. */
export function chartTitle(svg: Element): string {
  const texts = [...svg.querySelectorAll('text')];
  const size = texts[0]?.getAttribute('font-size');
  const end = texts.findIndex((text) => text.getAttribute('font-size') !== size);
  return texts.slice(0, end < 0 ? 1 : end).map((text) => text.textContent.trim()).join(' ');
}

/** Whether movements are unwelcome. */
export function still(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/** A number for people. */
export function num(value: number, places = 2): string {
  return value.toFixed(places).replace('-', '\u2212');
}

/** The same with its sign. */
export function signed(value: number, places = 2): string {
  return value > 0 ? `+${num(value, places)}` : num(value, places);
}

/** Saves a text as a file. */
export function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  h('a', { href: url, download: name }).click();
  setTimeout(() => { URL.revokeObjectURL(url); }, 1000);
}
