// The mouse tools and the drawn shapes: Cornerstone draws, the page keeps the shapes in image points.
import { cache, eventTarget, getEnabledElements, type Types, utilities } from '@cornerstonejs/core';
import * as csTools from '@cornerstonejs/tools';
import type { Point2, Point3 } from '../lib/api';
import { fromDrawing, toDrawing } from './drawing';
import type { Frame } from './frame';
import type { Pane } from './pane';
import type { Shape } from './shape';
import { frameOf, type Stack } from './stack';

const {
  EllipticalROITool,
  LengthTool,
  PanTool,
  StackScrollTool,
  ToolGroupManager,
  WindowLevelTool,
  ZoomTool,
  annotation,
  init,
  Enums: { Events, MouseBindings },
} = csTools;

export type ToolName = 'window' | 'pan' | 'zoom' | 'scroll' | 'length' | 'ellipse' | 'none';

const TOOLS = {
  window: WindowLevelTool,
  pan: PanTool,
  zoom: ZoomTool,
  scroll: StackScrollTool,
  length: LengthTool,
  ellipse: EllipticalROITool,
} as const;
const GROUP = 'reading';
const KIND: Record<string, 'length' | 'ellipse'> = {
  [LengthTool.toolName]: 'length',
  [EllipticalROITool.toolName]: 'ellipse',
};
const TOOL_OF = { length: LengthTool.toolName, ellipse: EllipticalROITool.toolName };

interface Drawn {
  annotationUID: string;
  metadata: { toolName: string; referencedImageId: string };
  data: { handles: { points: Point3[] } };
}

export interface AnnotateEvents {
  /** A shape was drawn or changed; `finished` once the mouse is up. */
  changed: (shape: Shape, finished: boolean) => void;
  removed: (id: string) => void;
  selected: (id: string | null) => void;
}

export class Annotate {
  private readonly group;
  private quiet = false;
  private readonly known = new Set<string>();

  constructor(private readonly events: AnnotateEvents) {
    init();
    // Viewports that stood before the tools were here: the tools hear only of those that come after.
    for (const { viewport } of getEnabledElements()) {
      csTools.store.addEnabledElement({
        detail: { element: viewport.element, viewportId: viewport.id },
      } as never);
    }
    for (const tool of Object.values(TOOLS)) csTools.addTool(tool);
    const group = ToolGroupManager.createToolGroup(GROUP);
    if (!group) throw new Error('The drawing tools could not be started.');
    this.group = group;
    for (const tool of Object.values(TOOLS)) group.addTool(tool.toolName, {});
    const css = getComputedStyle(document.documentElement);
    const token = (name: string) => css.getPropertyValue(name).trim();
    annotation.config.style.setDefaultToolStyles({
      global: {
        color: token('--accent'),
        colorHighlighted: token('--accent'),
        colorSelected: token('--text'),
        colorLocked: token('--differ'),
        lineWidth: '1.5',
        lineWidthSelected: '1.5',
        // A ring at each end shows where the measurement begins, and where to take hold of it.
        showHandlesAlways: true,
        handleRadius: '3',
        shadow: true,
        // The labels are the page's own: they name the finding, and no style attribute is needed.
        textBoxVisibility: false,
      },
    } as never);
    this.use('window');
    eventTarget.addEventListener(Events.ANNOTATION_COMPLETED, (e: Event) => this.tell(e, true));
    eventTarget.addEventListener(Events.ANNOTATION_MODIFIED, (e: Event) => this.tell(e, false));
    eventTarget.addEventListener(Events.ANNOTATION_REMOVED, (e: Event) => {
      const { annotationUID } = (e as CustomEvent<{ annotation: Drawn }>).detail.annotation;
      this.known.delete(annotationUID);
      if (!this.quiet) this.events.removed(annotationUID);
    });
    eventTarget.addEventListener(Events.ANNOTATION_SELECTION_CHANGE, (e: Event) => {
      const { selection } = (e as CustomEvent<{ selection: string[] }>).detail;
      this.events.selected(selection[0] ?? null);
    });
  }

  addPane(pane: Pane): void {
    this.group.addViewport(pane.id, 'room');
  }
  removePane(pane: Pane): void {
    this.group.removeViewports('room', pane.id);
  }

  /** Give the left mouse button a tool; the middle one pans, the right one zooms, the wheel scrolls. */
  use(name: ToolName): void {
    const group = this.group;
    const extra: Record<string, { mouseButton: number }[]> = {
      [PanTool.toolName]: [{ mouseButton: MouseBindings.Auxiliary }],
      [ZoomTool.toolName]: [{ mouseButton: MouseBindings.Secondary }],
      [StackScrollTool.toolName]: [{ mouseButton: MouseBindings.Wheel }],
    };
    for (const [key, tool] of Object.entries(TOOLS)) {
      const bindings = [...(extra[tool.toolName] ?? [])];
      group.setToolPassive(tool.toolName, { removeAllBindings: true });
      if (key === name) bindings.unshift({ mouseButton: MouseBindings.Primary });
      if (bindings.length) group.setToolActive(tool.toolName, { bindings });
    }
  }

  /** Draw what was kept, for the frames of one stack. */
  restore(stack: Stack, shapes: Shape[], locked: boolean): void {
    this.quiet = true;
    const ids = new Map(stack.frames.map((f) => [`${f.sopUid}/${f.number}`, f]));
    for (const shape of shapes) {
      const frame = ids.get(`${shape.sop_uid}/${shape.frame}`);
      if (!frame || this.known.has(shape.id) || shape.kind === 'point') continue;
      annotation.state.addAnnotation(this.drawn(shape, frame) as never, frame.seriesUid);
      this.known.add(shape.id);
      if (locked) annotation.locking.setAnnotationLocked(shape.id, true);
    }
    this.quiet = false;
  }

  lockAll(): void {
    for (const id of this.known) annotation.locking.setAnnotationLocked(id, true);
    this.use('window');
  }

  select(id: string): void {
    annotation.selection.setAnnotationSelected(id, true, false);
  }
  remove(id: string): void {
    annotation.state.removeAnnotation(id);
  }
  /** A shape that belongs to a finding is amber, others are the accent. */
  mark(id: string, belongs: boolean): void {
    const css = getComputedStyle(document.documentElement);
    const color = css.getPropertyValue(belongs ? '--differ' : '--accent').trim();
    annotation.config.style.setAnnotationStyles(id, {
      color,
      colorHighlighted: color,
      colorSelected: color,
      colorLocked: color,
    });
    csTools.utilities.triggerAnnotationRenderForToolGroupIds([GROUP]);
  }

  private drawn(shape: Shape, frame: Frame) {
    const points = shape.points.map((p) => toDrawing(frame, p));
    return {
      annotationUID: shape.id,
      highlighted: false,
      invalidated: true,
      isLocked: false,
      isVisible: true,
      metadata: {
        toolName: TOOL_OF[shape.kind as 'length' | 'ellipse'],
        FrameOfReferenceUID: frame.seriesUid,
        referencedImageId: frame.imageId,
      },
      data: {
        label: '',
        cachedStats: {},
        handles: { points, activeHandleIndex: null, textBox: { hasMoved: false, worldPosition: [0, 0, 0] } },
      },
    };
  }

  private tell(event: Event, finished: boolean): void {
    if (this.quiet) return;
    const { annotation: drawn } = (event as CustomEvent<{ annotation: Drawn }>).detail;
    const kind = KIND[drawn.metadata.toolName];
    const frame = frameOf(drawn.metadata.referencedImageId);
    if (!kind || !frame) return;
    this.known.add(drawn.annotationUID);
    const points = drawn.data.handles.points.map((p) => fromDrawing(frame, p)) as Point2[];
    this.events.changed(
      {
        id: drawn.annotationUID,
        kind,
        series_uid: frame.seriesUid,
        sop_uid: frame.sopUid,
        frame: frame.number,
        points: points.slice(0, kind === 'ellipse' ? 4 : 2),
        finding: null,
      },
      finished,
    );
  }
}

/** The pixels of a frame that is in memory, in the unit of its modality. */
export function pixelsOf(
  frame: Frame,
): { columns: number; rows: number; data: ArrayLike<number> } | undefined {
  const image = cache.getImage(frame.imageId) as Types.IImage | undefined;
  if (!image || frame.samples !== 1) return undefined;
  return { columns: image.columns, rows: image.rows, data: image.getPixelData() };
}

/** A unique identifier for a shape. */
export const newId = () => utilities.uuidv4();
