// Plays a stack as a film at its recorded rate; never faster than frames can be painted.
import { signal } from '@preact/signals';

export class Film {
  readonly playing = signal(false);
  /** Frames a second. */
  readonly rate = signal(10);
  private handle = 0;
  private shownAt = 0;

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
    this.shownAt = performance.now();
    this.handle = requestAnimationFrame(this.tick);
  }

  stop(): void {
    this.playing.value = false;
    cancelAnimationFrame(this.handle);
  }

  private readonly tick = (now: number): void => {
    if (!this.playing.value) return;
    if (now - this.shownAt >= 1000 / this.rate.value && this.ready()) {
      this.shownAt = now;
      this.advance(1);
    }
    this.handle = requestAnimationFrame(this.tick);
  };
}
