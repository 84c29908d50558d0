/** What people do in a branch, without a browser: what a document offers, times as they are typed, and the log in order. */
import {
  checkInput,
  completeDocument,
  incidents,
  loadDocument,
  parseScenario,
  type Scenario,
} from '@brownout/scenarios';
import { describe, expect, it } from 'vitest';
import { actionChoices } from '../exercise/what-if/action-choices.ts';
import { actionText, inputsOf, momentFrom } from '../exercise/what-if/action-input.ts';
import { noChanges, withAction, withoutAction } from '../exercise/what-if/changes.ts';
import { name, text } from './two-clusters.ts';

const small: Scenario = parseScenario(completeDocument((await loadDocument(text, name)).data), name);
const span = { startSeconds: -1800, endSeconds: 10 * 3600, zeroOfDay: 15 * 3600 + 12 * 60 };

describe('actions of a branch', () => {
  it('are those that the document has a place for, each of which a run takes as it is offered', () => {
    const scenarios = [small, ...incidents.map(({ id, document }) => parseScenario(document(), id))];
    for (const scenario of scenarios) {
      const clusters = scenario.clusters.map(({ id }) => id);
      for (const choice of actionChoices(scenario)) {
        for (const path of choice.paths) {
          const inputs = inputsOf(choice, path, choice.isGlobal ? [] : clusters, {});
          expect(inputs).toHaveLength(choice.isGlobal ? 1 : clusters.length);
          for (const input of inputs) expect(checkInput(scenario, input, 60)).toMatchObject({ kind: 'act', path });
        }
      }
    }
    const offered = actionChoices(small).map(({ action }) => action);
    expect(offered).toContain('block-admin-api');
    // Its instances download nothing when they start.
    expect(offered).not.toContain('warm-caches');
    expect(actionChoices(small).find(({ action }) => action === 'roll-back')?.paths).not.toContain('break-glass');
  });

  it('stand at a time of day, or so long after the trigger', () => {
    expect(momentFrom('15:40', span)).toBe(28 * 60);
    expect(momentFrom(' 15:12:30 ', span)).toBe(30);
    expect(momentFrom('14:50', span)).toBe(-22 * 60);
    // Past midnight it is the next day.
    expect(momentFrom('0:12', span)).toBe(9 * 3600);
    expect(momentFrom('+25 min', span)).toBe(1500);
    expect(momentFrom('-10min', span)).toBe(-600);
    for (const wrong of ['', '14:00', '25:00', '15:60', 'soon', '+9999 min', '15:40:99'])
      expect(momentFrom(wrong, span)).toBeUndefined();
  });

  it('are kept in the order of time, numbered as a log wants it', () => {
    const block = actionChoices(small).find(({ action }) => action === 'block-admin-api')!;
    const [input] = inputsOf(block, 'network', ['large'], { letThrough: 'system' });
    const note = { kind: 'note', text: 'first', by: 'x' } as const;
    const three = withAction(withAction(withAction(noChanges, 100, input!), 50, note), 100, note);
    expect(three.actions.map(({ id, t, input: { kind } }) => [id, t, kind])).toEqual([
      [0, 50, 'note'],
      [1, 100, 'act'],
      [2, 100, 'note'],
    ]);
    expect(withoutAction(three, 0).actions.map(({ id, t }) => [id, t])).toEqual([
      [0, 100],
      [1, 100],
    ]);
    expect(actionText(three.actions[1]!, span.zeroOfDay, [block])).toBe(
      '15:13:40 large: Block the admin API (who passes the block: system)',
    );
  });
});
