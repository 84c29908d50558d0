/** The living picture: canvases that follow the time, whose parts explain themselves to the mouse and to the keyboard. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { RunInfo } from '../engine/protocol.ts';
import type { Run } from '../engine/run.ts';
import { useExercise } from '../exercise-context.ts';
import type { Explanation } from './explain.ts';
import { type Look, Painter } from './painter.ts';
import { partAt, partsOf, type Part } from './parts.ts';

interface PictureCanvasProps {
  readonly run: Run;
  readonly info: RunInfo;
  readonly look: Look;
  /** A cluster was chosen to stand in front. */
  readonly bringToFront: (cluster: number) => void;
}

/** What is pointed at, and how. */
interface Pointed {
  readonly part: string;
  readonly byKeyboard: boolean;
}

/** The picture with its explanation of what is pointed at. */
export function PictureCanvas({ run, info, look, bringToFront }: PictureCanvasProps) {
  const { player, beat } = useExercise();
  const surface = useRef<HTMLDivElement>(null);
  const painter = useRef<Painter | undefined>(undefined);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [pointed, setPointed] = useState<Pointed | undefined>(undefined);
  const [, again] = useState(0);
  const isPointing = useRef(false);
  isPointing.current = pointed !== undefined;

  useLayoutEffect(() => {
    const host = surface.current;
    if (host === null) return undefined;
    const made = new Painter(host, run, info, look);
    painter.current = made;
    const resized = new ResizeObserver(() => {
      made.resize();
      setSize({ width: host.clientWidth, height: host.clientHeight });
    });
    resized.observe(host);
    const stop = beat.add((elapsed) => {
      const isNew = made.show(player.time.value, player.playing.value.isPlaying ? elapsed : 0);
      // What is explained has other numbers now.
      if (isNew && isPointing.current) again((count) => count + 1);
      return made.wasLong;
    });
    return () => {
      stop();
      resized.disconnect();
      made.remove();
    };
  }, [run, info]);

  useEffect(() => painter.current?.setLook(look), [look]);

  const parts = useMemo(
    () => (painter.current === undefined ? [] : partsOf(info, painter.current.layout)),
    [info, size, look.front, painter.current],
  );
  const index = parts.findIndex(({ id }) => id === pointed?.part);
  const part = parts[index];
  useEffect(() => painter.current?.light(part?.box), [part]);
  const picture = painter.current?.picture;
  const told = part === undefined || picture === undefined ? undefined : part.explain(picture);

  const press = (one: Part | undefined): void => {
    if (one?.cluster === undefined) return;
    bringToFront(one.cluster);
    setPointed({ part: 'front', byKeyboard: pointed?.byKeyboard === true });
  };
  const onKey = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step !== undefined) {
      const next = parts[(Math.max(index, step < 0 ? 0 : -1) + step + parts.length) % parts.length];
      if (next !== undefined) setPointed({ part: next.id, byKeyboard: true });
    } else if (event.key === 'Enter') press(part);
    else if (event.key === 'Escape') setPointed(undefined);
    else return;
    event.preventDefault();
  };
  const partUnder = (event: MouseEvent): Part | undefined => partAt(parts, event.offsetX, event.offsetY);
  return (
    <div class="picture">
      <div
        ref={surface}
        class="surface"
        tabIndex={0}
        role="application"
        aria-label={`Picture of ${info.title}. Arrow keys go from part to part.`}
        aria-describedby="told"
        onPointerMove={(event) => {
          const id = partUnder(event)?.id;
          if (id !== pointed?.part) setPointed(id === undefined ? undefined : { part: id, byKeyboard: false });
        }}
        onPointerLeave={() => setPointed(undefined)}
        onClick={(event) => press(partUnder(event))}
        onKeyDown={onKey}
        onBlur={() => pointed?.byKeyboard === true && setPointed(undefined)}
        style={{ cursor: part?.cluster === undefined ? 'default' : 'pointer' }}
      />
      {told !== undefined && part !== undefined && (
        <Tip
          told={told}
          part={part}
          size={size}
          hint={part.cluster === undefined ? '' : 'Click or Enter: to the front.'}
        />
      )}
      <p id="told" class="hidden" aria-live="polite">
        {pointed?.byKeyboard === true && told !== undefined ? `${told.title}. ${told.text}` : ''}
      </p>
    </div>
  );
}

interface TipProps {
  readonly told: Explanation;
  readonly part: Part;
  readonly size: { readonly width: number; readonly height: number };
  readonly hint: string;
}

/** Beside its part, on the side where there is more room. */
function Tip({ told, part, size, hint }: TipProps) {
  const { x, y, width, height } = part.box;
  const isLeft = x + width / 2 < size.width / 2;
  const below = y + height / 2 < size.height / 2;
  const isWide = width > size.width / 3;
  const style: Record<string, string> = {};
  if (isLeft) style['left'] = `${isWide ? Math.max(8, x + 8) : x + width + 8}px`;
  else style['right'] = `${isWide ? Math.max(8, size.width - x - width + 8) : size.width - x + 8}px`;
  if (below) style['top'] = `${isWide ? y + height + 6 : y}px`;
  else style['bottom'] = `${isWide ? size.height - y + 6 : Math.max(4, size.height - y - height)}px`;
  return (
    <div class="tip" style={style} role="presentation">
      <strong>{told.title}</strong>
      {told.text} {hint !== '' && <span class="note">{hint}</span>}
    </div>
  );
}
