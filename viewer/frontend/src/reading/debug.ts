// A small handle for tests: where an image point is on the screen, and going to an image. It can show, never sign.
import type { Point2 } from '../lib/api';
import { paintsBy } from '../study/engine';
import type { Room } from './room';

export interface SecondReadHandle {
  /** Client x, y of an image point (column, row; first pixel's centre 0.5, 0.5), or null while nothing is painted. */
  imageToScreen(viewport: number, column: number, row: number): { x: number; y: number } | null;
  /** Show a frame (1-based) of an instance; resolves true once that image is painted in the viewport. */
  goTo(viewport: number, sopInstanceUid: string, frame?: number): Promise<boolean>;
  /** "processor" or "graphics card". */
  paintsBy(): string;
}

declare global {
  interface Window {
    secondRead?: SecondReadHandle;
  }
}

const PATIENCE_MS = 20_000;

export function offerHandle(room: Room): void {
  window.secondRead = {
    imageToScreen(viewport, column, row) {
      const spot: Point2 | null = room.views.panes[viewport === 1 ? 1 : 0].toScreen([column, row]);
      return spot && { x: spot[0], y: spot[1] };
    },
    async goTo(viewport, sopInstanceUid, frame = 1) {
      const pane = room.views.panes[viewport === 1 ? 1 : 0];
      const at =
        pane.stack.value?.frames.findIndex((f) => f.sopUid === sopInstanceUid && f.number === frame) ?? -1;
      if (at < 0) return false;
      await pane.goTo(at);
      const until = performance.now() + PATIENCE_MS;
      while (!(pane.painted.value && pane.index.value === at)) {
        if (performance.now() > until) return false;
        await new Promise(requestAnimationFrame);
      }
      return true;
    },
    paintsBy,
  };
}
