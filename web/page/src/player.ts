/** Play, pause and step through frames. The frame is a slider too, so that it can be set by mouse, finger and keys. */

import { h, still } from './dom';

export interface Options {
  /** Number of frames. */
  frames: number;
  /** Milliseconds per frame at normal speed. */
  pace: number;
  /** What a frame is called, as in "slot 3 of 12". */
  label: (frame: number) => string;
  /** Shows a frame. `moved` says that it follows the one before by itself or by a single step. */
  show: (frame: number, moved: boolean) => void;
  /** Whether it starts by itself. */
  auto?: boolean;
}

const SPEEDS = [
  ['slow', 0.5],
  ['normal', 1],
  ['fast', 3],
] as const;

export class Player {
  readonly element: HTMLElement;
  private at = 0;
  private speed = 1;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly play: HTMLButtonElement;
  private readonly slider: HTMLInputElement;
  private readonly where: HTMLElement;

  constructor(private readonly options: Options) {
    this.play = h('button', { type: 'button', class: 'main', click: () => { this.toggle(); } }, 'Play');
    this.slider = h('input', {
      type: 'range', min: 0, max: options.frames - 1, value: 0, step: 1, 'aria-label': 'Time',
      input: () => { this.pause(); this.go(Number(this.slider.value), false); },
    });
    // Not announced while it plays; the slider says where it is.
    this.where = h('span', { class: 'at' });
    const step = (by: number, label: string, name: string): HTMLButtonElement =>
      h('button', { type: 'button', 'aria-label': name, title: name, click: () => { this.pause(); this.go(this.at + by, by === 1); } }, label);
    const speed = h('select', { 'aria-label': 'Speed', change: () => { this.speed = Number(speed.value); } },
      ...SPEEDS.map(([name, factor]) => h('option', { value: factor, selected: factor === 1 }, name)));
    this.element = h('div', { class: 'controls' }, step(-1, '\u2190', 'One step back'), this.play,
      step(1, '\u2192', 'One step forward'), h('span', { class: 'time' }, this.slider), this.where, speed);
    this.go(0, false);
    // Those who do not want movement start it themselves.
    if (options.auto && !still()) this.toggle();
  }

  /** Milliseconds that a frame is shown. */
  get pace(): number {
    return this.options.pace / this.speed;
  }

  pause(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.play.textContent = 'Play';
  }

  private toggle(): void {
    if (this.timer !== undefined) {
      this.pause();
      return;
    }
    if (this.at >= this.options.frames - 1) this.go(0, false);
    this.play.textContent = 'Pause';
    this.wait();
  }

  private wait(): void {
    this.timer = setTimeout(() => {
      if (!this.element.isConnected && this.at > 0) {
        this.pause();
        return;
      }
      this.go(this.at + 1, true);
      if (this.at >= this.options.frames - 1) this.pause();
      else this.wait();
    }, this.pace);
  }

  private go(frame: number, moved: boolean): void {
    const last = this.options.frames - 1;
    this.at = Math.max(0, Math.min(last, frame));
    this.slider.value = String(this.at);
    const label = this.options.label(this.at);
    this.where.textContent = label;
    this.slider.setAttribute('aria-valuetext', label);
    this.options.show(this.at, moved);
  }
}
