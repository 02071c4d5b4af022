/** Lines that grow as time goes on. */

import { num, s } from './dom';

export interface Line {
  name: string;
  colour: string;
  values: number[];
  dash?: string;
}

interface Frame {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Steps of 1, 2 or 5 times a power of ten, about `wanted` of them. */
function ticks(low: number, high: number, wanted: number): number[] {
  const rough = (high - low) / wanted || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((one) => one >= rough) ?? rough;
  const first = Math.ceil(low / step) * step;
  return Array.from({ length: Math.max(0, Math.floor((high - first) / step + 1e-9) + 1) }, (_, k) => first + k * step);
}

export class Lines {
  readonly element: SVGSVGElement;
  private readonly grow = s('g');
  private readonly frame: Frame;
  private readonly low: number;
  private readonly high: number;
  private readonly length: number;

  constructor(private readonly lines: Line[], private readonly options: { x: string; y: string; start?: number }) {
    const narrow = matchMedia('(max-width: 860px)').matches;
    this.frame = narrow
      ? { width: 400, height: 320, left: 40, right: 84, top: 26, bottom: 40 }
      : { width: 760, height: 400, left: 48, right: 110, top: 26, bottom: 42 };
    const all = lines.flatMap((line) => line.values).filter((value) => Number.isFinite(value));
    this.low = Math.min(0, ...all);
    this.high = Math.max(0, ...all) || 1;
    this.length = Math.max(2, ...lines.map((line) => line.values.length));
    this.element = s('svg', { class: 'view', viewBox: `0 0 ${this.frame.width} ${this.frame.height}`, role: 'img', 'aria-label': `${options.y}. The line of text below says the values.` },
      this.axes(), this.grow);
  }

  private x(at: number): number {
    return this.frame.left + (at / (this.length - 1)) * (this.frame.width - this.frame.left - this.frame.right);
  }

  private y(value: number): number {
    const { height, top, bottom } = this.frame;
    return height - bottom - ((value - this.low) / (this.high - this.low)) * (height - top - bottom);
  }

  private axes(): SVGGElement {
    const { width, height, left, right, bottom } = this.frame;
    const marks: SVGElement[] = [];
    const places = this.high - this.low < 5 ? 1 : 0;
    for (const value of ticks(this.low, this.high, 5)) {
      const zero = Math.abs(value) < 1e-9;
      marks.push(s('line', { x1: left, x2: width - right, y1: this.y(value), y2: this.y(value), class: zero ? 'axis' : 'gridline' }));
      marks.push(s('text', { x: left - 7, y: this.y(value) + 4, 'text-anchor': 'end', 'font-size': 12, class: 'mutedtext' }, num(zero ? 0 : value, places)));
    }
    for (const at of ticks(0, this.length - 1, 6)) {
      marks.push(s('text', { x: this.x(at), y: height - bottom + 18, 'text-anchor': 'middle', 'font-size': 12, class: 'mutedtext' }, String(Math.round(at + (this.options.start ?? 0)))));
    }
    marks.push(s('text', { x: left, y: 14, 'font-size': 12.5, class: 'mutedtext' }, this.options.y));
    marks.push(s('text', { x: width - right, y: height - 6, 'text-anchor': 'end', 'font-size': 12.5, class: 'mutedtext' }, this.options.x));
    return s('g', {}, ...marks);
  }

  /** Shows the lines up to a time. */
  show(at: number): void {
    const marks: SVGElement[] = [];
    const ends: { y: number; line: Line; x: number }[] = [];
    for (const line of this.lines) {
      const seen = line.values.slice(0, at + 1);
      const points = seen.map((value, k) => `${this.x(k).toFixed(1)},${this.y(value).toFixed(1)}`);
      const last = seen.at(-1);
      if (last === undefined || !Number.isFinite(last)) continue;
      marks.push(s('polyline', { points: points.join(' '), fill: 'none', stroke: line.colour, 'stroke-width': 2.4, 'stroke-linejoin': 'round', 'stroke-dasharray': line.dash ?? null }));
      const x = this.x(seen.length - 1);
      marks.push(s('circle', { cx: x, cy: this.y(last), r: 4, fill: line.colour }));
      ends.push({ y: this.y(last), line, x });
    }
    ends.sort((a, b) => a.y - b.y);
    let free = -Infinity;
    for (const end of ends) {
      free = Math.max(end.y, free + 15);
      marks.push(s('text', { x: end.x + 9, y: free + 4, 'font-size': 13, 'font-weight': 600 }, end.line.name));
    }
    this.grow.replaceChildren(...marks);
  }
}
