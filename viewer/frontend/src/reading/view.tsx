// One viewport on the page: the image, its corners, its scroll bar, the labels of its shapes.
import { useEffect, useRef } from 'preact/hooks';
import { edges, normalOf, positionAlong } from '../study/geometry';
import { sizeWords } from '../study/measure';
import type { Pane } from '../study/pane';
import type { Region } from '../study/scale';
import { seriesPath } from '../study/stack';
import { useRoom } from './context';
import { LoadBar } from './loadbar';
import { DRAG_TYPE } from './rail';

export function View({ index }: { index: 0 | 1 }) {
  const room = useRoom();
  const { views } = room;
  const pane = views.panes[index];
  const host = useRef<HTMLDivElement>(null);
  const placed = views.shown.value[index];

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    pane.attach(element);
    void views.fill(index);
    return () => {
      room.annotate?.removePane(pane);
      pane.detach();
    };
  }, [index]);

  const frame = pane.frame;
  const waveform = placed?.series.kind === 'waveform';
  const active = views.activeIndex.value === index;
  const count = pane.stack.value?.frames.length ?? 0;
  const name = placed?.series.description || placed?.series.modality || '';
  return (
    <section
      class={`view ${active && views.columns.value === 2 ? 'active' : ''}`}
      aria-label={`${placed?.study.role === 'prior' ? 'Prior' : 'Current'} ${name}`}
      onPointerDownCapture={() => (views.activeIndex.value = index)}
      onFocusCapture={() => (views.activeIndex.value = index)}
      onDragOver={(e) => e.preventDefault()}
      onDrop={(e) => {
        e.preventDefault();
        const uid = e.dataTransfer?.getData(DRAG_TYPE);
        const dropped = views.rail.find((p) => p.series.series_uid === uid);
        if (dropped) void views.show(dropped, index);
      }}
    >
      <div
        ref={host}
        class="film"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a viewport takes the keyboard to scroll and zoom
        tabIndex={0}
        role="application"
        aria-label={count ? `Image ${pane.index.value + 1} of ${count}` : 'No image'}
        data-testid={`pane-${index}`}
        data-painted={pane.painted.value ? 'true' : 'false'}
        data-series={pane.stack.value?.series.series_uid ?? ''}
        data-sop={frame?.sopUid ?? ''}
        data-frame={frame?.number ?? ''}
        data-columns={frame?.columns ?? ''}
        data-rows={frame?.rows ?? ''}
        data-loaded={pane.loaded.value}
        onContextMenu={(e) => e.preventDefault()}
      />
      {waveform && <Waveform pane={pane} />}
      {frame && !waveform && <Labels pane={pane} />}
      <Corners index={index} />
      {count > 1 && !waveform && <LoadBar pane={pane} />}
      {!placed && <p class="instead">No series here. Click or drag one from the left.</p>}
      {pane.message.value && (
        <p class="instead" role="status">
          {pane.message.value}
        </p>
      )}
    </section>
  );
}

function Corners({ index }: { index: 0 | 1 }) {
  const { views } = useRoom();
  const pane = views.panes[index];
  const placed = views.shown.value[index];
  if (!placed) return null;
  const { study, series } = placed;
  const frame = pane.frame;
  const count = pane.stack.value?.frames.length ?? 0;
  const role = study.role === 'current' ? 'CURRENT' : 'PRIOR';
  const film = pane.film;
  const right = [
    count ? `${pane.index.value + 1} / ${count}` : '',
    frame?.plane ? `${positionAlong(frame.plane, normalOf(frame.plane)).toFixed(1)} mm` : '',
    index === 1 ? views.linkWords.value : '',
    film.playing.value || pane.stack.value?.rate ? rateWords(film) : '',
  ];
  const w = pane.window.value;
  const bottom = [
    w && frame?.samples === 1 ? `W ${Math.round(w.width)}  L ${Math.round(w.center)}` : '',
    pane.inverted.value ? 'inverted' : '',
  ];
  const side = frame?.plane ? edges(frame.plane) : (frame?.letters ?? null);
  return (
    <>
      <p class="corner tl">
        {role}
        {study.role === 'prior' && study.studied_on ? ` ${study.studied_on}` : ''}
        <br />
        {series.description || series.modality}
      </p>
      <p class="corner tr">{lines(right)}</p>
      {series.kind === 'image' && <p class="corner bl">{lines(bottom)}</p>}
      {frame && series.kind === 'image' && <p class="corner br">{scaleWords(pane)}</p>}
      {side &&
        (['left', 'right', 'top', 'bottom'] as const).map((edge) => (
          <span key={edge} class={`edge ${edge}`}>
            {side[edge]}
          </span>
        ))}
    </>
  );
}

/** "30 frames/s", or "19 of 30 frames/s" while this screen cannot paint a film as fast as it was recorded. */
function rateWords({ rate, reached }: Pane['film']): string {
  const slow = reached.value !== null && reached.value < 0.9 * rate.value;
  return `${slow ? `${Math.round(reached.value ?? 0)} of ` : ''}${Math.round(rate.value)} frames/s`;
}

const lines = (parts: (string | null)[]) =>
  parts.filter(Boolean).map((part, i) => (
    <span key={part}>
      {i > 0 && <br />}
      {part}
    </span>
  ));

/** "0.51 mm/px in the calibrated region": a region's own scale, if all regions have the same. */
function regionWords(regions: Region[]): string {
  const [first, ...others] = regions;
  const same = first && others.every((r) => r.dx === first.dx && r.dy === first.dy);
  return same ? `${first.dx.toFixed(2)} mm/px in the calibrated region` : 'mm in the calibrated regions';
}

/** "5.0 mm · 0.63 mm/px", or what is not known about the scale. */
function scaleWords(pane: Pane): string {
  const frame = pane.frame;
  if (!frame) return '';
  const { scale, thickness } = frame;
  const thick = thickness ? `${thickness.toFixed(1)} mm` : '';
  const size = (v: number) => `${v < 0.1 ? v.toFixed(3) : v.toFixed(2)} mm/px`;
  const known =
    scale.kind === 'patient'
      ? size(scale.dx)
      : scale.kind === 'detector'
        ? `${size(scale.dx)} at the detector`
        : scale.kind === 'regions'
          ? regionWords(scale.regions)
          : 'scale unknown · measured in pixels';
  return [thick, known].filter(Boolean).join(' · ');
}

/** px between a shape and its label, and the room that a label takes at most. */
const LABEL_GAP = 8;
const LABEL_WIDTH = 104;

/** The words beside each shape: its finding's number and its size. */
function Labels({ pane }: { pane: Pane }) {
  const room = useRoom();
  pane.painting.value;
  const frame = pane.frame;
  const box = pane.element?.getBoundingClientRect();
  if (!frame || !box || !pane.painted.value) return null;
  const here = room.draft.shapes.value.filter((s) => s.sop_uid === frame.sopUid && s.frame === frame.number);
  return (
    <div class="labels">
      {here.map((shape) => {
        const spots = shape.points.flatMap((p) => {
          const spot = pane.toScreen(p);
          return spot ? [spot] : [];
        });
        const entry = room.draft.entries.value.find((e) => e.tracking_uid === shape.finding);
        // Beside the shape, never on it: at its right end, or at its left one where the image ends.
        const right = spots.reduce((a, b) => (b[0] > a[0] ? b : a), spots[0] ?? [0, 0]);
        const left = spots.reduce((a, b) => (b[0] < a[0] ? b : a), spots[0] ?? [0, 0]);
        const fits = right[0] - box.left + LABEL_GAP + LABEL_WIDTH <= box.width;
        const end = fits ? right : left;
        const words = [entry ? `F${entry.number}` : '', sizeWords(room.measure(shape))]
          .filter(Boolean)
          .join(' ');
        const x = end[0] - box.left + (fits ? LABEL_GAP : -LABEL_GAP);
        const y = Math.min(end[1] - box.top + LABEL_GAP, box.height - 20);
        return (
          <span
            key={shape.id}
            class={entry ? 'owned' : ''}
            data-testid="shape-label"
            style={{
              transform: `translate(${Math.round(x)}px, ${Math.round(y)}px)${fits ? '' : ' translateX(-100%)'}`,
            }}
          >
            {words}
          </span>
        );
      })}
    </div>
  );
}

/** A curve drawn by the server on its calibrated grid. */
function Waveform({ pane }: { pane: Pane }) {
  const stack = pane.stack.value;
  if (stack?.series.kind !== 'waveform') return null;
  const path = seriesPath(stack.study.study_uid, stack.series.series_uid);
  return (
    <div class="curves">
      {stack.sopUids.map((sop) => (
        <img
          key={sop}
          src={`${path}/instances/${sop}/rendered`}
          alt={stack.series.description || 'Electrocardiogram'}
          data-testid="waveform"
          onError={() => {
            pane.message.value = 'This curve cannot be drawn. It stays in the archive as it was sent.';
          }}
        />
      ))}
      {!stack.sopUids.length && <p class="instead">This series holds no curve that can be shown.</p>}
    </div>
  );
}
