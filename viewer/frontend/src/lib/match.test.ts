import { expect, test } from 'vitest';
import { matching, sideTyped } from './match';

const term = (meaning: string, sided: boolean, ...synonyms: string[]) => ({
  value: meaning,
  scheme: '99SECREAD',
  meaning,
  synonyms,
  sided,
  body_part: 'CHEST',
});
const LOBE = term('Lower lobe of lung', true, 'LLL');
const VENTRICLE = term('Left ventricle', false);

test('a place that has sides is found with its side, and the side is told', () => {
  expect(matching('left lower lobe', [LOBE, VENTRICLE])).toEqual([LOBE]);
  expect(sideTyped('left lower lobe')).toBe('left');
  expect(sideTyped('lower lobe')).toBeNull();
});

test('a place whose name holds its side is found by it', () => {
  expect(matching('left ven', [LOBE, VENTRICLE])).toEqual([VENTRICLE]);
});
