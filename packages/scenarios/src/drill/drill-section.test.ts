/** An own exercise from a document alone: roles, words, hints and false leads, and the same day as without them. */
import { describe, expect, it } from 'vitest';
import { LiveRun } from '../live/live-run.ts';
import { parseScenario } from '../scenario/parse.ts';
import { DrillSession } from './drill-session.ts';
import { smallDocument, smallDrill } from './testing/small-drill.ts';

const drill = {
  briefing: 'You look after two clusters.',
  start: '1 min',
  roles: [{ id: 'sre', title: 'SRE', task: 'Everything.', abilities: ['kubectl-read', 'pipeline'], boards: ['users'] }],
  hints: [{ phase: 'notice', text: 'Wait.' }],
  leads: [
    { at: '-1 min', kind: 'change', text: 'printer firmware updated' },
    { at: '90 s', kind: 'chat', text: 'is it the printer?' },
  ],
} as const;

describe('a document with a section drill', () => {
  const document = smallDocument({ drill });
  const session = new DrillSession(
    smallDrill({ document, trainees: [{ name: 'sam', roles: ['sre'] }], spareApiServers: 0 }),
  );
  session.start();

  it('says where it begins, who there is and what they are told', () => {
    expect([session.startSeconds, session.now]).toEqual([60, 60]);
    const view = session.view('sam');
    expect(view.briefing).toMatchObject({ text: 'You look after two clusters.', tasks: ['SRE: Everything.'] });
    expect(view.boards.map(({ id }) => id)).toEqual(['users']);
    expect(session.enter('sam', 'hint').text).toBe('Wait.');
  });

  it('has its own false leads where people would look', () => {
    session.advanceTo(200);
    const view = session.view('sam');
    expect(view.changes.map(({ text }) => text)).toEqual([
      'telemetry-agent rolled out, 25 nodes',
      'printer firmware updated',
    ]);
    expect(view.chat.map(({ text }) => text)).toContain('is it the printer?');
  });

  it('is the same day as without it', () => {
    const plain = new LiveRun(smallDocument(), { crew: 'none' });
    plain.advanceTo(200);
    expect(session.digest()).toBe(plain.run.digest());
  });

  it('is refused where it makes no sense', () => {
    const wrong = (one: object): string => {
      try {
        parseScenario({ ...smallDocument(), drill: one }, 'x');
        return 'accepted';
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    };
    expect(wrong({ roles: [drill.roles[0], drill.roles[0]] })).toContain(
      'x: drill.roles[1].id: role "sre" stands here twice',
    );
    expect(wrong({ hints: [{ phase: 'panic', text: 'x' }] })).toContain('drill.hints[0].phase');
    expect(wrong({ breifing: 'x' })).toContain('drill: unknown key "breifing"; did you mean "briefing"?');
    expect(wrong({ briefing: 'x'.repeat(5000) })).toContain('drill.briefing');
  });
});
