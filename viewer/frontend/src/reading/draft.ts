// The independent read as it grows: findings, quality, clock; kept on the server.
import { batch, signal } from '@preact/signals';
import type { CaseApi, CaseView, Draft, Finding, Measurement, Side } from '../lib/api';
import { Saver } from '../lib/saver';
import type { Frame } from '../study/frame';
import { sideOf } from '../study/geometry';
import { anchorOf, parseAnnotations, type Shape } from '../study/shape';
import { type Entry, isFinding } from './checks';

/** A new UID from a random UUID (PS3.5 B.2). */
export const newUid = (): string => `2.25.${BigInt(`0x${crypto.randomUUID().replaceAll('-', '')}`)}`;

export class DraftKeeper {
  readonly entries = signal<Entry[]>([]);
  readonly shapes = signal<Shape[]>([]);
  readonly noAbnormality = signal(false);
  readonly imageQuality = signal('diagnostic');
  readonly clock = signal(0);
  readonly saver: Saver;
  revision = 0;

  constructor(private readonly api: CaseApi) {
    this.saver = new Saver(async (leaving) => {
      const saved = await this.api.saveDraft(this.value(), leaving);
      this.revision = saved.revision;
    });
  }

  take(view: CaseView): void {
    const draft = view.draft;
    const { shapes, unfinished } = parseAnnotations(draft.annotations);
    const findings: Entry[] = view.read ? view.read.findings : [...draft.findings, ...unfinished];
    batch(() => {
      this.entries.value = findings.sort((a, b) => a.number - b.number);
      this.shapes.value = shapes;
      this.noAbnormality.value = view.read?.no_abnormality ?? draft.no_abnormality;
      this.imageQuality.value = view.read?.image_quality ?? draft.image_quality;
      this.clock.value = Math.max(this.clock.value, draft.clock_s);
    });
    this.revision = draft.revision;
  }

  value(): Draft {
    const entries = this.entries.value;
    return {
      findings: entries.filter(isFinding),
      no_abnormality: this.noAbnormality.value,
      image_quality: this.imageQuality.value,
      annotations: JSON.stringify({
        shapes: this.shapes.value,
        unfinished: entries.filter((e) => !isFinding(e)),
      }),
      clock_s: Math.floor(this.clock.value),
      revision: this.revision,
    };
  }

  add(): Entry {
    const entry: Entry = {
      number: this.entries.value.length + 1,
      tracking_uid: newUid(),
      what: null,
      where: null,
      side: 'none',
      certainty: 'probable',
      anchor: null,
      measurements: [],
      note: '',
    };
    batch(() => {
      this.entries.value = [...this.entries.value, entry];
      this.noAbnormality.value = false;
    });
    this.saver.touch();
    return entry;
  }

  change(uid: string, patch: Partial<Entry>): void {
    this.entries.value = this.entries.value.map((e) => (e.tracking_uid === uid ? { ...e, ...patch } : e));
    this.saver.touch();
  }

  remove(uid: string): void {
    batch(() => {
      this.entries.value = this.entries.value
        .filter((e) => e.tracking_uid !== uid)
        .map((e, i) => ({ ...e, number: i + 1 }));
      this.shapes.value = this.shapes.value.map((s) => (s.finding === uid ? { ...s, finding: null } : s));
    });
    this.saver.touch();
  }

  setNoAbnormality(on: boolean): void {
    this.noAbnormality.value = on;
    this.saver.touch();
  }

  /** The shape as drawn now; its finding, if it has one, takes over place and size. */
  putShape(shape: Shape, frame: Frame, measurements: Measurement[]): void {
    const old = this.shapes.value.find((s) => s.id === shape.id);
    // The tools also tell of a shape when they only worked out its size.
    if (old && JSON.stringify(old.points) === JSON.stringify(shape.points)) return;
    const kept = { ...shape, finding: old?.finding ?? shape.finding };
    this.shapes.value = old
      ? this.shapes.value.map((s) => (s === old ? kept : s))
      : [...this.shapes.value, kept];
    if (kept.finding) this.change(kept.finding, { anchor: anchorOf(kept, frame), measurements });
    this.saver.touch();
  }

  /** Make the shape the place of a finding; the patient's side is proposed from where it lies. */
  tie(shape: Shape, uid: string, frame: Frame, measurements: Measurement[]): void {
    const anchor = anchorOf(shape, frame);
    const side: Side | null = sideOf(anchor.world);
    this.shapes.value = this.shapes.value.map((s) => (s.id === shape.id ? { ...s, finding: uid } : s));
    this.change(uid, { anchor, measurements, ...(side ? { side } : {}) });
  }

  dropShape(id: string): Shape | undefined {
    const gone = this.shapes.value.find((s) => s.id === id);
    this.shapes.value = this.shapes.value.filter((s) => s.id !== id);
    if (gone?.finding) this.change(gone.finding, { anchor: null, measurements: [] });
    this.saver.touch();
    return gone;
  }

  get findings(): Finding[] {
    return this.entries.value.filter(isFinding);
  }
}
