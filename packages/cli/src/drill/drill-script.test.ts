import { DocumentError } from '@brownout/scenarios';
import { describe, expect, it } from 'vitest';
import { scriptOf } from './drill-script.ts';

const script = (data: object): ReturnType<typeof scriptOf> => scriptOf(data, 'play.yaml');

function problems(data: unknown): string {
  try {
    scriptOf(data, 'play.yaml');
  } catch (error) {
    if (error instanceof DocumentError) return error.message;
    throw error;
  }
  throw new Error('was read');
}

describe('scripts of drills', () => {
  it('say who takes part, when, and who does what', () => {
    const { setup, actions } = script({
      trainees: { ana: ['platform'], bo: ['commander', 'networking'] },
      difficulty: 'expert',
      seed: 7,
      start: '-1 min',
      until: '2 h',
      hints: false,
      actions: [
        { at: '90 s', by: 'ana', line: 'kubectl get nodes' },
        { after: '5 s', by: 'ana', push: 'roll-back', cluster: 'large' },
        { at: '3 min', note: 'they look at the wrong cluster' },
        { at: '3 min', hint: true, to: 'bo' },
        { at: '3 min', by: 'bo', interrupt: true },
        { at: '3 min', by: 'bo', acknowledge: 'A1' },
      ],
    });
    expect(setup).toEqual({
      trainees: [
        { name: 'ana', roles: ['platform'] },
        { name: 'bo', roles: ['commander', 'networking'] },
      ],
      difficulty: 'expert',
      seed: '7',
      startSeconds: -60,
      endSeconds: 7200,
      hintsAllowed: false,
    });
    expect(actions.map(({ moment, by, deed }) => [moment, by, deed])).toEqual([
      [{ at: 90 }, 'ana', { kind: 'line', line: 'kubectl get nodes' }],
      [{ after: 5 }, 'ana', { kind: 'button', button: 'roll-back', cluster: 'large' }],
      [{ at: 180 }, undefined, { kind: 'note', text: 'they look at the wrong cluster' }],
      [{ at: 180 }, undefined, { kind: 'hint', to: 'bo' }],
      [{ at: 180 }, 'bo', { kind: 'interrupt' }],
      [{ at: 180 }, 'bo', { kind: 'acknowledge', alert: 'A1' }],
    ]);
  });

  it('may say nothing at all', () => {
    expect(script({})).toEqual({ setup: {}, actions: [] });
  });

  it.each([
    [{ action: [] }, 'play.yaml: action: expected trainees, difficulty'],
    [{ actions: [{ at: '1 min', line: 'help', line2: 'x' }] }, 'actions[0].line2: expected at, after, by'],
    [{ actions: [{ line: 'help' }] }, 'actions[0]: expected one of at and after, got neither'],
    [{ actions: [{ at: '1 min', after: '1 s', line: 'help' }] }, 'actions[0]: expected one of at and after, got both'],
    [
      { actions: [{ at: 90, line: 'help' }] },
      'actions[0].at: expected a time such as "22 min", got 90: a time has a unit',
    ],
    [{ actions: [{ after: '-1 s', line: 'help' }] }, 'actions[0].after: expected a time of 0 s or more'],
    [{ actions: [{ at: '1 min' }] }, 'actions[0]: expected one of line, push'],
    [{ actions: [{ at: '1 min', line: 'help', push: 'roll-back' }] }, 'got line and push'],
    [
      { actions: [{ at: '1 min', line: 'x'.repeat(501) }] },
      'actions[0].line: expected a text of at most 500 characters',
    ],
    [{ actions: 'none' }, 'actions: expected a list, got none'],
    [{ trainees: ['ana'] }, 'trainees: expected names with their roles'],
    [{ trainees: { ana: 'platform' } }, 'trainees.ana: expected a list of roles, got platform'],
    [{ difficulty: 'hard' }, 'difficulty: expected guided, standard, expert, got hard'],
    ['text', 'play.yaml: expected keys and values, got text'],
    [null, 'play.yaml: expected keys and values, got null'],
  ])('say where they cannot be understood: %j', (data, message) => {
    expect(problems(data)).toContain(message);
  });
});
