// The one rendering engine of the page, and how it paints: by the graphics card, or by the processor where there is none.
import {
  cache,
  getRenderingCapabilities,
  getShouldUseCPURendering,
  init,
  RenderingEngine,
  setUseCPURendering,
} from '@cornerstonejs/core';
import { registerLoader } from './loader';
import { registerProvider } from './provider';

const CACHE_BYTES = 1.5 * 1024 ** 3;

let engine: RenderingEngine | null = null;

/** Start Cornerstone once. A rasteriser in software is slower than Cornerstone's own painting by the processor. */
export function startEngine(): RenderingEngine {
  if (engine) return engine;
  init();
  const able = getRenderingCapabilities() as { webgl: boolean; softwareRasterizer?: boolean };
  if (!able.webgl || able.softwareRasterizer) setUseCPURendering(true);
  cache.setMaxCacheSize(CACHE_BYTES);
  registerProvider();
  registerLoader(Math.max(2, Math.min(4, (navigator.hardwareConcurrency || 2) - 1)));
  engine = new RenderingEngine('room');
  return engine;
}

/**
 * Cornerstone's index of the upper-left corner's pixel centre, in our (0.5, 0.5) convention: its processor painting
 * counts from the corner of the image, its graphics painting from the centre of the first pixel.
 */
export const indexOffset = () => (getShouldUseCPURendering() ? 0 : 0.5);

export const paintsBy = () => (getShouldUseCPURendering() ? 'processor' : 'graphics card');
