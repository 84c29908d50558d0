/** Every mitigation in the list: what it says about itself, and that it does something to some incident. */
import { describe, expect, it } from 'vitest';
import { incidents } from '../incidents/index.ts';
import { applyMitigations, parseMitigationList } from '../scenario/mitigation.ts';
import { parseScenario } from '../scenario/parse.ts';
import { mitigations } from './index.ts';

it('ids are unique', () => {
  const ids = mitigations.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

describe.each(mitigations.map((mitigation) => [mitigation.id, mitigation] as const))('%s', (id, mitigation) => {
  it('says what it does, costs and leaves out in sentences, and describes its parameters', () => {
    for (const text of [mitigation.what, mitigation.costs, mitigation.leavesOut])
      expect(text).toMatch(/^[A-Z].{20,}\.$/s);
    for (const { description } of Object.values(mitigation.parameters)) expect(description).toMatch(/^[^.]{3,}$/);
  });

  it('leaves every incident valid, and the document it was given alone', () => {
    for (const incident of incidents) {
      const before = JSON.stringify(incident.document());
      const { document } = applyMitigations(incident.document(), parseMitigationList(id, mitigations));
      expect(JSON.stringify(incident.document())).toBe(before);
      expect(() => parseScenario(document, `${incident.id} with ${id}`)).not.toThrow();
    }
  });
});

it('all of them together, in the order of the list, still give a valid document', () => {
  const list = mitigations.map(({ id }) => id).join('+');
  for (const incident of incidents) {
    const { document } = applyMitigations(incident.document(), parseMitigationList(list, mitigations));
    expect(() => parseScenario(document, incident.id)).not.toThrow();
  }
});
