// Cornerstone's questions about an image, answered from our frames.
import { metaData } from '@cornerstonejs/core';
import type { Frame } from './frame';
import type { Plane } from './geometry';
import { frameOf } from './stack';

/** The plane that Cornerstone draws on: the patient's, or a flat one where the image has none. */
export function drawingPlane(f: Frame): Plane {
  if (f.plane) return f.plane;
  const known = f.scale.kind === 'patient' || f.scale.kind === 'detector' ? f.scale : { dx: 1, dy: f.aspect };
  return { position: [0, 0, 0], row: [1, 0, 0], column: [0, 1, 0], dx: known.dx, dy: known.dy };
}

function answer(kind: string, f: Frame): unknown {
  switch (kind) {
    case 'imagePixelModule':
      return {
        samplesPerPixel: f.samples,
        photometricInterpretation: f.photometric,
        planarConfiguration: f.planar,
        rows: f.rows,
        columns: f.columns,
        bitsAllocated: f.bitsAllocated,
        bitsStored: f.bitsStored,
        highBit: f.bitsStored - 1,
        pixelRepresentation: f.signed ? 1 : 0,
        ...paletteAnswer(f),
      };
    case 'imagePlaneModule': {
      const p = drawingPlane(f);
      return {
        // One frame of reference for each series: shapes belong to the image they were drawn on.
        frameOfReferenceUID: f.seriesUid,
        rows: f.rows,
        columns: f.columns,
        imageOrientationPatient: [...p.row, ...p.column],
        rowCosines: p.row,
        columnCosines: p.column,
        imagePositionPatient: p.position,
        pixelSpacing: [p.dy, p.dx],
        rowPixelSpacing: p.dy,
        columnPixelSpacing: p.dx,
        sliceThickness: f.thickness ?? undefined,
        usingDefaultValues: false,
      };
    }
    case 'generalSeriesModule':
      return { modality: f.modality, seriesInstanceUID: f.seriesUid, studyInstanceUID: f.studyUid };
    case 'generalImageModule':
      return { sopInstanceUID: f.sopUid };
    case 'voiLutModule':
      return f.windows.length
        ? {
            windowCenter: f.windows.map((w) => w.center),
            windowWidth: f.windows.map((w) => w.width),
            voiLUTFunction: [f.voiFunction],
          }
        : {};
    case 'modalityLutModule':
      return { rescaleSlope: f.slope, rescaleIntercept: f.intercept };
    case 'sopCommonModule':
      return { sopClassUID: f.sopClassUid, sopInstanceUID: f.sopUid };
    default:
      return undefined;
  }
}

function paletteAnswer(f: Frame): Record<string, unknown> {
  if (!f.palettes) return {};
  const [red, green, blue] = f.palettes;
  return {
    redPaletteColorLookupTableDescriptor: red.descriptor,
    greenPaletteColorLookupTableDescriptor: green.descriptor,
    bluePaletteColorLookupTableDescriptor: blue.descriptor,
    redPaletteColorLookupTableData: red.data,
    greenPaletteColorLookupTableData: green.data,
    bluePaletteColorLookupTableData: blue.data,
  };
}

export function registerProvider(): void {
  metaData.addProvider((kind: string, imageId: unknown) => {
    const frame = typeof imageId === 'string' ? frameOf(imageId) : undefined;
    return frame && answer(kind, frame);
  }, 9999);
}
