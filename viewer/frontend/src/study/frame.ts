// One frame of a series as the viewer needs it, read from DICOM JSON; single-frame, multi-frame and enhanced objects.
import type { Point3 } from '../lib/api';
import { type DataSet, item, items, number, numbers, table, text, texts } from './dicomjson';
import { type Edges, edgesNamed, type Plane } from './geometry';
import { type Scale, scaleOf } from './scale';

export interface Palette {
  descriptor: number[];
  data: Uint8Array | Uint16Array;
}
export interface Frame {
  imageId: string;
  studyUid: string;
  seriesUid: string;
  sopUid: string;
  sopClassUid: string;
  /** 1-based. */
  number: number;
  modality: string;
  frameOfReferenceUid: string;
  rows: number;
  columns: number;
  samples: number;
  photometric: string;
  planar: number;
  bitsAllocated: number;
  bitsStored: number;
  signed: boolean;
  slope: number;
  intercept: number;
  /** Hounsfield units after the rescale. */
  hounsfield: boolean;
  windows: { width: number; center: number }[];
  voiFunction: string;
  palettes: [Palette, Palette, Palette] | null;
  plane: Plane | null;
  /** Letters of the edges when the image has no plane but names its directions. */
  letters: Edges | null;
  scale: Scale;
  /** Ratio of row to column spacing when no spacing is known. */
  aspect: number;
  thickness: number | null;
}

/** The address of a frame; the image loader's scheme and the server's path. */
export const imageIdOf = (study: string, series: string, sop: string, frame: number) =>
  `frame:/dicom-web/studies/${study}/series/${series}/instances/${sop}/frames/${frame}`;

const three = (v: number[], at = 0) => v.slice(at, at + 3) as Point3;

function planeOf(position: number[], orientation: number[], spacing: number[]): Plane | null {
  const [dy, dx] = spacing;
  if (position.length < 3 || orientation.length < 6 || !dx || !dy || dx <= 0 || dy <= 0) return null;
  return { position: three(position), row: three(orientation), column: three(orientation, 3), dx, dy };
}

function paletteOf(ds: DataSet): Frame['palettes'] {
  const channels = ['1', '2', '3'].map((n) => {
    const descriptor = numbers(ds, `0028110${n}`);
    const data = table(ds, `0028120${n}`, descriptor[2] ?? 16);
    return data && descriptor.length === 3 ? { descriptor, data } : null;
  });
  return channels.every(Boolean) ? (channels as Frame['palettes']) : null;
}

/** All frames of one instance, or none when it holds no pixels. `study` is the server's name of the study. */
export function framesOf(ds: DataSet, study: string): Frame[] {
  const [rows, columns] = [number(ds, '00280010'), number(ds, '00280011')];
  if (!rows || !columns) return [];
  const shared = item(ds, '52009229');
  const each = items(ds, '52009230');
  const count = Math.max(1, number(ds, '00280008') ?? 1);
  const sopUid = text(ds, '00080018');
  const seriesUid = text(ds, '0020000E');
  const modality = text(ds, '00080060');
  const palettes = paletteOf(ds);
  const ratio = numbers(ds, '00280034');
  const letters = edgesNamed(texts(ds, '00200020'));
  return Array.from({ length: count }, (_, i) => {
    const group = (tag: string): DataSet => item(each[i], tag) ?? item(shared, tag) ?? ds;
    const measures = group('00289110');
    const spacing = numbers(measures, '00280030');
    const rescale = group('00289145');
    const voi = group('00289132');
    const [centers, widths] = [numbers(voi, '00281050'), numbers(voi, '00281051')];
    const windows = widths.flatMap((width, k) => {
      const center = centers[k];
      return center === undefined || width <= 0 ? [] : [{ width, center }];
    });
    return {
      imageId: imageIdOf(study, seriesUid, sopUid, i + 1),
      studyUid: study,
      seriesUid,
      sopUid,
      sopClassUid: text(ds, '00080016'),
      number: i + 1,
      modality,
      frameOfReferenceUid: text(ds, '00200052'),
      rows,
      columns,
      samples: number(ds, '00280002') ?? 1,
      photometric: text(ds, '00280004') || 'MONOCHROME2',
      planar: number(ds, '00280006') ?? 0,
      bitsAllocated: number(ds, '00280100') ?? 16,
      bitsStored: number(ds, '00280101') ?? 16,
      signed: number(ds, '00280103') === 1,
      slope: number(rescale, '00281053') ?? 1,
      intercept: number(rescale, '00281052') ?? 0,
      hounsfield: modality === 'CT' && ['', 'HU', 'HU_MOD'].includes(text(rescale, '00281054')),
      windows,
      voiFunction: text(voi, '00281056') || 'LINEAR',
      palettes,
      plane: planeOf(numbers(group('00209113'), '00200032'), numbers(group('00209116'), '00200037'), spacing),
      letters,
      scale: scaleOf(ds, spacing, modality),
      aspect: ratio[0] && ratio[1] ? ratio[0] / ratio[1] : 1,
      thickness: number(measures, '00180050') ?? null,
    };
  });
}

/** Frames a second at which the instance was recorded, or null (PS3.3 C.7.6.5). */
export function recordedRate(ds: DataSet): number | null {
  const rate = number(ds, '00082144') ?? number(ds, '00180040');
  if (rate && rate > 0) return rate;
  const time = number(ds, '00181063');
  if (time && time > 0) return 1000 / time;
  const vector = numbers(ds, '00181065').filter((ms) => ms > 0);
  if (vector.length) return 1000 / (vector.reduce((a, b) => a + b, 0) / vector.length);
  return null;
}
