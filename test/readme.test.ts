/** The README shows real output: what a test can rerun is compared, and the mitigations it names must be ones the tool takes, and steps of the playbook stand where it says. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { applyMitigations, incidents, mitigations, parseMitigationList } from '@brownout/scenarios';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

test("the planner's table is the output of its example", () => {
  const output = readFileSync(new URL('../examples/05-how-many-nodes.out', import.meta.url), 'utf8');
  expect(readme).toContain(`\`\`\`text\n${output.trimEnd()}\n\`\`\``);
});

test('every mitigation the README names exists and changes the incident', () => {
  const lists = [...readme.matchAll(/--mitigate ([\w+:=-]+)/g)].map((match) => match[1]!);
  expect(lists.length).toBeGreaterThan(1);
  for (const list of lists) {
    const { applied } = applyMitigations(
      incidents.find(({ id }) => id === 'openai-2024-12-11')!.document(),
      parseMitigationList(list, mitigations),
    );
    for (const { difference } of applied) expect(difference.length).toBeGreaterThan(0);
  }
});

test('the step that the README sets is the one that it names', () => {
  const { playbook } = incidents.find(({ id }) => id === 'openai-2024-12-11')!.document().operators;
  const [, place = '', name = ''] = /steps\[(\d+)\]\.time\.p90=[^#]*# the step (\S+)/.exec(readme) ?? [];
  expect(playbook?.steps?.[Number(place)]?.action).toBe(name);
});
