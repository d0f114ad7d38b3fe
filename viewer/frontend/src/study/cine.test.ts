import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Film } from './cine';

const TURN_MS = 1000 / 60;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('requestAnimationFrame', (f: (now: number) => void) =>
    setTimeout(() => f(performance.now()), TURN_MS),
  );
  vi.stubGlobal('cancelAnimationFrame', clearTimeout);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function playFor(ms: number, rate: number, ready = () => true): { film: Film; shown: number } {
  const film = new Film(
    () => (played.shown += 1),
    () => ready(),
  );
  const played = { film, shown: 0 };
  film.rate.value = rate;
  film.start();
  vi.advanceTimersByTime(ms);
  return played;
}

test('a film keeps its recorded rate on a screen of sixty turns a second', () => {
  for (const rate of [10, 18, 25, 30]) {
    const { shown, film } = playFor(4000, rate);
    expect(Math.abs(shown - 4 * rate)).toBeLessThan(4);
    expect(film.reached.value).toBeGreaterThan(0.9 * rate);
    film.stop();
  }
});

test('a film waits for a frame that is not there, and says what rate it reached', () => {
  let turn = 0;
  const { shown, film } = playFor(4000, 30, () => ++turn % 3 === 0);
  expect(shown).toBeLessThan(100);
  expect(film.reached.value).toBeLessThan(27);
  film.stop();
});

test('nothing moves after the film is stopped', () => {
  const played = playFor(1000, 10);
  played.film.stop();
  const before = played.shown;
  vi.advanceTimersByTime(1000);
  expect(played.shown).toBe(before);
});
