import { expect, it } from 'vitest';
import { smallScenario } from '../../test/small-scenario.ts';
import { completeDocument } from './complete.ts';
import { childOf } from './data-path.ts';
import { kubernetes2024, measuredCosts } from './defaults.ts';
import { documentHash } from './hash.ts';
import { parseScenario, scenarioJsonSchema } from './parse.ts';
import { assumed, sourcesOf } from './provenance.ts';

const { kubernetes: _kubernetes, costs: _costs, ...short } = smallScenario();

it('a document that leaves the shared numbers out means the defaults, and lists their sources', () => {
  const complete = completeDocument(short);
  expect(complete).toMatchObject({ kubernetes: kubernetes2024, costs: measuredCosts });
  expect(documentHash(complete)).toBe(documentHash(smallScenario()));
  expect(sourcesOf(complete)).toEqual(sourcesOf(smallScenario()));
  expect(() => parseScenario(complete, 'short')).not.toThrow();
});

it('what is stated wins over the default beside it, with or without a source', () => {
  const requestTimeout = assumed('30 s', 'a try');
  const complete = completeDocument({ ...short, kubernetes: { requestTimeout, controllerManager: { qps: 7 } } });
  const kubernetes = childOf(complete, 'kubernetes');
  expect(childOf(kubernetes, 'requestTimeout')).toEqual(requestTimeout);
  expect(childOf(kubernetes, 'controllerManager')).toEqual({ ...kubernetes2024.controllerManager, qps: 7 });
});

it('a misspelt key is not swallowed', () => {
  const complete = completeDocument({ ...short, kubernetes: { requestTimeOut: '30 s' } });
  expect(() => parseScenario(complete, 'x')).toThrow(
    'x: kubernetes: unknown key "requestTimeOut"; did you mean "requestTimeout"?',
  );
});

it.each([null, 'text', [1], 7])('leaves %j to the checks that follow', (data) => {
  expect(completeDocument(data)).toBe(data);
});

it('editors are told what must be there, what may be left out, and that a template fills in all of it', () => {
  const schema = scenarioJsonSchema();
  expect(schema).not.toHaveProperty('required');
  expect(schema.if).toEqual({ required: ['template'] });
  expect(schema.else?.required).toContain('clusters');
  expect(schema.else?.required).not.toContain('costs');
  expect(schema.else?.properties?.['clusters']?.items?.required).toContain('apiServers');
  expect(schema.properties?.['kubernetes']?.properties?.['controllerManager']).not.toHaveProperty('required');
  expect(schema.properties?.['clusters']?.items).not.toHaveProperty('required');
});
