// Between image points (column, row) and the points that Cornerstone draws.
import type { Point2, Point3 } from '../lib/api';
import { indexOffset } from './engine';
import type { Frame } from './frame';
import { dot, minus } from './geometry';
import { drawingPlane } from './provider';

export function toDrawing(f: Frame, [c, r]: Point2, offset = indexOffset()): Point3 {
  const p = drawingPlane(f);
  const x = (c - offset) * p.dx;
  const y = (r - offset) * p.dy;
  return [
    p.position[0] + p.row[0] * x + p.column[0] * y,
    p.position[1] + p.row[1] * x + p.column[1] * y,
    p.position[2] + p.row[2] * x + p.column[2] * y,
  ];
}

export function fromDrawing(f: Frame, point: Point3, offset = indexOffset()): Point2 {
  const p = drawingPlane(f);
  const d = minus(point, p.position);
  return [dot(d, p.row) / p.dx + offset, dot(d, p.column) / p.dy + offset];
}
