// The viewports of the room together: what they show, which one is active, whether they scroll together.
import { computed, effect, signal } from '@preact/signals';
import type { StudyRef } from '../lib/api';
import { type Link, linkable, nearest, normalOf, positionAlong } from '../study/geometry';
import { Pane } from '../study/pane';
import { loadStack } from '../study/stack';
import { presetsFor } from '../study/windows';
import { firstShown, likeIt, type Placed, railOrder } from './choose';

export class Views {
  readonly panes: [Pane, Pane] = [new Pane('pane-0'), new Pane('pane-1')];
  readonly shown = signal<[Placed | null, Placed | null]>([null, null]);
  readonly columns = signal<1 | 2>(1);
  readonly activeIndex = signal<0 | 1>(0);
  readonly linked = signal(true);
  /** mm from the first pane's position to the second's, set when the reader links two levels by hand. */
  readonly offset = signal<number | null>(null);
  readonly active = computed(() => this.panes[this.activeIndex.value]);
  readonly link = computed<Link>(() => {
    const [a, b] = this.panes;
    if (this.columns.value < 2 || !a.stack.value || !b.stack.value) return { kind: 'none', why: '' };
    const link = linkable(a.stack.value.planes, b.stack.value.planes);
    // Levels set by hand hold whatever the scanners' coordinates say.
    return this.offset.value !== null && link.kind === 'none' && link.why === 'positions differ'
      ? { kind: 'position' }
      : link;
  });
  /** Whether a curve stands in each viewport in use: there is nothing to draw upon. */
  readonly onlyCurves = computed(() =>
    this.shown.value.slice(0, this.columns.value).every((p) => p?.series.kind === 'waveform'),
  );
  private studies: StudyRef[] = [];
  private following = false;

  constructor() {
    this.panes.forEach((pane, i) => {
      pane.onMoved = () => this.follow(i as 0 | 1);
    });
  }

  /** Place the series of a case: the current study, beside it the prior most like it. */
  open(studies: StudyRef[]): void {
    this.studies = studies;
    const first = firstShown(studies);
    const prior = first && likeIt(studies, first);
    this.columns.value = prior ? 2 : 1;
    this.shown.value = [first, prior];
  }

  get rail(): Placed[] {
    return railOrder(this.studies);
  }

  /** Show a series in a pane, at a frame if one is named. */
  async show(placed: Placed, index: 0 | 1 = this.activeIndex.value, at?: number): Promise<void> {
    const next: [Placed | null, Placed | null] = [...this.shown.value];
    next[index] = placed;
    this.shown.value = next;
    this.panes[index].painted.value = false;
    this.offset.value = null;
    await this.fill(index, at);
  }

  /** Load what a pane is to show; called when its element stands. */
  fill(index: 0 | 1, at?: number): Promise<void> {
    const filling = this.load(index, at);
    if (index === 0) this.first = filling;
    return filling;
  }
  private first: Promise<void> = Promise.resolve();

  private async load(index: 0 | 1, at?: number): Promise<void> {
    const pane = this.panes[index];
    const placed = this.shown.value[index];
    if (!placed) return;
    // The prior takes its level from the current study, so that one comes first.
    if (index === 1) await this.first;
    try {
      const stack = await loadStack(placed.study, placed.series);
      if (this.shown.value[index] !== placed) return;
      await pane.show(stack, at ?? this.startAt(index, stack));
    } catch (error) {
      pane.message.value = error instanceof Error ? error.message : 'This series cannot be shown.';
    }
  }

  /** The level of the other pane if they lie alike, the first frame of a film, else the middle. */
  private startAt(index: 0 | 1, stack: NonNullable<Pane['stack']['value']>): number {
    const other = this.panes[index === 0 ? 1 : 0];
    const plane = other.frame?.plane;
    if (plane && other.stack.value && linkable(other.stack.value.planes, stack.planes).kind === 'position') {
      return nearest(stack.planes, plane);
    }
    return stack.rate === null && stack.frames.length > 4 ? Math.floor((stack.frames.length - 1) / 2) : 0;
  }

  /** Go to a place: the series into the active pane unless a pane shows it already. */
  async goTo(seriesUid: string, sopUid: string, frame: number): Promise<Pane | null> {
    const placed = this.rail.find((p) => p.series.series_uid === seriesUid);
    if (!placed) return null;
    const showing = this.shown.value.findIndex(
      (p, i) => p?.series.series_uid === seriesUid && i < this.columns.value,
    );
    const index = (showing >= 0 ? showing : placed.study.role === 'current' ? 0 : this.columns.value - 1) as
      | 0
      | 1;
    const stack = await loadStack(placed.study, placed.series).catch(() => null);
    const at = stack?.frames.findIndex((f) => f.sopUid === sopUid && f.number === frame) ?? -1;
    if (!stack || at < 0) return null;
    this.activeIndex.value = index;
    if (showing >= 0 && this.panes[index].stack.value === stack) await this.panes[index].goTo(at);
    else await this.show(placed, index, at);
    return this.panes[index];
  }

  neighbour(by: number): void {
    const rail = this.rail;
    const now = this.shown.value[this.activeIndex.value];
    const at = rail.findIndex((p) => p.series.series_uid === now?.series.series_uid);
    const next = rail[at + by];
    if (next) void this.show(next);
  }

  toggleColumns(): void {
    this.columns.value = this.columns.value === 1 ? 2 : 1;
    if (this.columns.value === 1) this.activeIndex.value = 0;
    const [first, second] = this.shown.value;
    if (this.columns.value === 2 && !second && first) {
      const rail = this.rail;
      const at = rail.findIndex((p) => p.series.series_uid === first.series.series_uid);
      this.shown.value = [first, rail[at + 1] ?? rail[0] ?? null];
    }
  }

  other(): void {
    if (this.columns.value === 2) this.activeIndex.value = this.activeIndex.value === 0 ? 1 : 0;
  }

  /** Link on or off; switching on takes the two levels as they stand for the same one. */
  toggleLink(): void {
    this.linked.value = !this.linked.value;
    if (!this.linked.value) return;
    const [a, b] = this.panes;
    const [pa, pb] = [a.frame?.plane, b.frame?.plane];
    this.offset.value = pa && pb ? positionAlong(pb, normalOf(pa)) - positionAlong(pa, normalOf(pa)) : null;
  }

  preset(number: number): void {
    const pane = this.active.value;
    const preset = presetsFor(pane.frame)[number - 1];
    if (preset) pane.apply(preset);
  }

  private follow(from: 0 | 1): void {
    if (this.following || !this.linked.value || this.link.value.kind === 'none') return;
    const [source, target] = [this.panes[from], this.panes[from === 0 ? 1 : 0]];
    const plane = source.frame?.plane;
    if (!plane || !target.stack.value) return;
    const offset = (this.offset.value ?? 0) * (from === 0 ? 1 : -1);
    this.following = true;
    void target.goTo(nearest(target.stack.value.planes, plane, offset));
    this.following = false;
  }

  /** Words for the corner of the second pane. */
  readonly linkWords = computed(() => {
    if (this.columns.value < 2) return '';
    const link = this.link.value;
    if (link.kind === 'none') return link.why ? `not linked · ${link.why}` : '';
    if (!this.linked.value) return 'not linked';
    const mm = this.offset.value;
    return mm
      ? `linked · by hand ${mm > 0 ? '+' : '−'}${Math.abs(mm).toFixed(1)} mm`
      : 'linked · by position';
  });

  /** Stop films when their pane is hidden. */
  readonly stopHidden = effect(() => {
    if (this.columns.value === 1) this.panes[1].film.stop();
  });
}
