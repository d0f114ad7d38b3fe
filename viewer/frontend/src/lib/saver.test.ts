import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiError, Unreachable } from './api';
import { Saver } from './saver';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('many changes in a moment are one save, within a second', async () => {
  const save = vi.fn(async () => {});
  const saver = new Saver(save);
  for (let i = 0; i < 5; i++) saver.touch();
  await vi.advanceTimersByTimeAsync(1000);
  expect(save).toHaveBeenCalledTimes(1);
  expect(saver.state.value.kind).toBe('saved');
});

test('while the line is down it tries again until it is saved', async () => {
  let down = true;
  const save = vi.fn(async () => {
    if (down) throw new Unreachable();
  });
  const saver = new Saver(save);
  saver.touch();
  await vi.advanceTimersByTimeAsync(1000);
  expect(saver.state.value.kind).toBe('retrying');
  down = false;
  await vi.advanceTimersByTimeAsync(20_000);
  expect(saver.state.value.kind).toBe('saved');
});

test('a conflict is not retried: the reader decides', async () => {
  const save = vi.fn(async () => {
    throw new ApiError(409, 'conflict', 'Saved later in another window.');
  });
  const saver = new Saver(save);
  saver.touch();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(save).toHaveBeenCalledTimes(1);
  expect(saver.state.value).toEqual({ kind: 'conflict', message: 'Saved later in another window.' });
  saver.touch();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(save).toHaveBeenCalledTimes(1);
});

test('what changes while a save is under way is saved after it, never at the same time', async () => {
  let running = 0;
  let most = 0;
  const save = vi.fn(async () => {
    most = Math.max(most, ++running);
    await new Promise((done) => setTimeout(done, 500));
    running--;
  });
  const saver = new Saver(save);
  saver.touch();
  await vi.advanceTimersByTimeAsync(800);
  saver.touch();
  await vi.advanceTimersByTimeAsync(5000);
  expect(save).toHaveBeenCalledTimes(2);
  expect(most).toBe(1);
});

test('flushing fails when it could not be saved, so nothing unsaved is signed', async () => {
  const saver = new Saver(async () => {
    throw new Unreachable();
  });
  saver.touch();
  await expect(saver.flush()).rejects.toThrow('cannot be reached');
});
