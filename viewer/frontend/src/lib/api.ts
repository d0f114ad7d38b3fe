// The server's JSON as types, and the calls of one case. Field names are the server's.

export interface Code {
  value: string;
  scheme: string;
  meaning: string;
}
export type Side = 'right' | 'left' | 'bilateral' | 'midline' | 'none';
export type Certainty = 'definite' | 'probable' | 'possible';
export type AnchorKind = 'point' | 'length' | 'ellipse';
export type Point2 = [number, number];
export type Point3 = [number, number, number];

export interface ImageAnchor {
  series_uid: string;
  sop_uid: string;
  sop_class_uid: string;
  frame: number;
  kind: AnchorKind;
  /** (column, row); the centre of the upper-left pixel is (0.5, 0.5). */
  points: Point2[];
  /** The same points in the patient, mm; empty when the image has no plane. */
  world: Point3[];
  frame_of_reference_uid: string;
}
export interface Measurement {
  concept: Code;
  value: number;
  unit: string;
}
export interface Finding {
  number: number;
  tracking_uid: string;
  what: Code;
  where: Code | null;
  side: Side;
  certainty: Certainty;
  anchor: ImageAnchor | null;
  measurements: Measurement[];
  note: string;
}
export interface Draft {
  findings: Finding[];
  no_abnormality: boolean;
  image_quality: string;
  annotations: string;
  clock_s: number;
  revision: number;
}
export interface SeriesRef {
  series_uid: string;
  modality: string;
  description: string;
  number: number | null;
  instances: number;
  frames: number;
  kind: 'image' | 'waveform';
}
export interface StudyRef {
  study_uid: string;
  role: 'current' | 'prior';
  studied_on: string | null;
  description: string;
  series: SeriesRef[];
}
export interface Statement {
  number: number;
  section: number;
  start: number;
  end: number;
  text: string;
}
export interface Report {
  status: string;
  version: number;
  reported_at: string | null;
  received_at: string;
  sections: { code: string; title: string; text: string }[];
  statements: Statement[];
}
export interface Row {
  statement: number | null;
  finding: number | null;
  verdict: string;
  note: string;
}
export interface Score {
  value: string;
  comment: string;
  cause: string;
  actionable: number | null;
  request_addendum: boolean;
}
export interface ScoreOption {
  value: string;
  label: string;
  definition: string;
  discrepancy: boolean;
  significant: boolean | null;
  consensus: boolean;
}
export interface CommittedRead {
  findings: Finding[];
  no_abnormality: boolean;
  image_quality: string;
  committed_at: string;
}
export interface CaseView {
  case_id: string;
  state: string;
  step: 'read' | 'compare' | 'done';
  revision: number;
  title: string;
  patient: { sex: string; age_years: number | null };
  due_at: string | null;
  position: { index: number; of: number } | null;
  next_case_id: string | null;
  opened_at: string;
  signer_name: string;
  studies: StudyRef[];
  draft: Draft;
  read: CommittedRead | null;
  report: Report | null;
  rows: Row[];
  score: Score | null;
  scheme: { key: string; title: string; options: ScoreOption[] };
  /** A correction came after the reveal; this read stays bound to the version it judged. */
  newer_report?: boolean;
  /** Why the quality lead sent the comparison back, empty if never. */
  returned_because?: string;
}
export interface What extends Code {
  synonyms: string[];
}
export interface Where extends What {
  sided: boolean;
  body_part: string;
}
export interface DiscrepancyType {
  code: string;
  label: string;
  definition: string;
  key: string;
}
export interface Terms {
  what: What[];
  where: Where[];
  certainty: string[];
  image_quality: { value: string; label: string }[];
  discrepancy_types: DiscrepancyType[];
  causes: { code: string; label: string; definition: string }[];
  actionable: { category: number; label: string }[];
}

/** A refusal by the server, in its own words. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly field: string | null = null,
  ) {
    super(message);
  }
}

/** The server could not be reached; the same call may succeed later. */
export class Unreachable extends Error {
  constructor() {
    super('The server cannot be reached. What you entered is kept on this page.');
  }
}

async function call<T>(method: string, path: string, body?: unknown, keepalive = false): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (method !== 'GET') {
    headers['X-CSRF-Token'] =
      document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? '';
    headers['Content-Type'] = 'application/json';
  }
  let answer: Response;
  try {
    answer = await fetch(`/api/v1${path}`, {
      method,
      headers,
      keepalive,
      credentials: 'same-origin',
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Unreachable();
  }
  const json: unknown = await answer.json().catch(() => null);
  if (answer.ok) return json as T;
  const error = (json as { error?: { code?: string; message?: string; field?: string | null } } | null)
    ?.error;
  if (answer.status === 401)
    throw new ApiError(401, 'signed_out', 'Your session has ended. Sign in again to go on.');
  throw new ApiError(
    answer.status,
    error?.code ?? 'failed',
    error?.message ??
      `The server answered ${answer.status}. Try again; if it stays, tell your administrator.`,
    error?.field ?? null,
  );
}

export const getTerms = () => call<Terms>('GET', '/terms');

/** The calls of one case. */
export class CaseApi {
  constructor(readonly caseId: string) {}
  private path(rest = ''): string {
    return `/cases/${encodeURIComponent(this.caseId)}${rest}`;
  }
  get = () => call<CaseView>('GET', this.path());
  claim = () => call<CaseView>('POST', this.path('/claim'), {});
  release = (reason: string) => call<{ saved_at: string }>('POST', this.path('/release'), { reason });
  saveDraft = (draft: Draft, leaving = false) =>
    call<{ revision: number; saved_at: string }>('PUT', this.path('/draft'), draft, leaving);
  commit = (draft_revision: number, key: string) =>
    call<CaseView>('POST', this.path('/commit'), { draft_revision, key });
  saveComparison = (rows: Row[], score: Score | null, leaving = false) =>
    call<{ saved_at: string }>('PUT', this.path('/comparison'), { rows, score }, leaving);
  sign = (rows: Row[], score: Score, key: string) =>
    call<CaseView>('POST', this.path('/sign'), { rows, score, key });
}

/** The case as its reader sees it: taken and opened if it is ready, resumed if it is theirs. */
export const openCase = (api: CaseApi): Promise<CaseView> => api.claim();
