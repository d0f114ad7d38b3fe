// The series of the case as small pictures: a click or a drag brings one into a viewport.
import { useState } from 'preact/hooks';
import { seriesPath } from '../study/stack';
import type { Placed } from './choose';
import { useRoom } from './context';

export const DRAG_TYPE = 'application/x-series';

export function Rail() {
  const room = useRoom();
  const view = room.view.value;
  if (!view) return null;
  const shown = room.views.shown.value.slice(0, room.views.columns.value);
  const studies = [...new Set(room.views.rail.map((p) => p.study))];
  return (
    <nav class="rail" aria-label="Series">
      {studies.map((study) => (
        <section key={study.study_uid}>
          <h2>{study.role === 'current' ? 'Current' : `Prior · ${study.studied_on ?? 'date unknown'}`}</h2>
          {study.series.map((series) => {
            const at = shown.findIndex((p) => p?.series.series_uid === series.series_uid);
            return <Thumb key={series.series_uid} placed={{ study, series }} at={at} />;
          })}
          {!study.series.length && <p class="faint">No series yet</p>}
        </section>
      ))}
    </nav>
  );
}

function Thumb({ placed, at }: { placed: Placed; at: number }) {
  const room = useRoom();
  const { study, series } = placed;
  const [broken, setBroken] = useState(false);
  const name = series.description || `${series.modality} ${series.number ?? ''}`.trim();
  const waveform = series.kind === 'waveform';
  const count = waveform ? 'ECG' : String(series.frames || series.instances);
  return (
    <button
      type="button"
      class="series"
      draggable
      data-testid={`series-${series.series_uid}`}
      aria-pressed={at >= 0}
      aria-label={`${name}, ${study.role}, ${waveform ? 'curves' : `${count} images`}`}
      title={`${series.modality} · ${name}`}
      onDragStart={(e) => e.dataTransfer?.setData(DRAG_TYPE, series.series_uid)}
      onClick={() => {
        const index = room.views.activeIndex.value;
        void room.views.show(placed, index);
      }}
    >
      {broken ? (
        <span class="nopicture">{series.modality}</span>
      ) : (
        <img
          src={`${seriesPath(study.study_uid, series.series_uid)}/thumbnail`}
          alt=""
          draggable={false}
          onError={() => setBroken(true)}
        />
      )}
      <span class="caption">
        <span class="name">{name}</span>
        <span>{count}</span>
      </span>
    </button>
  );
}
