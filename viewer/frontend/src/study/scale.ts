// How large a pixel is, and how sure that is: patient, detector, ultrasound region, or not known at all.
import type { Point2 } from '../lib/api';
import { type DataSet, items, number, numbers, text } from './dicomjson';

/** A calibrated rectangle of an ultrasound image (PS3.3 C.8.5.5); mm a pixel. */
export interface Region {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
  dx: number;
  dy: number;
}
export type Scale =
  | { kind: 'patient'; dx: number; dy: number }
  | { kind: 'detector'; dx: number; dy: number }
  | { kind: 'regions'; regions: Region[] }
  | { kind: 'none' };

const CENTIMETRES = 3; // Physical Units X/Y Direction

const pair = (v: number[]): [number, number] | null =>
  v.length >= 2 && (v[0] as number) > 0 && (v[1] as number) > 0 ? [v[0] as number, v[1] as number] : null;

/** Ultrasound regions whose two axes are lengths. */
export function regionsOf(ds: DataSet): Region[] {
  return items(ds, '00186011').flatMap((r) => {
    const dx = Math.abs(number(r, '0018602C') ?? 0) * 10;
    const dy = Math.abs(number(r, '0018602E') ?? 0) * 10;
    const lengths = number(r, '00186024') === CENTIMETRES && number(r, '00186026') === CENTIMETRES;
    if (!lengths || !dx || !dy) return [];
    const edge = (tag: string) => number(r, tag) ?? 0;
    return [
      { x0: edge('00186018'), y0: edge('0018601A'), x1: edge('0018601C'), y1: edge('0018601E'), dx, dy },
    ];
  });
}

/**
 * The scale of a frame. `spacing` is its Pixel Spacing (row, column). Zero or absent spacing is unknown, not zero:
 * the image is shown and measured in pixels.
 */
export function scaleOf(ds: DataSet, spacing: number[], modality: string): Scale {
  const regions = regionsOf(ds);
  if (regions.length) return { kind: 'regions', regions };
  const own = pair(spacing);
  const detector = pair(numbers(ds, '00181164'));
  const projection = ['CR', 'DX', 'MG', 'RG', 'XA', 'RF', 'IO', 'PX'].includes(modality);
  // Pixel Spacing of a projection is the patient's only when it differs from the detector's or says how it was
  // calibrated (PS3.3 10.7.1.3).
  const differs = detector && own && (own[0] !== detector[0] || own[1] !== detector[1]);
  if (own && (!projection || differs || text(ds, '00280A02')))
    return { kind: 'patient', dx: own[1], dy: own[0] };
  const plain = detector ?? own;
  if (!plain) return { kind: 'none' };
  // (0018,1114): how much larger than the patient the picture on the detector is.
  const magnified = number(ds, '00181114') ?? 0;
  if (magnified >= 1) return { kind: 'patient', dx: plain[1] / magnified, dy: plain[0] / magnified };
  return { kind: 'detector', dx: plain[1], dy: plain[0] };
}

/** mm a pixel at these points, or null when they are not all in one calibrated place. */
export function millimetres(scale: Scale, points: Point2[]): { dx: number; dy: number } | null {
  if (scale.kind === 'none') return null;
  if (scale.kind !== 'regions') return scale;
  const inside = (r: Region) =>
    points.every(([c, y]) => c >= r.x0 && c <= r.x1 + 1 && y >= r.y0 && y <= r.y1 + 1);
  return scale.regions.find(inside) ?? null;
}
