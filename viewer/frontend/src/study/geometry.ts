// Where a pixel lies in the patient, and back. Image points are (column, row), the centre of the first pixel (0.5, 0.5).
import type { Point2, Point3, Side } from '../lib/api';

/** A plane in the patient (PS3.3 C.7.6.2): position of the first pixel's centre, directions, mm a pixel. */
export interface Plane {
  position: Point3;
  /** Direction of increasing column. */
  row: Point3;
  /** Direction of increasing row. */
  column: Point3;
  /** mm from column to column. */
  dx: number;
  /** mm from row to row. */
  dy: number;
}

export const dot = (a: Point3, b: Point3) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const cross = (a: Point3, b: Point3): Point3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
export const minus = (a: Point3, b: Point3): Point3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];

export const normalOf = (p: Plane): Point3 => cross(p.row, p.column);

/** mm along a direction at which the plane lies. */
export const positionAlong = (p: Plane, direction: Point3) => dot(p.position, direction);

export function imageToWorld(p: Plane, [c, r]: Point2): Point3 {
  const x = (c - 0.5) * p.dx;
  const y = (r - 0.5) * p.dy;
  return [0, 1, 2].map((i) => at(p.position, i) + at(p.row, i) * x + at(p.column, i) * y) as Point3;
}

export function worldToImage(p: Plane, world: Point3): Point2 {
  const d = minus(world, p.position);
  return [dot(d, p.row) / p.dx + 0.5, dot(d, p.column) / p.dy + 0.5];
}

const at = (v: Point3, i: number) => v[i as 0 | 1 | 2];

/** Letters of the patient's direction (PS3.3 C.7.6.1.1.1): "L", "AR", at most two, the strongest first. */
export function letters(v: Point3): string {
  const names: [number, string, string][] = [
    [v[0], 'L', 'R'],
    [v[1], 'P', 'A'],
    [v[2], 'H', 'F'],
  ];
  return names
    .filter(([n]) => Math.abs(n) > 0.3)
    .sort((a, b) => Math.abs(b[0]) - Math.abs(a[0]))
    .slice(0, 2)
    .map(([n, plus, minusLetter]) => (n > 0 ? plus : minusLetter))
    .join('');
}

/** Letters for the left, right, top and bottom edge of an upright image. */
export function edges(p: Plane): Edges {
  const back = (v: Point3): Point3 => [-v[0], -v[1], -v[2]];
  return {
    left: letters(back(p.row)),
    right: letters(p.row),
    top: letters(back(p.column)),
    bottom: letters(p.column),
  };
}

export type Edges = { left: string; right: string; top: string; bottom: string };

const OPPOSITE: Record<string, string> = { L: 'R', R: 'L', A: 'P', P: 'A', H: 'F', F: 'H' };

/** The letters of an image that names only its directions: Patient Orientation (PS3.3 C.7.6.1.1.1), "L" and "F". */
export function edgesNamed([row, column]: string[]): Edges | null {
  const back = (letters: string) => [...letters].map((l) => OPPOSITE[l] ?? '').join('');
  if (!row || !column || !back(row) || !back(column)) return null;
  return { left: back(row), right: row, top: back(column), bottom: column };
}

/** How far from the middle of the coordinate system a place must be before the page proposes a side, mm. */
export const MIDLINE_MM = 15;

/** The patient's side of a place, or null when it is too near the middle to propose one. x grows to the left. */
export function sideOf(world: Point3[]): Side | null {
  if (!world.length) return null;
  const x = world.reduce((sum, p) => sum + p[0], 0) / world.length;
  if (Math.abs(x) < MIDLINE_MM) return null;
  return x > 0 ? 'left' : 'right';
}

/** How two stacks may be scrolled together. */
export type Link = { kind: 'position' } | { kind: 'none'; why: string };

const PARALLEL = 0.94; // cos 20°

/** Whether two stacks lie alike and share a range of positions. */
export function linkable(a: Plane[], b: Plane[]): Link {
  const [pa, pb] = [a[0], b[0]];
  if (!pa || !pb || a.length < 2 || b.length < 2) return { kind: 'none', why: 'no positions' };
  const n = normalOf(pa);
  if (Math.abs(dot(n, normalOf(pb))) < PARALLEL) return { kind: 'none', why: 'other plane' };
  const span = (planes: Plane[]): [number, number] => {
    const z = planes.map((p) => positionAlong(p, n));
    return [Math.min(...z), Math.max(...z)];
  };
  const [la, ha] = span(a);
  const [lb, hb] = span(b);
  const shared = Math.min(ha, hb) - Math.max(la, lb);
  if (shared < 0.25 * Math.min(ha - la, hb - lb)) return { kind: 'none', why: 'positions differ' };
  return { kind: 'position' };
}

/** Index of the plane of `stack` nearest to `plane` moved by `offset` mm along its normal; -1 if the stack has none. */
export function nearest(stack: Plane[], plane: Plane, offset = 0): number {
  const n = normalOf(plane);
  const z = positionAlong(plane, n) + offset;
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  stack.forEach((p, i) => {
    const d = Math.abs(positionAlong(p, n) - z);
    if (d < least) [best, least] = [i, d];
  });
  return best;
}
