// The thin line above the images: tools with their keys, layout, window presets.
import type { ToolName } from '../study/annotate';
import { presetsFor } from '../study/windows';
import { useRoom } from './context';

const TOOLS: [ToolName, string, string][] = [
  ['window', 'Window', 'W'],
  ['pan', 'Pan', 'P'],
  ['zoom', 'Zoom', 'Z'],
  ['scroll', 'Scroll', 'S'],
];
const DRAW: [ToolName, string, string][] = [
  ['length', 'Length', 'L'],
  ['ellipse', 'Ellipse', 'E'],
];

export function Tools() {
  const room = useRoom();
  const { views } = room;
  const pane = views.active.value;
  const film = pane.film;
  const many = (pane.stack.value?.frames.length ?? 0) > 1;
  const presets = presetsFor(pane.frame);
  // A curve is a drawing of the server's: nothing can be windowed or drawn upon.
  const curve = pane.stack.value?.series.kind === 'waveform';
  const drawing = room.step.value === 'read';
  const tool = ([name, words, key]: (typeof TOOLS)[number]) => (
    <button
      key={name}
      type="button"
      data-testid={`tool-${name}`}
      aria-pressed={room.tool.value === name && !curve}
      disabled={curve}
      aria-keyshortcuts={key}
      title={`${words} (${key})`}
      onClick={() => room.use(name)}
    >
      {words}
      <kbd>{key}</kbd>
    </button>
  );
  return (
    <div class="tools" role="toolbar" aria-label="Image tools">
      {TOOLS.map(tool)}
      {drawing && <i />}
      {drawing && DRAW.map(tool)}
      <i />
      <button
        type="button"
        aria-pressed={views.columns.value === 2 && views.linked.value && views.link.value.kind === 'position'}
        disabled={views.columns.value < 2}
        title="Scroll both viewports together (K). Switched on, the two levels shown count as the same."
        onClick={() => views.toggleLink()}
      >
        Linked<kbd>K</kbd>
      </button>
      <button
        type="button"
        aria-pressed={film.playing.value}
        disabled={!many}
        title="Play (Space)"
        onClick={() => film.toggle()}
      >
        {film.playing.value ? 'Stop' : 'Cine'}
        <kbd>␣</kbd>
      </button>
      {film.playing.value && (
        <label class="rate">
          <input
            type="number"
            min={1}
            max={60}
            value={Math.round(film.rate.value)}
            aria-label="Frames a second"
            onInput={(e) => (film.rate.value = Math.min(60, Math.max(1, Number(e.currentTarget.value) || 1)))}
          />
          /s
        </label>
      )}
      <button type="button" title="One or two viewports (V)" onClick={() => views.toggleColumns()}>
        1×{views.columns.value}
        <kbd>V</kbd>
      </button>
      <span class="presets">
        {presets.map((preset, i) => (
          <button
            key={preset.name}
            type="button"
            class={i > 2 ? 'wide' : ''}
            title={
              typeof preset.window === 'object'
                ? `W ${preset.window.width} L ${preset.window.center}`
                : preset.name
            }
            onClick={() => views.preset(i + 1)}
          >
            {preset.name}
            <kbd>{i + 1}</kbd>
          </button>
        ))}
      </span>
    </div>
  );
}
