// Numbers from a drawn shape: length, axes, area, mean attenuation; with units, in pixels when the scale is unknown.
import type { AnchorKind, Code, Measurement, Point2 } from '../lib/api';
import { millimetres, type Scale } from './scale';

export const LENGTH: Code = { value: '410668003', scheme: 'SCT', meaning: 'Length' };
export const LONG_AXIS: Code = { value: '103339001', scheme: 'SCT', meaning: 'Long Axis' };
export const SHORT_AXIS: Code = { value: '103340004', scheme: 'SCT', meaning: 'Short Axis' };
export const AREA: Code = { value: '42798000', scheme: 'SCT', meaning: 'Area' };
export const ATTENUATION: Code = { value: '112031', scheme: 'DCM', meaning: 'Attenuation Coefficient' };
const PIXELS = '{pixels}';

/** A pixel matrix of one component, already rescaled to its modality's unit. */
export interface Pixels {
  columns: number;
  rows: number;
  data: ArrayLike<number>;
}

const round = (v: number, digits: number) => Number(v.toFixed(digits));

/** Measurements of a shape. `pixels` is given when their unit is Hounsfield's, and then the mean is taken too. */
export function measure(kind: AnchorKind, points: Point2[], scale: Scale, pixels?: Pixels): Measurement[] {
  const mm = millimetres(scale, points);
  const unit = mm ? 'mm' : PIXELS;
  const { dx, dy } = mm ?? { dx: 1, dy: 1 };
  const distance = (a: Point2, b: Point2) => Math.hypot((a[0] - b[0]) * dx, (a[1] - b[1]) * dy);
  const [p1, p2, p3, p4] = points;
  if (kind === 'length' && p1 && p2) return [{ concept: LENGTH, value: round(distance(p1, p2), 1), unit }];
  if (kind !== 'ellipse' || !p1 || !p2 || !p3 || !p4) return [];
  const axes = [distance(p1, p2), distance(p3, p4)].sort((a, b) => b - a) as [number, number];
  const area = (Math.PI * axes[0] * axes[1]) / 4;
  const out: Measurement[] = [
    { concept: LONG_AXIS, value: round(axes[0], 1), unit },
    { concept: SHORT_AXIS, value: round(axes[1], 1), unit },
    mm
      ? { concept: AREA, value: round(area / 100, 2), unit: 'cm2' }
      : { concept: AREA, value: Math.round(area), unit: '{pixels}2' },
  ];
  const mean = pixels && meanInside(points as [Point2, Point2, Point2, Point2], pixels);
  if (mean !== undefined) out.push({ concept: ATTENUATION, value: round(mean, 0), unit: "[hnsf'U]" });
  return out;
}

/** Mean of the pixels whose centres lie in the ellipse, or undefined when there are none. */
export function meanInside(
  [a, b, c, d]: [Point2, Point2, Point2, Point2],
  image: Pixels,
): number | undefined {
  const [cx, cy] = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  const u: Point2 = [(b[0] - a[0]) / 2, (b[1] - a[1]) / 2];
  const v: Point2 = [(d[0] - c[0]) / 2, (d[1] - c[1]) / 2];
  const det = u[0] * v[1] - u[1] * v[0];
  if (!det) return undefined;
  const reach = Math.hypot(...u) + Math.hypot(...v);
  let sum = 0;
  let count = 0;
  for (let r = Math.max(0, Math.floor(cy - reach)); r < Math.min(image.rows, cy + reach); r++) {
    for (let k = Math.max(0, Math.floor(cx - reach)); k < Math.min(image.columns, cx + reach); k++) {
      const [x, y] = [k + 0.5 - cx, r + 0.5 - cy];
      const s = (x * v[1] - y * v[0]) / det;
      const t = (y * u[0] - x * u[1]) / det;
      if (s * s + t * t > 1) continue;
      sum += image.data[r * image.columns + k] as number;
      count++;
    }
  }
  return count ? sum / count : undefined;
}

const find = (list: Measurement[], code: Code) =>
  list.find((m) => m.concept.value === code.value && m.concept.scheme === code.scheme);

const WORDS: Record<string, string> = {
  mm: 'mm',
  cm2: 'cm²',
  "[hnsf'U]": 'HU',
  [PIXELS]: 'px',
  '{pixels}2': 'px²',
};
const unitWord = (unit: string) => WORDS[unit] ?? unit;
const short = (v: number) => (v >= 10 ? Math.round(v) : Number(v.toFixed(1)));

/** "46 mm", "46 × 38 mm": what is written beside the shape. */
export function sizeWords(list: Measurement[]): string {
  const length = find(list, LENGTH);
  if (length) return `${short(length.value)} ${unitWord(length.unit)}`;
  const [long, other] = [find(list, LONG_AXIS), find(list, SHORT_AXIS)];
  if (long && other) return `${short(long.value)} × ${short(other.value)} ${unitWord(long.unit)}`;
  return '';
}

/** "13.7 cm² · mean −42 HU": the rest, shown with the finding. */
export function moreWords(list: Measurement[]): string {
  const area = find(list, AREA);
  const mean = find(list, ATTENUATION);
  return [
    area ? `${area.value >= 10 ? area.value.toFixed(1) : area.value} ${unitWord(area.unit)}` : '',
    mean ? `mean ${String(mean.value).replace('-', '−')} ${unitWord(mean.unit)}` : '',
  ]
    .filter(Boolean)
    .join(' · ');
}
