// The reading room as one object: the case, its images, the read, the comparison, and the verbs that keys and buttons share.
import { batch, computed, effect, signal } from '@preact/signals';
import { ApiError, CaseApi, type CaseView, type Finding, getTerms, openCase, type Terms } from '../lib/api';
import type { Annotate, ToolName } from '../study/annotate';
import { measurementsOf } from '../study/shape';
import { frameOf, loadStack } from '../study/stack';
import type { Step } from './bindings';
import { beforeCommit, beforeSigning } from './checks';
import { ComparisonKeeper } from './comparison';
import { DraftKeeper } from './draft';
import { missing, pairedWith } from './ledger';
import { Views } from './views';

/** How long a notice stands: long enough to read two sentences. */
const NOTICE_MS = 8000;

export type Dialog = null | 'keys' | 'commit' | 'sign' | 'release';

export class Room {
  readonly view = signal<CaseView | null>(null);
  readonly terms = signal<Terms | null>(null);
  readonly failure = signal('');
  readonly dialog = signal<Dialog>(null);
  /** One sentence for the reader, also spoken. */
  readonly notice = signal('');
  readonly tool = signal<ToolName>('window');
  readonly selected = signal<string | null>(null);
  readonly editing = signal<string | null>(null);
  readonly scoring = signal(false);
  readonly busy = signal(false);
  readonly now = signal(Date.now());
  readonly api: CaseApi;
  readonly draft: DraftKeeper;
  readonly comparison: ComparisonKeeper;
  readonly views = new Views();
  readonly step = computed<Step>(() => {
    const step = this.view.value?.step ?? 'read';
    return step === 'compare' && this.scoring.value ? 'score' : step;
  });
  readonly saver = computed(() => (this.step.value === 'read' ? this.draft.saver : this.comparison.saver));
  annotate: Annotate | null = null;
  private key = '';
  private fading: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly caseId: string) {
    this.api = new CaseApi(caseId);
    this.draft = new DraftKeeper(this.api);
    this.comparison = new ComparisonKeeper(this.api);
  }

  async open(): Promise<void> {
    try {
      const [view, terms] = await Promise.all([openCase(this.api), getTerms()]);
      this.terms.value = terms;
      this.take(view);
      this.views.open(view.studies);
    } catch (error) {
      this.failure.value = wordsOf(error);
      return;
    }
    this.keepTime();
    await this.startTools();
  }

  take(view: CaseView): void {
    batch(() => {
      this.view.value = view;
      this.draft.take(view);
      this.comparison.take(view);
    });
  }

  say(text: string): void {
    // Emptied first, so that the same sentence is spoken again.
    this.notice.value = '';
    queueMicrotask(() => {
      this.notice.value = text;
    });
    clearTimeout(this.fading);
    this.fading = setTimeout(() => {
      this.notice.value = '';
    }, NOTICE_MS);
  }

  use(tool: ToolName): void {
    if ((tool === 'length' || tool === 'ellipse') && this.step.value !== 'read') {
      this.say('The read is signed: shapes can be seen, not drawn.');
      return;
    }
    this.tool.value = tool;
    this.annotate?.use(tool);
  }

  // The read

  /** A finding from the selected shape, else the last drawn one that is free, else without a place. */
  addFinding(): void {
    if (this.step.value !== 'read') return;
    const free = this.draft.shapes.value.filter((s) => !s.finding);
    const shape = free.find((s) => s.id === this.selected.value) ?? free.at(-1);
    const entry = this.draft.add();
    if (shape) {
      const frame = this.frameOfShape(shape);
      if (frame) this.draft.tie(shape, entry.tracking_uid, frame, this.measure(shape));
    }
    this.editing.value = entry.tracking_uid;
  }

  noAbnormality(): void {
    if (this.draft.entries.value.length) {
      this.say('There are findings. Remove them before you record no abnormality.');
      return;
    }
    this.draft.setNoAbnormality(!this.draft.noAbnormality.value);
  }

  /** The shape goes; its finding stays, without a place. */
  removeShape(): void {
    const id = this.selected.value;
    if (!id || this.step.value !== 'read') return;
    this.annotate?.remove(id);
  }

  removeFinding(uid: string): void {
    this.draft.remove(uid);
    if (this.editing.value === uid) this.editing.value = null;
  }

  async showFinding(finding: {
    anchor: Finding['anchor'];
    number: number;
    tracking_uid: string;
  }): Promise<void> {
    const place = finding.anchor;
    if (!place) {
      this.say(`F${finding.number} has no place in the images.`);
      return;
    }
    await this.views.goTo(place.series_uid, place.sop_uid, place.frame);
    const shape = this.draft.shapes.value.find((s) => s.finding === finding.tracking_uid);
    if (shape) this.annotate?.select(shape.id);
  }

  showCurrentItem(): void {
    const item = this.comparison.cursor.value;
    if (!item) return;
    const number =
      item.kind === 'finding' ? item.number : pairedWith(this.comparison.rows.value, item.number)[0];
    const finding = this.comparison.findings.value.find((f) => f.number === number);
    if (finding) void this.showFinding(finding);
    else this.say('No finding is paired with this statement. Press F to pair one.');
  }

  // The buttons of the steps

  /** What keeps the step's main button from working, as sentences. */
  readonly obstacles = computed<string[]>(() => {
    const { draft, comparison } = this;
    switch (this.step.value) {
      case 'read': {
        const problem = beforeCommit(draft.entries.value, draft.noAbnormality.value);
        return problem ? [problem] : [];
      }
      case 'compare':
        return missing(
          comparison.rows.value,
          comparison.report.value?.statements ?? [],
          comparison.findings.value,
        );
      case 'score': {
        const score = comparison.score.value;
        const option = this.view.value?.scheme.options.find((o) => o.value === score.value);
        return beforeSigning(score, option, comparison.rows.value);
      }
      default:
        return [];
    }
  });

  main(): void {
    const step = this.step.value;
    if (step === 'done') {
      this.nextCase();
      return;
    }
    if (this.dialog.value) return;
    if (this.obstacles.value.length) {
      this.say(this.obstacles.value.join(' '));
      return;
    }
    this.key = crypto.randomUUID();
    if (step === 'read') this.dialog.value = 'commit';
    else if (step === 'compare') this.scoring.value = true;
    else this.dialog.value = 'sign';
  }

  /** The signature itself; a second press while it is under way does nothing, a repeat after a failure has the same key. */
  async confirm(): Promise<void> {
    if (this.busy.value) return;
    this.busy.value = true;
    try {
      if (this.dialog.value === 'commit') {
        await this.draft.saver.flush();
        this.take(await this.api.commit(this.draft.revision, this.key));
        this.annotate?.lockAll();
        this.use('window');
        this.say('Committed. The original report is shown.');
      } else if (this.dialog.value === 'sign') {
        await this.comparison.saver.flush();
        this.take(await this.api.sign(this.comparison.rows.value, this.comparison.score.value, this.key));
        this.say('Signed.');
      }
      batch(() => {
        this.dialog.value = null;
        this.editing.value = null;
        this.scoring.value = false;
      });
    } catch (error) {
      this.say(wordsOf(error));
    } finally {
      this.busy.value = false;
    }
  }

  nextCase(): void {
    const next = this.view.value?.next_case_id;
    window.location.assign(next ? `/cases/${encodeURIComponent(next)}` : '/worklist');
  }

  /** Give the case back before the commit; the draft stays with it, and the list follows. */
  async release(reason: string): Promise<void> {
    if (this.busy.value) return;
    this.busy.value = true;
    try {
      await this.draft.saver.flush();
      await this.api.release(reason);
      window.location.assign('/worklist');
    } catch (error) {
      this.busy.value = false;
      this.say(wordsOf(error));
    }
  }

  /** After a conflict: what another window saved, or what stands here. */
  async settle(keepMine: boolean): Promise<void> {
    try {
      const view = await this.api.get();
      if (keepMine && view.step === 'read') this.draft.revision = view.draft.revision;
      else window.location.reload();
      this.draft.saver.settle(keepMine);
    } catch (error) {
      this.say(wordsOf(error));
    }
  }

  // Below the surface

  private frameOfShape(shape: { series_uid: string; sop_uid: string; frame: number }) {
    for (const pane of this.views.panes) {
      const found = pane.stack.value?.frames.find(
        (f) => f.sopUid === shape.sop_uid && f.number === shape.frame,
      );
      if (found) return found;
    }
    const study = this.view.value?.studies.find((s) =>
      s.series.some((x) => x.series_uid === shape.series_uid),
    );
    return frameOf(
      `frame:/dicom-web/studies/${study?.study_uid}/series/${shape.series_uid}/instances/${shape.sop_uid}/frames/${shape.frame}`,
    );
  }

  measure(shape: Parameters<typeof measurementsOf>[0]) {
    const frame = this.frameOfShape(shape);
    return frame ? measurementsOf(shape, frame, this.pixels?.(frame)) : [];
  }
  private pixels: typeof import('../study/annotate').pixelsOf | null = null;

  /** The drawing tools come after the first image is on its way: they are half of the code. */
  private async startTools(): Promise<void> {
    const { Annotate: Tools, pixelsOf } = await import('../study/annotate');
    this.pixels = pixelsOf;
    const annotate = new Tools({
      changed: (shape) => {
        const frame = this.frameOfShape(shape);
        if (frame && this.step.value === 'read') this.draft.putShape(shape, frame, this.measure(shape));
      },
      removed: (id) => {
        const gone = this.draft.dropShape(id);
        const entry = this.draft.entries.value.find((e) => e.tracking_uid === gone?.finding);
        if (entry) this.say(`The place of F${entry.number} is removed.`);
        if (this.selected.value === id) this.selected.value = null;
      },
      selected: (id) => {
        this.selected.value = id;
      },
    });
    this.annotate = annotate;
    annotate.use(this.tool.value);
    for (const pane of this.views.panes) {
      pane.onEnabled = () => annotate.addPane(pane);
      if (pane.viewport) annotate.addPane(pane);
    }
    // Shapes of the draft return with the stack that they were drawn on.
    for (const pane of this.views.panes) {
      effect(() => {
        const stack = pane.stack.value;
        if (stack) annotate.restore(stack, this.draft.shapes.peek(), this.step.peek() !== 'read');
      });
    }
    effect(() => {
      for (const shape of this.draft.shapes.value) annotate.mark(shape.id, shape.finding !== null);
    });
    const view = this.view.peek();
    for (const shape of this.draft.shapes.peek()) {
      const study = view?.studies.find((s) => s.series.some((x) => x.series_uid === shape.series_uid));
      const series = study?.series.find((x) => x.series_uid === shape.series_uid);
      if (study && series) void loadStack(study, series).catch(() => null);
    }
  }

  private keepTime(): void {
    const hidden = () => document.visibilityState === 'hidden';
    setInterval(() => {
      this.now.value = Date.now();
      if (hidden() || this.step.value !== 'read') return;
      this.draft.clock.value += 1;
      // Once a minute the clock alone is worth saving; it also keeps the session.
      if (this.draft.clock.value % 60 === 0) this.draft.saver.touch();
    }, 1000);
    document.addEventListener('visibilitychange', () => {
      if (hidden()) void this.saver.value.flush(true).catch(() => null);
    });
    window.addEventListener('beforeunload', (event) => {
      const state = this.saver.value.state.value.kind;
      if (state === 'retrying' || state === 'conflict') event.preventDefault();
      else void this.saver.value.flush(true).catch(() => null);
    });
  }
}

export function wordsOf(error: unknown): string {
  if (error instanceof ApiError || error instanceof Error) return error.message;
  return 'Something failed. Try again.';
}
