// A series ready to be shown: its metadata fetched once, its frames in viewing order.
import type { SeriesRef, StudyRef } from '../lib/api';
import { type DataSet, text } from './dicomjson';
import { type Frame, framesOf, recordedRate } from './frame';
import type { Plane } from './geometry';

export interface Stack {
  study: StudyRef;
  series: SeriesRef;
  frames: Frame[];
  /** One for each frame, or empty when a frame has none. */
  planes: Plane[];
  /** Frames a second as recorded, null for a stack that is no film. */
  rate: number | null;
  /** SOP Instance UIDs, for what is shown as a picture made by the server. */
  sopUids: string[];
}

const stacks = new Map<string, Promise<Stack>>();
const frames = new Map<string, Frame>();

/** The frame behind an image id. */
export const frameOf = (imageId: string): Frame | undefined => frames.get(imageId);

export const seriesPath = (study: string, series: string) => `/dicom-web/studies/${study}/series/${series}`;

/** The stack of a series; asked twice, fetched once; a failure is not remembered. */
export function loadStack(study: StudyRef, series: SeriesRef): Promise<Stack> {
  const known = stacks.get(series.series_uid);
  if (known) return known;
  const loading = fetchStack(study, series);
  stacks.set(series.series_uid, loading);
  loading.catch(() => stacks.delete(series.series_uid));
  return loading;
}

async function fetchStack(study: StudyRef, series: SeriesRef): Promise<Stack> {
  const answer = await fetch(`${seriesPath(study.study_uid, series.series_uid)}/metadata`, {
    headers: { Accept: 'application/dicom+json' },
    credentials: 'same-origin',
  }).catch(() => null);
  if (!answer) throw new Error('The server cannot be reached.');
  if (!answer.ok) throw new Error(`The server refused this series (${answer.status}).`);
  const sets = (await answer.json()) as DataSet[];
  const list = sets.flatMap((ds) => framesOf(ds, study.study_uid));
  for (const frame of list) frames.set(frame.imageId, frame);
  const planes = list.flatMap((f) => (f.plane ? [f.plane] : []));
  const film = sets.find((ds) => framesOf(ds, study.study_uid).length > 1 && recordedRate(ds) !== null);
  return {
    study,
    series,
    frames: list,
    planes: planes.length === list.length ? planes : [],
    rate: film ? recordedRate(film) : null,
    sopUids: sets.map((ds) => text(ds, '00080018')).filter(Boolean),
  };
}
