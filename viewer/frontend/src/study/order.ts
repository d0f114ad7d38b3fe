// In which order the frames of a stack are fetched: the one looked at, then outwards.

/** Indices 0…count−1 by distance from `start`; of two equally far, the later one first. */
export function outwards(count: number, start: number): number[] {
  const from = Math.min(Math.max(start, 0), Math.max(count - 1, 0));
  const out: number[] = [];
  for (let d = 0; out.length < count; d++) {
    if (from + d < count) out.push(from + d);
    if (d > 0 && from - d >= 0) out.push(from - d);
  }
  return out;
}
