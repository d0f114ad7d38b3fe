// Brings the rest of a stack into memory, outwards from the slice that is looked at; stops when the reader moves on.
import { cache, Enums, imageLoader } from '@cornerstonejs/core';
import { outwards } from './order';
import type { Stack } from './stack';

const AT_ONCE = 4;

export class Prefetch {
  private stopped = false;

  /** `onLoaded` is told the index of each frame as it is ready, also of those that were in memory before. */
  constructor(
    private readonly stack: Stack,
    private readonly start: () => number,
    private readonly onLoaded: (index: number) => void,
  ) {
    void Promise.all(Array.from({ length: AT_ONCE }, () => this.work()));
  }

  stop(): void {
    this.stopped = true;
  }

  private readonly taken = new Set<number>();

  private next(): number | undefined {
    // The order is taken anew each time: the reader scrolls while the stack loads.
    for (const i of outwards(this.stack.frames.length, this.start())) {
      if (!this.taken.has(i)) {
        this.taken.add(i);
        return i;
      }
    }
    return undefined;
  }

  private async work(): Promise<void> {
    for (let i = this.next(); i !== undefined && !this.stopped; i = this.next()) {
      const imageId = this.stack.frames[i]?.imageId as string;
      if (!cache.isLoaded(imageId)) {
        try {
          await imageLoader.loadAndCacheImage(imageId, {
            requestType: Enums.RequestType.Prefetch,
            priority: 0,
          });
        } catch {
          continue; // The pane says it in words when the reader comes to this frame.
        }
      }
      if (!this.stopped) this.onLoaded(i);
    }
  }
}
