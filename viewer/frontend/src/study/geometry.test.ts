import { expect, test } from 'vitest';
import type { Point3 } from '../lib/api';
import {
  edges,
  edgesNamed,
  imageToWorld,
  linkable,
  nearest,
  type Plane,
  sideOf,
  worldToImage,
} from './geometry';

const axial = (z: number): Plane => ({
  position: [-180, -170, z],
  row: [1, 0, 0],
  column: [0, 1, 0],
  dx: 0.7,
  dy: 0.7,
});
const coronal: Plane = { position: [-180, 0, 200], row: [1, 0, 0], column: [0, 0, -1], dx: 1, dy: 1 };
const stack = (from: number, count: number, step: number) =>
  Array.from({ length: count }, (_, i) => axial(from + i * step));

test('the centre of the first pixel is (0.5, 0.5) and lies at the image position', () => {
  expect(imageToWorld(axial(5), [0.5, 0.5])).toEqual([-180, -170, 5]);
  expect(worldToImage(axial(5), [-180, -170, 5])).toEqual([0.5, 0.5]);
});

test('image and world points are each other’s inverse on an oblique plane', () => {
  const c = Math.cos(0.4);
  const s = Math.sin(0.4);
  const oblique: Plane = { position: [10, -20, 30], row: [c, s, 0], column: [0, 0, -1], dx: 0.5, dy: 1.25 };
  const [column, row] = worldToImage(oblique, imageToWorld(oblique, [123.25, 45.75]));
  expect(column).toBeCloseTo(123.25, 9);
  expect(row).toBeCloseTo(45.75, 9);
});

test('on an axial image the patient’s left is on the right', () => {
  expect(edges(axial(0))).toEqual({ left: 'R', right: 'L', top: 'A', bottom: 'P' });
  expect(edges(coronal)).toEqual({ left: 'R', right: 'L', top: 'H', bottom: 'F' });
});

test('a place at larger x is on the patient’s left, whatever side of the picture it is on', () => {
  const flipped: Plane = { ...axial(0), position: [180, -170, 0], row: [-1, 0, 0] };
  const left = imageToWorld(flipped, [50, 100]);
  expect(sideOf([left])).toBe('left');
  expect(sideOf([imageToWorld(axial(0), [50, 100])])).toBe('right');
});

test('no side is proposed near the midline, nor without a plane', () => {
  expect(sideOf([[4, 0, 0]])).toBeNull();
  expect(sideOf([])).toBeNull();
});

test('two stacks that lie alike and overlap can be linked, and go to the nearest position', () => {
  const current = stack(-300, 61, 5);
  const prior = stack(-303, 25, 12);
  expect(linkable(current, prior)).toEqual({ kind: 'position' });
  const level = current[20] as Plane; // z = -200
  expect(nearest(prior, level)).toBe(Math.round((-200 + 303) / 12));
  expect(nearest(prior, level, 24)).toBe(Math.round((-200 + 24 + 303) / 12));
});

test('stacks of other planes or other positions are not linked, and the reason is said', () => {
  const coronals = stack(0, 5, 1).map((_, i): Plane => ({ ...coronal, position: [-180, i, 200] as Point3 }));
  expect(linkable(stack(-300, 61, 5), coronals)).toEqual({ kind: 'none', why: 'other plane' });
  expect(linkable(stack(-300, 61, 5), stack(400, 61, 5))).toEqual({ kind: 'none', why: 'positions differ' });
  expect(linkable(stack(0, 1, 1), stack(0, 1, 1))).toEqual({ kind: 'none', why: 'no positions' });
});

test('an image without a plane takes the letters of its edges from its named directions', () => {
  expect(edgesNamed(['L', 'F'])).toEqual({ left: 'R', right: 'L', top: 'H', bottom: 'F' });
  expect(edgesNamed(['AR', 'FR'])).toEqual({ left: 'PL', right: 'AR', top: 'HL', bottom: 'FR' });
});

test('directions that are not named in the letters of a patient give no letters', () => {
  for (const named of [[], ['L'], ['', 'F'], ['?', 'F']]) expect(edgesNamed(named)).toBeNull();
});
