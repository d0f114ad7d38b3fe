// Window presets on the number keys, by modality; as data.

export interface Window {
  width: number;
  center: number;
}
export interface Preset {
  name: string;
  /** A fixed window, the one recorded in the image, or the full range of its pixels. */
  window: Window | 'recorded' | 'full';
}

const RECORDED: Preset[] = [
  { name: 'recorded', window: 'recorded' },
  { name: 'full range', window: 'full' },
];

const BY_MODALITY: Record<string, Preset[]> = {
  CT: [
    { name: 'lung', window: { width: 1500, center: -500 } },
    { name: 'soft', window: { width: 400, center: 40 } },
    { name: 'bone', window: { width: 1800, center: 400 } },
    { name: 'brain', window: { width: 80, center: 40 } },
    { name: 'liver', window: { width: 150, center: 60 } },
    { name: 'recorded', window: 'recorded' },
  ],
};

/** The presets of a frame: none for colour, which has no window of its own. */
export const presetsFor = (frame: { modality: string; samples: number } | undefined): Preset[] =>
  frame?.samples === 1 ? (BY_MODALITY[frame.modality] ?? RECORDED) : [];

/** Limits of a window and back: LINEAR counts whole values (PS3.3 C.11.2.1.2.1), LINEAR_EXACT does not. */
export function toRange({ width, center }: Window, exact: boolean): { lower: number; upper: number } {
  if (exact) return { lower: center - width / 2, upper: center + width / 2 };
  return { lower: center - 0.5 - (width - 1) / 2, upper: center - 0.5 + (width - 1) / 2 };
}
export function fromRange({ lower, upper }: { lower: number; upper: number }, exact: boolean): Window {
  if (exact) return { width: upper - lower, center: (upper + lower) / 2 };
  return { width: upper - lower + 1, center: (upper + lower + 1) / 2 };
}
