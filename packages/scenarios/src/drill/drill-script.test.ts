import { describe, expect, it } from 'vitest';
import { DocumentError } from '../scenario/document-error.ts';
import { loadDocument } from '../scenario/load.ts';
import { readDrillScript } from './drill-script.ts';

const script = (data: object): ReturnType<typeof readDrillScript> => readDrillScript(data, 'play.yaml');

function problems(data: unknown): string {
  try {
    readDrillScript(data, 'play.yaml');
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
    [{ action: [] }, 'unknown key "action"; did you mean "actions"?'],
    [{ actions: [{ at: '1 min', line: 'help', line2: 'x' }] }, 'actions[0]: unknown key "line2"; did you mean "line"?'],
    [{ actions: [{ line: 'help' }] }, 'actions[0]: expected one of at, after, got none'],
    [
      { actions: [{ at: '1 min', after: '1 s', line: 'help' }] },
      'actions[0]: expected one of at, after, got at and after',
    ],
    [{ actions: [{ at: 90, line: 'help' }] }, 'actions[0].at: expected a duration with a unit such as "90 s", got 90'],
    [{ actions: [{ after: '-1 s', line: 'help' }] }, 'actions[0].after: expected a duration of at least 0 s, got -1 s'],
    [
      { actions: [{ at: '1 min' }] },
      'actions[0]: expected one of line, push, interrupt, acknowledge, note, message, hint, fault, got none',
    ],
    [{ actions: [{ at: '1 min', line: 'help', push: 'roll-back' }] }, 'got line and push'],
    [
      { actions: [{ at: '1 min', line: 'x'.repeat(501) }] },
      'actions[0].line: expected at most 500 characters, got "xxx',
    ],
    [{ actions: 'none' }, 'actions: expected a list, got "none"'],
    [{ trainees: ['ana'] }, 'trainees: expected keys and values, got [ana]'],
    [{ trainees: { ana: 'platform' } }, 'trainees.ana: expected a list, got "platform"'],
    [{ difficulty: 'hard' }, 'difficulty: expected "guided", "standard" or "expert", got "hard"'],
    ['text', 'expected keys and values, got "text"'],
    [null, 'expected keys and values, got null'],
  ])('say where they cannot be understood: %j', (data, message) => {
    expect(problems(data)).toContain(message);
    expect(problems(data)).toMatch(/^play\.yaml: /);
  });

  it('say so with line and column where they are text', async () => {
    const text = 'until: 2 h\nactions:\n  - { at: 1 min, lien: help }\n';
    const document = await loadDocument(text, 'play.yaml');
    expect(() => readDrillScript(document.data, document)).toThrow(
      'play.yaml:3:18 actions[0]: unknown key "lien"; did you mean "line"?',
    );
  });
});
