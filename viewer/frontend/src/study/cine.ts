// Plays a stack as a film at its recorded rate; never faster than frames can be painted, and says so when they cannot.
import { signal } from '@preact/signals';

/** Frames over which the reached rate is taken. */
const COUNTED = 12;

/** Half a turn of a 120 Hz screen. */
const EARLY_MS = 4;

export class Film {
  readonly playing = signal(false);
  /** Frames a second. */
  readonly rate = signal(10);
  /** Frames a second as they were really painted, or null before that is known. */
  readonly reached = signal<number | null>(null);
  private handle = 0;
  /** When the frame on the screen was due, ms. */
  private due = 0;
  private countedFrom = 0;
  private counted = 0;

  /** `ready` says whether the frame asked for last stands on the screen: a film waits for it, it skips none. */
  constructor(
    private readonly advance: (frames: number) => void,
    private readonly ready: () => boolean,
  ) {}

  toggle(): void {
    if (this.playing.value) this.stop();
    else this.start();
  }

  start(): void {
    this.playing.value = true;
    this.reached.value = null;
    this.counted = 0;
    this.due = this.countedFrom = performance.now();
    this.next();
  }

  stop(): void {
    this.playing.value = false;
    this.reached.value = null;
    cancelAnimationFrame(this.handle);
  }

  /** After all painting of this turn: asked before it, each frame would cost two turns of the screen. */
  private next(): void {
    this.handle = requestAnimationFrame((now) => setTimeout(() => this.tick(now)));
  }

  private tick(now: number): void {
    if (!this.playing.value) return;
    const interval = 1000 / this.rate.value;
    // A turn of the screen that comes a little early counts as the one that is due.
    if (now - this.due >= interval - EARLY_MS && this.ready()) {
      this.due = Math.max(this.due + interval, now - interval);
      this.count(now);
      this.advance(1);
    }
    this.next();
  }

  private count(now: number): void {
    this.counted++;
    if (this.counted < COUNTED) return;
    this.reached.value = (1000 * this.counted) / (now - this.countedFrom);
    this.counted = 0;
    this.countedFrom = now;
  }
}
