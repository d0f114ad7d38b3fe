import { expect, test } from 'vitest';
import type { DataSet } from './dicomjson';
import { measure, moreWords, sizeWords } from './measure';
import { scaleOf } from './scale';

const spaced = (tag: string, ...v: number[]): DataSet => ({ [tag]: { vr: 'DS', Value: v } });

test('a length follows the spacing of rows and columns', () => {
  const scale = scaleOf({}, [2, 0.5], 'CT'); // rows 2 mm apart, columns 0.5 mm
  const [length] = measure(
    'length',
    [
      [0, 0],
      [6, 2],
    ],
    scale,
  );
  expect(length).toMatchObject({ value: 5, unit: 'mm', concept: { value: '410668003' } });
});

test('a spacing of 0\\0 is unknown: measured in pixels and said so', () => {
  const scale = scaleOf({}, [0, 0], 'CR');
  expect(scale).toEqual({ kind: 'none' });
  const list = measure(
    'length',
    [
      [10, 10],
      [13, 14],
    ],
    scale,
  );
  expect(list[0]).toMatchObject({ value: 5, unit: '{pixels}' });
  expect(sizeWords(list)).toBe('5 px');
});

test('a radiograph without calibration is measured at the detector', () => {
  expect(scaleOf(spaced('00181164', 0.1, 0.1), [0.1, 0.1], 'DX')).toMatchObject({
    kind: 'detector',
    dx: 0.1,
  });
  expect(scaleOf(spaced('00181164', 0.1, 0.1), [0.08, 0.08], 'DX')).toMatchObject({
    kind: 'patient',
    dx: 0.08,
  });
});

test('the magnification of the beam is taken out where it is known', () => {
  const ds = { ...spaced('00181164', 0.11, 0.11), ...spaced('00181114', 1.1) };
  const scale = scaleOf(ds, [], 'MG');
  expect(scale.kind).toBe('patient');
  expect(
    measure(
      'length',
      [
        [0, 0],
        [100, 0],
      ],
      scale,
    )[0]?.value,
  ).toBe(10);
});

test('ultrasound is measured in millimetres inside its region only', () => {
  const region = (tag: string, v: number) => ({ [tag]: { Value: [v] } });
  const regions: DataSet = {
    '00186011': {
      Value: [
        Object.assign(
          {},
          region('00186018', 100),
          region('0018601A', 50),
          region('0018601C', 700),
          region('0018601E', 550),
          region('00186024', 3),
          region('00186026', 3),
          region('0018602C', 0.02),
          region('0018602E', 0.02),
        ),
      ],
    },
  };
  const scale = scaleOf(regions, [], 'US');
  expect(
    measure(
      'length',
      [
        [200, 100],
        [300, 100],
      ],
      scale,
    )[0],
  ).toMatchObject({ value: 20, unit: 'mm' });
  expect(
    measure(
      'length',
      [
        [20, 100],
        [300, 100],
      ],
      scale,
    )[0],
  ).toMatchObject({ value: 280, unit: '{pixels}' });
});

test('an ellipse gives long and short axis, area, and the mean of the pixels inside', () => {
  const columns = 40;
  const data = Array.from({ length: columns * columns }, (_, i) => (i % columns < 20 ? -100 : 50));
  const scale = scaleOf({}, [1, 1], 'CT');
  const list = measure(
    'ellipse',
    [
      [25, 10],
      [25, 30],
      [22, 20],
      [28, 20],
    ],
    scale,
    { columns, rows: columns, data },
  );
  expect(list.map((m) => [m.concept.meaning, m.value, m.unit])).toEqual([
    ['Long Axis', 20, 'mm'],
    ['Short Axis', 6, 'mm'],
    ['Area', 0.94, 'cm2'],
    ['Attenuation Coefficient', 50, "[hnsf'U]"],
  ]);
  expect(sizeWords(list)).toBe('20 × 6 mm');
  expect(moreWords(list)).toBe('0.94 cm² · mean 50 HU');
});
