import { expect, it } from 'vitest';
import { documentHash } from '../scenario/hash.ts';
import { parseScenario } from '../scenario/parse.ts';
import { incidents } from './index.ts';

it('ids, titles and summaries are those of the documents, and ids are unique', () => {
  for (const incident of incidents) {
    const document = incident.document();
    expect([incident.id, incident.title, incident.summary]).toEqual([document.id, document.title, document.summary]);
  }
  expect(new Set(incidents.map(({ id }) => id)).size).toBe(incidents.length);
});

it.each(incidents.map((incident) => [incident.id, incident] as const))('%s is a valid document', (id, incident) => {
  const scenario = parseScenario(incident.document(), id);
  expect(scenario.horizon.start).toBeLessThan(0);
  expect(documentHash(incident.document())).toBe(documentHash(incident.document()));
});
