import { expect, test } from 'vitest';
import { axisEnd } from '../quality/rates';
import { rowAfter } from './rows';

test('j and k move over the rows and stop at the ends', () => {
  expect(rowAfter('j', -1, 3)).toBe(0);
  expect(rowAfter('ArrowDown', 2, 3)).toBe(2);
  expect(rowAfter('k', 0, 3)).toBe(0);
  expect(rowAfter('ArrowUp', -1, 3)).toBe(2);
  expect(rowAfter('Enter', 1, 3)).toBeNull();
  expect(rowAfter('j', -1, 0)).toBeNull();
});

test('the axis of rates holds the widest interval', () => {
  const rate = (high: number) => ({ modality: 'CT', cases: 1, discrepant: 0, rate: 0, low: 0, high });
  expect(axisEnd([rate(0.047), rate(0.24)])).toBe(0.3);
  expect(axisEnd([rate(0.95)])).toBe(1);
});
