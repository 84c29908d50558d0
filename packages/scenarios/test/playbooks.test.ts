/**
 * Playbooks in whole runs of the small outage, with more nodes where operators are to be locked out for long.
 *
 * Argued before the run, for three ways out side by side and each on its own. Each takes load away by itself: a block all of
 * it from outside, 30 % fewer nodes half of it (what agents ask for grows with the square of the nodes), machines twice as
 * large leave half of it per core. What ends the lock-out is one try of the roll-back that gets through, and tries come once
 * a minute. So side by side they should be about as quick as the quickest of them alone, and not quicker by much: there is
 * nothing that one of them must wait for another to do. And where people are few, one after the other costs the time of all.
 */
import { describe, expect, it } from 'vitest';
import type { ScenarioDocument } from '../src/scenario/document.ts';
import type { RunResult } from '../src/scenario/result.ts';
import { runScenario } from '../src/scenario/run.ts';
import type { PlaybookDocument } from '../src/scenario/sections/playbook.ts';
import { smallScenario } from './small-scenario.ts';

type StepDocument = NonNullable<PlaybookDocument['steps']>[number];

function withPlaybook(playbook: PlaybookDocument | undefined, document = smallScenario()): ScenarioDocument {
  return playbook === undefined ? document : { ...document, operators: { ...document.operators, playbook } };
}

function entriesOf(result: RunResult): readonly { readonly t: number; readonly what: string }[] {
  const kinds = ['alert', 'operators', 'action', 'lock-out'];
  return result.timeline
    .filter(({ kind, cluster }) => kinds.includes(kind) && cluster !== 'small')
    .map(({ t, kind, cluster, text }) => ({ t, what: `${kind} ${cluster ?? ''} ${text}` }));
}

function deletedAt(result: RunResult): number {
  const entry = result.timeline.find(
    ({ cluster, text }) => cluster === 'large' && /^telemetry-agent deleted/.test(text),
  );
  return entry?.t ?? Infinity;
}

describe('an empty playbook', () => {
  it('does what the other keys say: the same things in the same order, at most a look later or earlier', () => {
    for (const [nodes, seed] of [
      [300, 1],
      [350, 1],
    ] as const) {
      const document = smallScenario({ nodes });
      const [plain, played] = [undefined, {}].map((playbook) =>
        entriesOf(runScenario(withPlaybook(playbook, document), { seed, untilSeconds: 2400 })),
      );
      expect(plain!.length).toBeGreaterThan(7);
      expect(played!.map(({ what }) => what)).toEqual(plain!.map(({ what }) => what));
      played!.forEach(({ t }, index) => expect(Math.abs(t - plain![index]!.t)).toBeLessThanOrEqual(60));
    }
  });

  it('is part of the digest twice alike', () => {
    const digest = (): string => runScenario(withPlaybook({}), { seed: 3, untilSeconds: 1200 }).digest;
    expect(digest()).toBe(digest());
  });
});

describe('lock-out', () => {
  const tries = (path: 'api' | 'break-glass'): PlaybookDocument => ({
    steps: [{ action: 'roll-back', path, crew: 0, retry: { pause: '1 min' } }],
  });

  it('comes from API servers that are drowned, and not where the break-glass server stands beside them', () => {
    const document = smallScenario({ nodes: 410 });
    const breakGlass = { cores: 1, memory: '8 GiB' };
    const withBreakGlass = { ...document, operators: { ...document.operators, breakGlass } };
    const drowned = runScenario(withPlaybook(tries('api'), document), { untilSeconds: 1800 });
    const saved = runScenario(withPlaybook(tries('break-glass'), withBreakGlass), { untilSeconds: 1800 });
    expect(drowned.kpis.byCluster['large']!['lockoutSeconds']).toBeGreaterThan(900);
    expect(saved.kpis.byCluster['large']!['lockoutSeconds']).toBe(0);
    expect(deletedAt(drowned)).toBe(Infinity);
    expect(deletedAt(saved)).toBeLessThan(700);
    // The first try of the small cluster, whose API servers have time, succeeds either way.
    for (const result of [drowned, saved]) expect(result.kpis.byCluster['small']!['lockoutSeconds']).toBe(0);
  });
});

describe('three ways out', () => {
  const after = { wait: '10 min', state: { alertFiring: true } };
  const work = { time: '10 min', crew: 1, when: after } as const;
  const rollBack: StepDocument = { action: 'roll-back', crew: 0 };
  const ways: Readonly<Record<string, readonly StepDocument[]>> = {
    block: [
      { action: 'block-admin-api', ...work },
      { id: 'inside', action: 'roll-back', path: 'inside', crew: 0, when: { succeeded: ['block-admin-api'] } },
      {
        action: 'unblock-admin-api',
        crew: 0,
        when: { succeeded: ['block-admin-api'], state: { agentsGone: true } },
      },
    ],
    up: [{ action: 'scale-api-servers-up', factor: 2, ...work }],
    down: [{ action: 'scale-cluster-down', share: '30 %', ...work }],
  };
  const run = (names: readonly string[], crew: number): number => {
    const document = smallScenario({ nodes: 410, end: '60 min' });
    const steps = [rollBack, ...names.flatMap((name) => ways[name]!)];
    const staffed = { ...document, operators: { ...document.operators, crew } };
    return deletedAt(runScenario(withPlaybook({ steps }, staffed), { seed: 1 }));
  };

  it('side by side are about as quick as the quickest alone, and each is quicker than none', () => {
    const alone = Object.keys(ways).map((name) => run([name], 3));
    const together = run(['block', 'up', 'down'], 3);
    const none = run([], 3);
    expect(together).toBeLessThanOrEqual(Math.max(...alone));
    expect(Math.abs(together - Math.min(...alone))).toBeLessThan(300);
    for (const each of alone) expect(each).toBeLessThan(none);
  });

  it('keep a single person busy one after the other, and the cluster waits for the one that helps', () => {
    // On its own, fewer nodes help only after some more crashes; larger machines come ten minutes after them.
    expect(run(['down', 'up'], 1)).toBeGreaterThan(run(['down', 'up'], 2));
  });

  it('help nobody while the crew is busy with a cluster that is well', () => {
    const everywhere = (steps: readonly StepDocument[]): readonly StepDocument[] =>
      steps.map((step) => (step.when === after ? { ...step, when: { wait: '10 min' } } : step));
    const [inTrouble, anywhere] = [ways['up']!, everywhere(ways['up']!)].map((steps) => {
      const document = smallScenario({ nodes: 410, end: '60 min' });
      return deletedAt(runScenario(withPlaybook({ steps: [rollBack, ...steps] }, document), { seed: 1 }));
    });
    expect(anywhere! - inTrouble!).toBeGreaterThan(500);
  });
});
