// The scroll bar of a stack: where the reader is, and which frames are in memory.
import { useEffect, useRef } from 'preact/hooks';
import type { Pane } from '../study/pane';

export function LoadBar({ pane }: { pane: Pane }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const count = pane.stack.value?.frames.length ?? 0;
  const loaded = pane.loaded.value;
  const index = pane.index.value;
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return;
    element.height = count;
    context.fillStyle = getComputedStyle(element).color;
    for (let i = 0; i < count; i++) if (pane.isLoaded(i)) context.fillRect(0, i, 1, 1);
  }, [count, loaded]);
  const toPointer = (event: PointerEvent) => {
    const bar = event.currentTarget as HTMLElement;
    const box = bar.getBoundingClientRect();
    void pane.goTo(Math.round(((event.clientY - box.top) / box.height) * (count - 1)));
  };
  return (
    <div
      class="loadbar"
      role="scrollbar"
      tabIndex={-1}
      aria-controls={pane.id}
      aria-orientation="vertical"
      aria-label={`Image ${index + 1} of ${count}; ${loaded} in memory`}
      aria-valuemin={1}
      aria-valuemax={count}
      aria-valuenow={index + 1}
      title={loaded < count ? `${loaded} of ${count} images in memory` : 'All images in memory'}
      onPointerDown={(e) => {
        e.currentTarget.setPointerCapture(e.pointerId);
        toPointer(e);
      }}
      onPointerMove={(e) => {
        if (e.buttons & 1) toPointer(e);
      }}
    >
      <canvas ref={canvas} width={1} height={1} />
      <u style={{ top: `${count > 1 ? (index / (count - 1)) * 100 : 0}%` }} />
    </div>
  );
}
