/** The exercise page without a browser: the time that is shown, tasks and workers, frames read, placed and explained. */
import { completeDocument, loadDocument, NodeBits, NodeLease, NodeNames, runScenario } from '@brownout/scenarios';
import type { ScenarioDocument } from '@brownout/scenarios';
import { describe, expect, it } from 'vitest';
import { Engine, type EngineWorker } from '../exercise/engine/engine.ts';
import { FrameBook } from '../exercise/engine/frame-book.ts';
import { frameSecondsOf, performRun } from '../exercise/engine/perform-run.ts';
import type { RunInfo, RunRequest, TaskNews, ToEngine } from '../exercise/engine/protocol.ts';
import { faultChoices } from '../exercise/drill/fault-choices.ts';
import { Player } from '../exercise/player.ts';
import { explainNodes, explainServer } from '../exercise/watch/explain.ts';
import { flowKinds, flowOf } from '../exercise/watch/flow-kinds.ts';
import { layoutOf } from '../exercise/watch/layout.ts';
import { partsOf } from '../exercise/watch/parts.ts';
import { countNodes, lookOf, readPicture } from '../exercise/watch/read-picture.ts';
import { name, text } from './two-clusters.ts';

const request: RunRequest = { source: { kind: 'text', name, text }, seed: '3', untilSeconds: 480 };

/** All that a run tells; given up after so many turns. */
async function performed(wanted: RunRequest, turnsLeft = Infinity): Promise<TaskNews[]> {
  const told: TaskNews[] = [];
  let left = turnsLeft;
  const turns = {
    get isAborted() {
      return left <= 0;
    },
    take: async () => {
      left--;
      await Promise.resolve();
    },
  };
  await performRun(wanted, turns, (news) => told.push(news));
  return told;
}

function bookOf(told: readonly TaskNews[]): { readonly info: RunInfo; readonly book: FrameBook } {
  const info = told.flatMap((news) => (news.kind === 'info' ? [news.info] : []))[0]!;
  const book = new FrameBook(info.layout, info.frameSeconds);
  for (const news of told) if (news.kind === 'frames') for (const frame of news.frames) book.add(frame);
  return { info, book };
}

describe('a run in the worker', () => {
  it('has the digest of the same run elsewhere, a frame every 10 s, and its numbers in them', async () => {
    const told = await performed(request);
    const document = completeDocument((await loadDocument(text, name)).data) as ScenarioDocument;
    const alone = runScenario(document, { seed: 3, untilSeconds: 480 });
    const result = told.flatMap((news) => (news.kind === 'result' ? [news.result] : []))[0];
    expect(result?.digest).toBe(alone.digest);
    const { info, book } = bookOf(told);
    expect(book.times).toEqual(Array.from({ length: 61 }, (_, index) => -120 + 10 * index));
    const notReady = alone.series.columns['nodesNotReady.large']?.at(-1);
    const picture = readPicture(book.get(book.indexAt(480)), info);
    expect(picture.clusters[1]?.counts.notReady).toBe(notReady);
    expect(picture.clusters.reduce((sum, { traffic }) => sum + traffic, 0)).toBeCloseTo(1, 5);
    expect(explainNodes(info, picture, 1).text).toContain('one of 200 nodes');
    expect(explainServer(info, picture, 1, 0).text).toMatch(/^It (is up|starts|is down)/);
  });

  it('is given up between two turns, and tells how far it came', async () => {
    const told = await performed(request, 1);
    const result = told.flatMap((news) => (news.kind === 'result' ? [news.result] : []))[0];
    expect(result?.horizon.endSeconds).toBeLessThan(480);
    expect(told.at(-1)?.kind).toBe('result');
  });

  it('never has more frames than a page can keep', () => {
    for (const hours of [0.1, 6, 10, 24, 72]) {
      const every = frameSecondsOf(hours * 3600);
      expect(every % 5).toBe(0);
      expect((hours * 3600) / every).toBeLessThanOrEqual(3600);
    }
  });
});

describe('the player', () => {
  const stretch = { start: -100, end: 1000, computed: 200 };

  it('plays as far as there are frames, then waits, and goes on', () => {
    const player = new Player();
    player.rewind(stretch, true);
    player.setSpeed(1000);
    for (let i = 0; i < 10; i++) player.tick(0.05);
    expect([player.time.value, player.playing.value.isWaiting]).toEqual([200, true]);
    player.cover({ ...stretch, computed: 1000 });
    for (let i = 0; i < 40; i++) player.tick(0.05);
    expect([player.time.value, player.playing.value.isPlaying]).toEqual([1000, false]);
    player.toggle();
    expect([player.time.value, player.playing.value.isPlaying]).toEqual([-100, true]);
  });

  it('can be put ahead of the frames, but not outside of the run; no beat is longer than a quarter of a second', () => {
    const player = new Player();
    player.rewind(stretch, false);
    player.seek(5000);
    expect([player.time.value, player.playing.value.isWaiting]).toEqual([1000, true]);
    player.seek(-5000);
    player.setSpeed(10);
    player.toggle();
    player.tick(60);
    expect(player.time.value).toBe(-97.5);
  });
});

describe('tasks', () => {
  class FakeWorker implements EngineWorker {
    onmessage: EngineWorker['onmessage'] = null;
    onerror: EngineWorker['onerror'] = null;
    readonly heard: ToEngine[] = [];
    postMessage(message: ToEngine): void {
      this.heard.push(message);
    }
    terminate(): void {}
    say(news: TaskNews, task: number): void {
      this.onmessage?.({ data: { task, ...news } } as Parameters<NonNullable<EngineWorker['onmessage']>>[0]);
    }
  }

  it('wait for a worker, urgent ones before the others, and are told only what is theirs', () => {
    const workers: FakeWorker[] = [];
    const engine = new Engine(() => {
      const worker = new FakeWorker();
      workers.push(worker);
      return worker;
    }, 1);
    const heard: string[] = [];
    const begin = (id: string, isUrgent = false) =>
      engine.begin({ kind: 'catalogue' }, ({ kind }) => heard.push(`${id} ${kind}`), isUrgent);
    begin('first');
    begin('second');
    const third = begin('third');
    begin('urgent', true);
    third.abort();
    const [worker] = workers;
    worker?.say({ kind: 'done' }, 99);
    worker?.say({ kind: 'done' }, 1);
    worker?.say({ kind: 'failed', problems: [] }, 4);
    worker?.say({ kind: 'done' }, 2);
    expect(workers).toHaveLength(1);
    expect(worker?.heard.map(({ task }) => task)).toEqual([1, 4, 2]);
    expect(heard).toEqual(['first done', 'urgent failed', 'second done']);
  });
});

describe('the picture', () => {
  it('counts a node in every state that holds, and draws the worst of them', () => {
    const byte = (lease: number, names: number, more = 0): number => lease | (names << NodeBits.namesShift) | more;
    const nodes = Uint8Array.of(
      byte(NodeLease.fresh, NodeNames.fresh, NodeBits.agent),
      byte(NodeLease.expired, NodeNames.failing),
      byte(NodeLease.late, NodeNames.stale),
      byte(NodeLease.expired, NodeNames.mostFailing),
      byte(NodeLease.gone, NodeNames.mostFailing),
    );
    expect([...nodes].map((one) => lookOf(one, 'worst'))).toEqual(['agent', 'notReady', 'late', 'mostFailing', 'gone']);
    expect([...nodes].map((one) => lookOf(one, 'names'))).toEqual(['plain', 'failing', 'stale', 'mostFailing', 'gone']);
    expect(countNodes(nodes)).toEqual({
      all: 5,
      withAgent: 1,
      late: 1,
      notReady: 2,
      staleNames: 1,
      failingNames: 2,
      gone: 1,
    });
  });

  it('knows what kind of client each group of a run is', async () => {
    const { info } = bookOf(await performed({ ...request, untilSeconds: -60 }));
    const kindsOf = (group: string): string => flowKinds[flowOf(group, info.agent)]?.title ?? '';
    expect(['kubelet-lease', info.agent, 'registry-dns', 'operator'].map(kindsOf)).toEqual([
      'kubelets',
      'agents',
      'names',
      'people',
    ]);
    const named = info.layout.clusters.flatMap(({ groups }) => groups);
    expect(named.filter((group) => kindsOf(group) === 'people')).not.toEqual([]);
  });

  it.each([1, 2, 5, 12])('has every part inside, and none over another, with %i clusters', (count) => {
    const cluster = (_: unknown, index: number) => ({ id: `c${index}`, nodes: 100 * (index + 1), apiServers: 3 });
    const info = { clusters: Array.from({ length: count }, cluster), products: [{}, {}] } as unknown as RunInfo;
    const [width, height] = [1248, 380];
    const boxes = partsOf(info, layoutOf(info, width, height, 0)).map(({ box }) => box);
    for (const { x, y, width: wide, height: high } of boxes) {
      expect([x >= 0, y >= 0, wide > 0, high > 0]).toEqual([true, true, true, true]);
      expect([x + wide <= width + 0.01, y + high <= height + 0.01]).toEqual([true, true]);
    }
    boxes.forEach((one, index) => {
      for (const other of boxes.slice(index + 1)) {
        const isApart =
          one.x + one.width <= other.x + 0.01 ||
          other.x + other.width <= one.x + 0.01 ||
          one.y + one.height <= other.y + 0.01 ||
          other.y + other.height <= one.y + 0.01;
        expect(isApart).toBe(true);
      }
    });
  });
});

it('a facilitator may break what answers for each webhook of the document, and no other', () => {
  const kinds = (webhooks: readonly string[]) => faultChoices(webhooks).map(({ fault }) => fault.kind);
  expect(kinds([])).not.toContain('webhook-down');
  const added = faultChoices(['policy', 'sidecar']).slice(kinds([]).length);
  expect(added.map(({ title, fault }) => [title, fault])).toEqual([
    ['Webhook policy does not answer', { kind: 'webhook-down', webhook: 'policy' }],
    ['Webhook policy refuses connections', { kind: 'webhook-down', webhook: 'policy', backend: 'refusing' }],
    ['Webhook sidecar does not answer', { kind: 'webhook-down', webhook: 'sidecar' }],
    ['Webhook sidecar refuses connections', { kind: 'webhook-down', webhook: 'sidecar', backend: 'refusing' }],
  ]);
  expect(new Set(added.map(({ id }) => id)).size).toBe(4);
});
