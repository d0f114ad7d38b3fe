// Saves what the reader enters: soon after each change, never twice at once, again and again while the line is down.
import { type Signal, signal } from '@preact/signals';
import { ApiError } from './api';

export type SaveState =
  | { kind: 'idle' }
  | { kind: 'saving' }
  | { kind: 'saved'; at: number }
  | { kind: 'retrying'; message: string }
  | { kind: 'conflict'; message: string }
  | { kind: 'refused'; message: string }
  | { kind: 'signed_out'; message: string };

const WAIT_MS = 700;
const RETRY_MS = [1000, 2000, 4000, 8000, 15000];
/** How often a leaving or signing page saves again what changed meanwhile. */
const ROUNDS = 5;

/** One thing that is kept on the server. `save` sends its present value. */
export class Saver {
  readonly state: Signal<SaveState> = signal({ kind: 'idle' });
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<void> | null = null;
  private dirty = false;
  private failures = 0;

  constructor(
    private readonly save: (leaving: boolean) => Promise<void>,
    private readonly now: () => number = Date.now,
  ) {}

  /** Something changed: save it soon. */
  touch(): void {
    this.dirty = true;
    if (this.state.value.kind === 'conflict') return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.run(false), WAIT_MS);
  }

  /** Save now what is not saved yet; resolves when there is nothing left, rejects when it could not be saved. */
  async flush(leaving = false): Promise<void> {
    clearTimeout(this.timer);
    if (this.running) await this.running;
    // What changes while it is being saved is saved after it, not refused.
    for (let round = 0; this.dirty && round < ROUNDS; round++) {
      await this.run(leaving);
      if ('message' in this.state.value) break;
    }
    if (this.dirty) {
      const state = this.state.value;
      throw new Error('message' in state ? state.message : 'Not saved yet. Try again in a moment.');
    }
  }

  /** The reader chose what to do about a conflict: what is on the page counts, or nothing is left to save. */
  settle(saveAgain: boolean): void {
    this.state.value = { kind: 'idle' };
    this.dirty = false;
    if (saveAgain) this.touch();
  }

  private run(leaving: boolean): Promise<void> {
    if (!this.running) {
      this.running = this.once(leaving).finally(() => {
        this.running = null;
      });
    }
    return this.running;
  }

  private async once(leaving: boolean): Promise<void> {
    this.dirty = false;
    this.state.value = { kind: 'saving' };
    try {
      await this.save(leaving);
      this.failures = 0;
      this.state.value = { kind: 'saved', at: this.now() };
      if (this.dirty) this.touch();
    } catch (error) {
      this.dirty = true;
      this.state.value = failureOf(error);
      if (this.state.value.kind !== 'retrying') return;
      const wait = RETRY_MS[Math.min(this.failures++, RETRY_MS.length - 1)];
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.run(false), wait);
    }
  }
}

function failureOf(error: unknown): SaveState {
  const message = error instanceof Error ? error.message : 'Not saved.';
  if (error instanceof ApiError && error.status === 409) return { kind: 'conflict', message };
  if (error instanceof ApiError && error.status === 401) return { kind: 'signed_out', message };
  if (error instanceof ApiError && error.status < 500) return { kind: 'refused', message };
  return { kind: 'retrying', message };
}
