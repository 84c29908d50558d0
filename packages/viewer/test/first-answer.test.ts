/** The first answer to a what-if: told on the way where it takes long, with exact runs held meanwhile. */
import { completeDocument, loadDocument, runScenario, type ScenarioDocument } from '@brownout/scenarios';
import { describe, expect, it } from 'vitest';
import { Engine, type EngineWorker } from '../exercise/engine/engine.ts';
import type { RunRequest, ToEngine } from '../exercise/engine/protocol.ts';
import { TaskTurns } from '../exercise/engine/turns.ts';
import { answerUntil } from '../exercise/what-if/answer-until.ts';
import { firstAnswer } from '../exercise/what-if/first-answer.ts';
import type { FirstAnswer } from '../exercise/what-if/what-if-tasks.ts';
import { name, text } from './two-clusters.ts';

const request: RunRequest = { source: { kind: 'text', name, text }, seed: '3', untilSeconds: 1300 };
const turns = { isAborted: false, take: async () => await Promise.resolve() };

describe('a first answer', () => {
  it('on its way is the day up to a time, which the whole answer remembers; looking changes nothing', async () => {
    const parts: FirstAnswer[] = [];
    const impatient = { milliseconds: 0, soonMilliseconds: 0, leastSeconds: 600 };
    const whole = await firstAnswer(request, turns, (part) => parts.push(part), impatient);
    expect(whole?.isWhole).toBe(true);
    expect(whole?.marks.map(({ until }) => until)).toEqual([480, 1080]);
    const document = completeDocument((await loadDocument(text, name)).data) as ScenarioDocument;
    expect(whole?.result.digest).toBe(runScenario(document, { seed: 3, untilSeconds: 1300 }).digest);

    expect(parts.length).toBeGreaterThan(0);
    for (const { result, isWhole, answers } of parts) {
      expect([isWhole, answers]).toEqual([false, undefined]);
      const until = result.horizon.endSeconds;
      expect(until).toBeGreaterThanOrEqual(600);
      const { byCluster: _clusters, byProduct: _products, ...measures } = result.kpis;
      expect(answerUntil(whole!, until)?.kpis).toMatchObject(measures);
    }
    expect(answerUntil(whole!, 1000)).toBeUndefined();
  });

  it('that comes soon is told as a whole only', async () => {
    const parts: FirstAnswer[] = [];
    const patient = { milliseconds: 0, soonMilliseconds: Infinity, leastSeconds: 0 };
    const whole = await firstAnswer({ ...request, untilSeconds: 700 }, turns, (part) => parts.push(part), patient);
    expect([whole?.isWhole, parts]).toEqual([true, []]);
  });
});

describe('runs that are held', () => {
  it('are told so once, whoever else holds them, those that begin meanwhile too; other tasks are not', () => {
    const heard: ToEngine[] = [];
    const engine = new Engine(() => new Listener(heard));
    engine.begin({ kind: 'run', request }, () => {});
    const [first, second] = [engine.hold(), engine.hold()];
    engine.begin({ kind: 'catalogue' }, () => {});
    first();
    first();
    expect(holdsIn(heard)).toEqual([[1, true]]);
    second();
    expect(holdsIn(heard)).toEqual([
      [1, true],
      [1, false],
    ]);

    const later: ToEngine[] = [];
    const other = new Engine(() => new Listener(later));
    const release = other.hold();
    other.begin({ kind: 'run', request }, () => {});
    release();
    expect(later.map(({ kind }) => kind)).toEqual(['begin', 'hold', 'hold']);
  });

  it('stop between two turns until they are let go on, or given up', async () => {
    const held = new TaskTurns();
    let taken = 0;
    const take = async (): Promise<void> => {
      await held.take();
      taken++;
    };
    await take();
    held.hold(true);
    const second = take();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(taken).toBe(1);
    held.hold(false);
    await second;
    held.hold(true);
    const third = take();
    held.abort();
    await third;
    expect([taken, held.isAborted]).toEqual([3, true]);
  });
});

function holdsIn(heard: readonly ToEngine[]): (readonly [number, boolean])[] {
  return heard.flatMap((message) => (message.kind === 'hold' ? [[message.task, message.isHeld] as const] : []));
}

class Listener implements EngineWorker {
  onmessage: EngineWorker['onmessage'] = null;
  onerror: EngineWorker['onerror'] = null;
  readonly #heard: ToEngine[];
  constructor(heard: ToEngine[]) {
    this.#heard = heard;
  }
  postMessage(message: ToEngine): void {
    this.#heard.push(message);
  }
  terminate(): void {}
}
