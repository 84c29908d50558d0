/** The engine in its thread: takes tasks, one at a time, and tells what becomes of them. */
import './quiet-checks.ts';
import { performDrillTask } from './perform-drill-task.ts';
import { performRun } from './perform-run.ts';
import type { FromEngine, TaskNews, TaskRequest, ToEngine } from './protocol.ts';
import { problemsOf } from './read-source.ts';
import { catalogue } from './run-info.ts';
import { TaskTurns } from './turns.ts';
import { performWhatIf } from '../what-if/perform-what-if.ts';

/** What of a worker's own world is used. */
interface Port {
  onmessage: ((event: { readonly data: ToEngine }) => void) | null;
  postMessage(message: FromEngine, handedOver: ArrayBuffer[]): void;
}

const port = globalThis as unknown as Port;
const running = new Map<number, TaskTurns>();

port.onmessage = ({ data }) => {
  const turns = running.get(data.task);
  if (data.kind === 'begin') void begin(data.task, data.what);
  else if (data.kind === 'tell') turns?.hear(data.message);
  else if (data.kind === 'hold') turns?.hold(data.isHeld);
  else turns?.abort();
};

async function begin(task: number, what: TaskRequest): Promise<void> {
  const turns = new TaskTurns();
  running.set(task, turns);
  const tell = (news: TaskNews, handedOver: ArrayBuffer[] = []): void => {
    port.postMessage({ task, ...news }, handedOver);
  };
  try {
    await perform(what, turns, tell);
    tell({ kind: 'done' });
  } catch (error) {
    tell({ kind: 'failed', problems: problemsOf(error) });
  } finally {
    running.delete(task);
  }
}

async function perform(
  what: TaskRequest,
  turns: TaskTurns,
  tell: (news: TaskNews, handedOver?: ArrayBuffer[]) => void,
): Promise<void> {
  switch (what.kind) {
    case 'catalogue':
      tell({ kind: 'catalogue', entries: catalogue() });
      break;
    case 'run':
      await performRun(what.request, turns, tell);
      break;
    case 'drill-choices':
    case 'drill':
    case 'drill-replay':
    case 'drill-run':
      await performDrillTask(what, turns, tell);
      break;
    default: {
      const news = await performWhatIf(what, turns, tell);
      if (news !== undefined) tell(news);
    }
  }
}
