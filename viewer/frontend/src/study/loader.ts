// Fetches a stored frame and has it decoded by Cornerstone's workers; says in words why a frame cannot be shown.
import { getShouldUseCPURendering, registerImageLoader, type Types } from '@cornerstonejs/core';
import { createImage, init as initDecoders } from '@cornerstonejs/dicom-image-loader';
import { frameOf } from './stack';

/** Why a frame cannot be shown, for the reader. */
export class Unshowable extends Error {}

const SYNTAX = /transfer-syntax="?([\d.]+)/;

async function load(imageId: string, signal: AbortSignal): Promise<Types.IImage> {
  const answer = await fetch(imageId.slice('frame:'.length), {
    headers: { Accept: 'application/octet-stream; transfer-syntax=*' },
    credentials: 'same-origin',
    signal,
  }).catch((error: unknown) => {
    if (signal.aborted) throw error;
    throw new Unshowable(
      'The server cannot be reached, so this image is missing. Scroll away and back to try again.',
    );
  });
  if (!answer.ok) {
    throw new Unshowable(
      `The server could not give this image (${answer.status}). Scroll away and back to try again.`,
    );
  }
  const syntax = SYNTAX.exec(answer.headers.get('Content-Type') ?? '')?.[1] ?? '1.2.840.10008.1.2.1';
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const frame = frameOf(imageId);
  if (frame?.photometric === 'PALETTE COLOR' && !frame.palettes) {
    throw new Unshowable(
      'This image has colours by a table that was not sent with it, so it cannot be shown.',
    );
  }
  try {
    return (await createImage(imageId, bytes, syntax, {
      useRGBA: getShouldUseCPURendering(),
    })) as unknown as Types.IImage;
  } catch (error) {
    const why =
      error instanceof Error && /[Nn]o decoder/.test(error.message)
        ? 'is not known here'
        : 'could not be decoded';
    throw new Unshowable(`This image cannot be shown: its compression (${syntax}) ${why}.`);
  }
}

export function registerLoader(workers: number): void {
  initDecoders({ maxWebWorkers: workers });
  registerImageLoader('frame', ((imageId: string) => {
    const abort = new AbortController();
    return { promise: load(imageId, abort.signal), cancelFn: () => abort.abort() };
  }) as unknown as Types.ImageLoaderFn);
}
