// One viewport: which stack it shows, where in it, how it is windowed; the page reads its signals and calls its verbs.
import { cache, Enums, eventTarget, type Types } from '@cornerstonejs/core';
import { type Signal, signal } from '@preact/signals';
import type { Point2 } from '../lib/api';
import { Film } from './cine';
import { toDrawing } from './drawing';
import { paintsBy, startEngine } from './engine';
import type { Frame } from './frame';
import { Prefetch } from './prefetch';
import type { Stack } from './stack';
import { fromRange, type Preset, toRange, type Window } from './windows';

const { Events, ViewportType } = Enums;

export class Pane {
  readonly stack: Signal<Stack | null> = signal(null);
  readonly index = signal(0);
  readonly window: Signal<Window | null> = signal(null);
  readonly inverted = signal(false);
  /** What stands instead of an image, in words; empty while an image is shown. */
  readonly message = signal('');
  readonly painted = signal(false);
  /** Grows with each frame that is in memory; `isLoaded` tells which. */
  readonly loaded = signal(0);
  /** Grows with each painting, so that labels follow. */
  readonly painting = signal(0);
  readonly film = new Film(
    (step) => this.step(step, true),
    () => this.painted.value && this.isLoaded(this.index.value),
  );
  element: HTMLDivElement | null = null;
  onMoved: () => void = () => {};
  onEnabled: () => void = () => {};
  /** Limits of the window that the reader chose for this stack. */
  private chosen: { lower: number; upper: number } | null = null;
  private have = new Set<number>();
  private prefetch: Prefetch | null = null;
  private observer: ResizeObserver | null = null;

  constructor(readonly id: string) {}

  get viewport(): Types.IStackViewport | null {
    return this.element ? (startEngine().getViewport(this.id) as Types.IStackViewport) : null;
  }
  get frame(): Frame | undefined {
    return this.stack.value?.frames[this.index.value];
  }
  private get exact(): boolean {
    return this.frame?.voiFunction === 'LINEAR_EXACT';
  }
  isLoaded = (i: number) => this.have.has(i);

  attach(element: HTMLDivElement): void {
    this.element = element;
    this.enable();
    element.addEventListener(Events.IMAGE_RENDERED, this.rendered);
    element.addEventListener(Events.STACK_NEW_IMAGE, this.newImage);
    element.addEventListener(Events.VOI_MODIFIED, this.voi);
    element.addEventListener(Events.STACK_VIEWPORT_SCROLL, this.scrolled);
    eventTarget.addEventListener(Events.IMAGE_LOAD_ERROR, this.loadError);
    this.observer = new ResizeObserver(() => startEngine().resize(true, this.moved));
    this.observer.observe(element);
  }

  /** Whether the reader zoomed or panned; if not, the image fits its pane again when the pane changes size. */
  private get moved(): boolean {
    const viewport = this.viewport;
    if (!viewport || !this.painted.value) return false;
    const [x, y] = viewport.getPan();
    return Math.abs(viewport.getZoom() - 1) > 0.01 || Math.hypot(x, y) > 1;
  }

  /** A fresh viewport for each stack: painting by the processor keeps area and window of the stack before. */
  private enable(): void {
    const { element } = this;
    if (!element) return;
    const engine = startEngine();
    if (engine.getViewport(this.id)) engine.disableElement(this.id);
    engine.enableElement({
      viewportId: this.id,
      type: ViewportType.STACK,
      element,
      defaultOptions: { background: [0, 0, 0] },
    });
    this.onEnabled();
  }

  detach(): void {
    const element = this.element;
    if (!element) return;
    this.film.stop();
    this.prefetch?.stop();
    this.observer?.disconnect();
    element.removeEventListener(Events.IMAGE_RENDERED, this.rendered);
    element.removeEventListener(Events.STACK_NEW_IMAGE, this.newImage);
    element.removeEventListener(Events.VOI_MODIFIED, this.voi);
    element.removeEventListener(Events.STACK_VIEWPORT_SCROLL, this.scrolled);
    eventTarget.removeEventListener(Events.IMAGE_LOAD_ERROR, this.loadError);
    startEngine().disableElement(this.id);
    this.element = null;
    this.painted.value = false;
  }

  /** Show a stack from one of its frames on; the window the reader chose for it stays with the pane's stack only. */
  async show(stack: Stack, index: number): Promise<void> {
    this.film.stop();
    this.prefetch?.stop();
    this.have = new Set();
    this.painted.value = false;
    this.loaded.value = 0;
    this.inverted.value = false;
    this.window.value = null;
    this.chosen = null;
    this.stack.value = stack;
    this.index.value = index;
    this.film.rate.value = stack.rate ?? 10;
    if (stack.series.kind === 'waveform') return;
    if (!stack.frames.length) {
      this.message.value =
        'This series holds no images that can be shown here. It stays in the archive as it was sent.';
      return;
    }
    this.message.value = '';
    if (paintsBy() === 'processor') this.enable();
    const viewport = this.viewport;
    if (!viewport) return;
    try {
      await viewport.setStack(
        stack.frames.map((f) => f.imageId),
        index,
      );
      viewport.render();
    } catch (error) {
      this.fail(error);
    }
    if (this.stack.value !== stack) return;
    this.prefetch = new Prefetch(
      stack,
      () => this.index.value,
      (i) => {
        this.have.add(i);
        this.loaded.value = this.have.size;
      },
    );
  }

  async goTo(index: number): Promise<void> {
    const stack = this.stack.value;
    const viewport = this.viewport;
    if (!stack || !viewport || !stack.frames.length) return;
    const to = Math.min(Math.max(index, 0), stack.frames.length - 1);
    if (to === this.index.value && this.painted.value) return;
    this.index.value = to;
    this.painted.value = false;
    this.onMoved();
    try {
      await viewport.setImageIdIndex(to);
      if (this.index.value === to) this.message.value = '';
    } catch (error) {
      if (this.index.value === to) this.fail(error);
    }
  }

  step(by: number, around = false): void {
    const count = this.stack.value?.frames.length ?? 0;
    if (!count) return;
    const to = this.index.value + by;
    void this.goTo(around ? ((to % count) + count) % count : to);
  }

  apply(preset: Preset): void {
    if (preset.window === 'recorded') {
      this.reset();
      return;
    }
    const image = this.viewport?.getCornerstoneImage();
    if (!image) return;
    const full = {
      width: image.maxPixelValue - image.minPixelValue || 1,
      center: (image.maxPixelValue + image.minPixelValue) / 2,
    };
    this.setWindow(preset.window === 'full' ? full : preset.window);
  }

  setWindow(window: Window): void {
    const viewport = this.viewport;
    if (!viewport) return;
    viewport.setProperties({ voiRange: toRange(window, this.exact) });
    viewport.render();
  }

  invert(): void {
    const viewport = this.viewport;
    if (!viewport) return;
    viewport.setProperties({ invert: !viewport.getProperties().invert });
    this.inverted.value = !this.inverted.value;
    viewport.render();
  }

  reset(): void {
    const viewport = this.viewport;
    if (!viewport) return;
    viewport.resetProperties();
    this.chosen = null;
    viewport.resetCamera();
    this.inverted.value = false;
    viewport.render();
  }

  /** Where an image point is on the screen, client CSS pixels. */
  toScreen(point: Point2): Point2 | null {
    const { viewport, frame, element } = this;
    if (!viewport || !frame || !element || !this.painted.value) return null;
    const [x, y] = viewport.worldToCanvas(toDrawing(frame, point));
    const box = element.getBoundingClientRect();
    return [box.left + x, box.top + y];
  }

  private readonly rendered = (): void => {
    const image = this.viewport?.getCornerstoneImage();
    if (!image) return;
    // Painting by the processor forgets, from image to image, the range that the tools start from.
    if (this.chosen && paintsBy() === 'processor')
      this.viewport?.setProperties({ voiRange: this.chosen }, true);
    const range = this.viewport?.getProperties().voiRange;
    if (range) this.window.value = fromRange(range, this.exact);
    // True only when the picture that is asked for is the picture that stands there.
    this.painted.value = image.imageId === this.frame?.imageId && cache.isLoaded(image.imageId);
    if (this.painted.value) {
      this.message.value = '';
      if (!this.have.has(this.index.value)) {
        this.have.add(this.index.value);
        this.loaded.value = this.have.size;
      }
    }
    this.painting.value++;
  };

  private readonly newImage = (event: Event): void => {
    const { imageIdIndex } = (event as CustomEvent<{ imageIdIndex: number }>).detail;
    this.index.value = imageIdIndex;
  };

  /** Cornerstone's own scroll tool moved on; the image may come later, or never. */
  private readonly scrolled = (event: Event): void => {
    this.index.value = (event as CustomEvent<{ newImageIdIndex: number }>).detail.newImageIdIndex;
    this.onMoved();
  };

  private readonly loadError = (event: Event): void => {
    const { imageId, error } = (event as CustomEvent<{ imageId: string; error: unknown }>).detail;
    if (imageId === this.frame?.imageId) this.fail(error);
  };

  private readonly voi = (event: Event): void => {
    const { range } = (event as CustomEvent<{ range?: { lower: number; upper: number } }>).detail;
    if (!range) return;
    this.chosen = range;
    this.window.value = fromRange(range, this.exact);
  };

  private fail(error: unknown): void {
    this.painted.value = false;
    const said = error as { message?: string; error?: Error } | undefined;
    this.message.value = said?.error?.message ?? said?.message ?? 'This image cannot be shown.';
  }
}
