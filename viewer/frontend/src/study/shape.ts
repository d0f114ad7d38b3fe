// A drawn shape as it is saved with the draft: where it is in which image, and the finding it belongs to.
import type { AnchorKind, Finding, ImageAnchor, Measurement, Point2, Point3 } from '../lib/api';
import type { Frame } from './frame';
import { imageToWorld } from './geometry';
import { measure, type Pixels } from './measure';

export interface Shape {
  id: string;
  kind: AnchorKind;
  series_uid: string;
  sop_uid: string;
  frame: number;
  points: Point2[];
  /** Tracking UID of its finding, or null. */
  finding: string | null;
}

const round = (v: number, digits = 3) => Number(v.toFixed(digits));

/** The place of a shape as a finding keeps it. */
export function anchorOf(shape: Shape, f: Frame): ImageAnchor {
  const points = shape.kind === 'ellipse' ? longAxisFirst(shape.points, f) : shape.points;
  const plane = f.plane;
  return {
    series_uid: shape.series_uid,
    sop_uid: shape.sop_uid,
    sop_class_uid: f.sopClassUid,
    frame: shape.frame,
    kind: shape.kind,
    points: points.map(([c, r]) => [round(c), round(r)]),
    world: plane ? points.map((p) => imageToWorld(plane, p).map((v) => round(v)) as Point3) : [],
    frame_of_reference_uid: f.plane ? f.frameOfReferenceUid : '',
  };
}

export const measurementsOf = (shape: Shape, f: Frame, pixels?: Pixels): Measurement[] =>
  measure(shape.kind, shape.points, f.scale, f.hounsfield ? pixels : undefined);

/** Points of an ellipse with the ends of its longer axis first (PS3.3 C.18.6.1.2). */
export function longAxisFirst(points: Point2[], f: Frame): Point2[] {
  const [a, b, c, d] = points as [Point2, Point2, Point2, Point2];
  const [dx, dy] =
    f.scale.kind === 'patient' || f.scale.kind === 'detector' ? [f.scale.dx, f.scale.dy] : [1, f.aspect];
  const size = (p: Point2, q: Point2) => Math.hypot((p[0] - q[0]) * dx, (p[1] - q[1]) * dy);
  return size(a, b) >= size(c, d) ? [a, b, c, d] : [c, d, a, b];
}

/** Shapes of what the server kept; anything it does not understand is no shape. */
export function parseAnnotations(json: string): { shapes: Shape[]; unfinished: Finding[] } {
  try {
    const kept: unknown = JSON.parse(json || '[]');
    if (Array.isArray(kept)) return { shapes: kept as Shape[], unfinished: [] };
    const { shapes, unfinished } = kept as { shapes?: Shape[]; unfinished?: Finding[] };
    return { shapes: shapes ?? [], unfinished: unfinished ?? [] };
  } catch {
    return { shapes: [], unfinished: [] };
  }
}
