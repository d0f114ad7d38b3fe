// Reading DICOM JSON (PS3.18 Annex F): one data set, its values by tag.

interface Element {
  vr?: string;
  Value?: unknown[];
  InlineBinary?: string;
}
/** One data set; keys are eight hexadecimal digits. */
export type DataSet = Record<string, Element | undefined>;

export function text(ds: DataSet | undefined, tag: string): string {
  const value = ds?.[tag]?.Value?.[0];
  return value === undefined || value === null ? '' : String(value);
}

/** All values as text. */
export const texts = (ds: DataSet | undefined, tag: string): string[] => (ds?.[tag]?.Value ?? []).map(String);

/** All values as finite numbers; what is not a number is left out. */
export function numbers(ds: DataSet | undefined, tag: string): number[] {
  return (ds?.[tag]?.Value ?? []).map(Number).filter(Number.isFinite);
}

export function number(ds: DataSet | undefined, tag: string): number | undefined {
  return numbers(ds, tag)[0];
}

export function items(ds: DataSet | undefined, tag: string): DataSet[] {
  return (ds?.[tag]?.Value ?? []) as DataSet[];
}

export function item(ds: DataSet | undefined, tag: string): DataSet | undefined {
  return items(ds, tag)[0];
}

/** A look-up table, whether the server wrote it as numbers or as Base64 of little-endian words. */
export function table(ds: DataSet, tag: string, bits: number): Uint8Array | Uint16Array | undefined {
  const element = ds[tag];
  if (element?.Value) return Uint16Array.from(element.Value.map(Number));
  if (!element?.InlineBinary) return undefined;
  const bytes = Uint8Array.from(atob(element.InlineBinary), (c) => c.charCodeAt(0));
  return bits > 8 ? new Uint16Array(bytes.buffer, 0, bytes.length >> 1) : bytes;
}
