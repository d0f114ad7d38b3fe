import { expect, test } from 'vitest';
import type { DataSet } from './dicomjson';
import { framesOf, recordedRate } from './frame';
import { outwards } from './order';
import { anchorOf, parseAnnotations } from './shape';
import { fromRange, toRange } from './windows';

const v = (...Value: unknown[]) => ({ Value });
const ct: DataSet = {
  '00080016': v('1.2.840.10008.5.1.4.1.1.2'),
  '00080018': v('1.2.3'),
  '0020000E': v('1.2'),
  '00080060': v('CT'),
  '00280010': v(512),
  '00280011': v(512),
  '00280030': v(0.7, 0.7),
  '00200032': v(-180, -170, -112.5),
  '00200037': v(1, 0, 0, 0, 1, 0),
  '00281050': v(-500, 40),
  '00281051': v(1500, 400),
  '00200052': v('9.9'),
};

test('a single-frame image has one frame with its plane, windows and address', () => {
  const [frame, ...rest] = framesOf(ct, '1.1');
  expect(rest).toEqual([]);
  expect(frame?.imageId).toBe('frame:/dicom-web/studies/1.1/series/1.2/instances/1.2.3/frames/1');
  expect(frame?.plane?.position).toEqual([-180, -170, -112.5]);
  expect(frame?.windows).toEqual([
    { width: 1500, center: -500 },
    { width: 400, center: 40 },
  ]);
});

test('an enhanced image takes shared and per-frame values', () => {
  const enhanced: DataSet = {
    ...ct,
    '00280008': v(2),
    '00200032': undefined,
    '00200037': undefined,
    '00280030': undefined,
    '52009229': v({
      '00289110': v({ '00280030': v(0.5, 0.5) }),
      '00209116': v({ '00200037': v(1, 0, 0, 0, 1, 0) }),
    }),
    '52009230': v(
      { '00209113': v({ '00200032': v(0, 0, 1) }) },
      { '00209113': v({ '00200032': v(0, 0, 2) }) },
    ),
  };
  expect(framesOf(enhanced, '1.1').map((f) => f.plane?.position[2])).toEqual([1, 2]);
  expect(framesOf(enhanced, '1.1')[1]?.plane?.dx).toBe(0.5);
});

test('an instance without pixels has no frames', () => {
  expect(framesOf({ '00080060': v('SR') }, '1.1')).toEqual([]);
});

test('the recorded rate comes from rate, frame time or its vector', () => {
  expect(recordedRate({ '00082144': v(25) })).toBe(25);
  expect(recordedRate({ '00181063': v(40) })).toBe(25);
  expect(recordedRate({ '00181065': v(0, 50, 50) })).toBe(20);
  expect(recordedRate({})).toBeNull();
});

test('frames are fetched from the one looked at outwards', () => {
  expect(outwards(6, 2)).toEqual([2, 3, 1, 4, 0, 5]);
  expect(outwards(3, 9)).toEqual([2, 1, 0]);
  expect(outwards(0, 0)).toEqual([]);
});

test('an ellipse is kept with the ends of its long axis first, and in the patient', () => {
  const [frame] = framesOf(ct, '1.1');
  if (!frame) throw new Error('no frame');
  const points = [
    [20, 18],
    [20, 22],
    [10, 20],
    [30, 20],
  ] as [number, number][];
  const anchor = anchorOf(
    { id: 'a', kind: 'ellipse', series_uid: '1.2', sop_uid: '1.2.3', frame: 1, points, finding: null },
    frame,
  );
  expect(anchor.points.slice(0, 2)).toEqual([
    [10, 20],
    [30, 20],
  ]);
  expect(anchor.world[0]).toEqual([-173.35, -156.35, -112.5]);
  expect(anchor.frame_of_reference_uid).toBe('9.9');
});

test('annotations that cannot be read are no annotations', () => {
  expect(parseAnnotations('[]').shapes).toEqual([]);
  expect(parseAnnotations('{"shapes":[],"unfinished":[]}').unfinished).toEqual([]);
  expect(parseAnnotations('{').shapes).toEqual([]);
});

test('a window of 1500 at −500 stays one through its limits', () => {
  for (const exact of [true, false]) {
    expect(fromRange(toRange({ width: 1500, center: -500 }, exact), exact)).toEqual({
      width: 1500,
      center: -500,
    });
  }
});
