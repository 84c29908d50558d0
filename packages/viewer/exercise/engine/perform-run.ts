/** A run, in turns: frames as they come, now and then what has happened, the result at the end. Runs in the worker. */
import { checkLimits, eventBudget, LiveRun, runPhases, type Frame, type RunResult } from '@brownout/scenarios';
import { stripView } from '../../src/view/strip-view.ts';
import type { PackedFrame, RunRequest, RunStory, TaskNews } from './protocol.ts';
import { readRequest } from './read-source.ts';
import { runInfo } from './run-info.ts';
import { type Turns, turnMilliseconds } from './turns.ts';

/** Milliseconds between two tellings of what has happened; the time that telling takes counts ten times. */
const storyMilliseconds = 1500;

/** Frames in a run at most, whatever its length: a page keeps them all. */
const mostFrames = 3600;
const shortestFrame = 10;

/** Seconds between two frames of a run of this length: multiples of 5 s, as the engine wants them. */
export function frameSecondsOf(lengthSeconds: number): number {
  return Math.max(shortestFrame, Math.ceil(lengthSeconds / mostFrames / 5) * 5);
}

/** Tells by `tell`; arrays in the second argument are handed over. */
export async function performRun(
  request: RunRequest,
  turns: Turns,
  tell: (news: TaskNews, handedOver?: ArrayBuffer[]) => void,
): Promise<void> {
  const read = await readRequest(request);
  checkLimits(read.scenario);
  const { horizon } = read.scenario;
  const [start, last] = [horizon.start / 1_000_000, horizon.end / 1_000_000];
  const end = Math.min(last, request.untilSeconds ?? last);
  const live = new LiveRun(read.document, {
    seed: request.seed,
    applied: read.applied,
    frames: { everySeconds: frameSecondsOf(end - start) },
    ...(request.actions === undefined ? {} : { actions: request.actions }),
    ...(request.crew === undefined ? {} : { crew: request.crew }),
    ...(request.untilSeconds === undefined ? {} : { untilSeconds: end }),
  });
  const frameSeconds = live.frames.everySeconds;
  const { layout } = live.frames;
  tell({ kind: 'info', info: runInfo(read, request.seed, { endSeconds: end, frameSeconds, layout }) });
  const packer = new Packer();
  const budget = eventBudget(live.run.simulation);
  const sendFrames = (): void => {
    const { frames, handedOver } = packer.pack(live);
    if (frames.length > 0) tell({ kind: 'frames', frames, until: live.now }, handedOver);
  };
  sendFrames();
  let step = frameSeconds;
  let nextStory = performance.now() + storyMilliseconds / 3;
  while (!live.isOver) {
    const began = performance.now();
    live.advanceTo(live.now + step, budget);
    budget.check();
    const took = performance.now() - began;
    // Steps grow and shrink with how much happens, by whole frames.
    if (took < turnMilliseconds / 2) step += frameSeconds;
    else if (took > turnMilliseconds && step > frameSeconds) step -= frameSeconds;
    sendFrames();
    const now = performance.now();
    if (now >= nextStory && !live.isOver) {
      tell({ kind: 'story', story: storyOf(live.result(), live.now) });
      nextStory = performance.now() + Math.max(storyMilliseconds, 10 * (performance.now() - now));
    }
    await turns.take();
    if (turns.isAborted) break;
  }
  const result = live.result();
  tell({ kind: 'story', story: storyOf(result, live.now) });
  tell({ kind: 'result', result, answers: live.answers });
}

/** What has happened; published facts reach past what is computed, as they are known from the start. */
function storyOf(result: RunResult, until: number): RunStory {
  return { until, strip: stripView(result), phases: runPhases(result) };
}

/** Copies frames for the page; columns of nodes that did not change since the frame before are left out. */
class Packer {
  #sent = 0;
  #nodes: readonly Uint8Array[] = [];

  pack({ frames: store }: LiveRun): { readonly frames: PackedFrame[]; readonly handedOver: ArrayBuffer[] } {
    const frames: PackedFrame[] = [];
    const handedOver: ArrayBuffer[] = [];
    for (; this.#sent < store.count; this.#sent++) {
      const packed = this.#packOne(store.at(this.#sent));
      frames.push(packed);
      handedOver.push(packed.numbers.buffer);
      for (const column of packed.nodes) if (column !== null) handedOver.push(column.buffer);
    }
    return { frames, handedOver };
  }

  #packOne({ t, numbers, nodeBytes }: Frame): PackedFrame {
    const nodes = nodeBytes.map((column, cluster) => (column === this.#nodes[cluster] ? null : column.slice()));
    this.#nodes = nodeBytes;
    return { t, numbers: numbers.slice(), nodes };
  }
}
