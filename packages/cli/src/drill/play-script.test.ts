import { plainStyle, type DrillScript, type DrillSession, type DrillView } from '@brownout/scenarios';
import { expect, it } from 'vitest';
import { playScript } from './play-script.ts';

/** Something that a trainee is shown from the second `seen` on. */
interface Sign {
  readonly who: string;
  readonly t: number;
  readonly seen: number;
  readonly text: string;
  readonly isTyped?: boolean;
}

/** A session that shows what it is told to, to two trainees, and takes no line. */
function sessionOf(signs: readonly Sign[]): DrillSession {
  const session = {
    now: 0,
    endSeconds: 30,
    isOver: false,
    scenario: { clock: { zero: '2024-12-11T10:17:00Z' } },
    participants: [{ name: 'ann' }, { name: 'bob' }],
    start: () => true,
    advanceTo: (seconds: number) => ((session.now = seconds), true),
    do: () => ({ isAccepted: false, text: 'busy' }),
    view: (name: string): Partial<DrillView> => ({
      console: {
        lines: signs
          .filter(({ who, seen, isTyped }) => who === name && seen <= session.now && isTyped === true)
          .map(({ t, text }) => ({ t, kind: 'in', text })),
        running: null,
        context: null,
      },
      alerts: [],
      changes: [],
      chat: [],
      customers: signs
        .filter(({ who, seen, isTyped }) => who === name && seen <= session.now && isTyped !== true)
        .map(({ t, text }) => ({ t, product: 'API', text })),
      statusPage: [],
      hints: { given: [], left: null },
    }),
  };
  return session as unknown as DrillSession;
}

function told(signs: readonly Sign[], actions: DrillScript['actions']): string[] {
  let text = '';
  const write = (more: string): void => void (text += more);
  const script = { actions } as unknown as DrillScript;
  expect(playScript(sessionOf(signs), script, { style: plainStyle, width: 80, write })).toBe(true);
  return text.trimEnd().split('\n');
}

const typed = (by: string, at: number): DrillScript['actions'][number] => ({
  by,
  moment: { at },
  deed: { kind: 'line', line: 'kubectl get pods' },
});

it('what several trainees hear of comes in the order of its time', () => {
  const signs = [
    { who: 'ann', t: 10, seen: 10, text: 'second' },
    { who: 'bob', t: 9, seen: 10, text: 'first' },
    { who: 'ann', t: 11, seen: 15, text: 'third' },
  ];
  expect(told(signs, []).map((line) => line.split(' ').at(-1))).toEqual(['first', 'second', 'third']);
});

it('what is seen later than it was comes before what has happened in between', () => {
  const signs = [
    { who: 'ann', t: 12, seen: 12, text: 'at 12' },
    { who: 'bob', t: 11, seen: 15, text: 'at 11' },
  ];
  const lines = told(signs, [typed('ann', 12), typed('bob', 14), typed('ann', 20)]);
  expect(lines.map((line) => line.replace(/^.*API: /, ''))).toEqual([
    'at 11',
    'actions[0]: not taken: busy',
    'at 12',
    'actions[1]: not taken: busy',
    'actions[2]: not taken: busy',
  ]);
});

it('what somebody types comes before what others hear of it in the same instant', () => {
  const signs = [
    { who: 'ann', t: 10, seen: 10, text: 'bob declares an incident' },
    { who: 'bob', t: 10, seen: 10, text: 'declare', isTyped: true },
  ];
  expect(told(signs, [])).toEqual(['10:17:10  $ [bob] declare', '10:17:10  customer  API: bob declares an incident']);
});

it('nothing is kept back at the end, nor when a script cannot go on', () => {
  const signs = [{ who: 'ann', t: 29, seen: 29, text: 'at 29' }];
  expect(told(signs, [])).toHaveLength(1);
  let text = '';
  const options = { style: plainStyle, width: 80, write: (more: string): void => void (text += more) };
  const script = { actions: [typed('ann', 29), typed('eve', 29)] } as unknown as DrillScript;
  expect(() => playScript(sessionOf(signs), script, options)).toThrow('actions[1].by: expected ann, bob, got "eve"');
  expect(text).toContain('at 29');
});
