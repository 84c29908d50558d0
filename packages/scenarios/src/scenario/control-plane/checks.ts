/** What no single value of a document of a control plane shows: names, kinds and amounts that must go together. */
import type * as z from 'zod';
import { flagProblems } from '../../kubernetes/profiles/resolve.ts';
import { profileNamed } from '../../kubernetes/profiles/release.ts';
import { didYouMean } from '../nearest-name.ts';
import type { RequestSection } from './document.ts';
import { idleMemoryOf } from './operations.ts';
import type { ParsedControlPlane } from './schema.ts';

/** Adds what is wrong between the parts of a document. */
export function checkReferences(scenario: ParsedControlPlane, context: z.RefinementCtx): void {
  const problem: Problem = (path, message) => context.addIssue({ code: 'custom', path, message });
  for (const { component, flag: name, gate, message } of flagProblems(profileNamed(scenario.profile), scenario.flags)) {
    problem(['flags', component, name, ...(gate === undefined ? [] : [gate])], message);
  }
  const names = scenario.clients.map(({ name }) => name);
  const types = Object.keys(scenario.stored);
  scenario.clients.forEach((one, index) => {
    if (names.indexOf(one.name) < index) problem(['clients', index, 'name'], `"${one.name}" stands here twice`);
    const [resource, ...path] =
      'request' in one
        ? [one.request.resource, 'request', 'resource']
        : one.kind === 'watchers'
          ? [one.resource, 'resource']
          : ['leases', 'kind'];
    if ('request' in one) checkSelection(one.request, index, problem);
    if (types.includes(resource)) return;
    const known = types.length === 0 ? 'none is' : `stored are ${types.join(', ')}`;
    problem(['clients', index, ...path], `no "${resource}" are stored; ${known}${didYouMean(resource, types)}`);
  });
  checkLeaseFactors(scenario, problem);
  const phaseNames = scenario.phases.map(({ name }) => name);
  scenario.phases.forEach((one, index) => {
    if (phaseNames.indexOf(one.name) < index) problem(['phases', index, 'name'], `"${one.name}" stands here twice`);
    checkPhase(one, index, scenario, problem);
  });
  const isOneEach = scenario.apiServers.replicas === 1 && scenario.etcd.members === 1;
  if (scenario.sharedCores > 0 && !isOneEach) {
    problem(['sharedCores'], 'only one API server and one etcd member can share a machine');
  }
  checkProcesses(scenario, problem);
}

type Problem = (path: (string | number)[], message: string) => void;

/** A renewal of a lease is one operation, whichever client it comes from. */
function checkLeaseFactors({ clients }: ParsedControlPlane, problem: Problem): void {
  const first = clients.find((one) => one.kind === 'leases');
  clients.forEach((one, index) => {
    if (one.kind !== 'leases' || one.costFactor === first?.costFactor) return;
    problem(['clients', index, 'costFactor'], `expected that of "${first!.name}": all leases are renewed alike`);
  });
}

/** What only a LIST has is not left unread in other requests. */
function checkSelection(request: RequestSection, index: number, problem: Problem): void {
  const { verb, selector, matching, limit, pages = 'first' } = request;
  const path = (key: string): (string | number)[] => ['clients', index, 'request', key];
  if (verb !== 'list' && selector !== 'none') problem(path('selector'), `only a list has a selector, not a ${verb}`);
  if (verb !== 'list' && limit > 0) problem(path('limit'), `only a list has pages, not a ${verb}`);
  if (pages === 'all' && limit === 0) problem(path('pages'), 'expected a limit beside it, got none');
  if (selector === 'none' && matching < 1) problem(path('matching'), 'expected a selector beside it, got none');
}

/** What a process needs when idle leaves something of its machine. */
function checkProcesses(scenario: ParsedControlPlane, problem: Problem): void {
  const { sharedCores, apiServers, etcd } = scenario;
  const inBackground = apiServers.background + etcd.background;
  if (sharedCores > 0 && inBackground >= sharedCores) {
    const message = `expected more than the background of both processes, ${inBackground}, got ${sharedCores}`;
    problem(['sharedCores'], message);
  }
  const idle = idleMemoryOf(scenario);
  for (const [key, { background, baseline, cores: all, memory }] of Object.entries({ apiServers, etcd })) {
    if (background >= all) problem([key, 'background'], `expected less than its cores, ${all}, got ${background}`);
    const needed = Math.ceil(idle[key as keyof typeof idle]);
    if (baseline !== undefined && baseline >= memory) {
      problem([key, 'baseline'], `expected less than its memory, ${memory} bytes, got ${baseline}`);
    } else if (needed >= memory) {
      const message = `expected more than it needs when idle, ${needed} bytes with what is stored, got ${memory}`;
      problem([key, 'memory'], message);
    }
  }
}

function checkPhase(
  phaseOf: ParsedControlPlane['phases'][number],
  index: number,
  scenario: ParsedControlPlane,
  problem: Problem,
): void {
  const names = scenario.clients.map(({ name }) => name);
  for (const [name, amount] of Object.entries(phaseOf.load)) {
    const path = ['phases', index, 'load', name];
    const found = scenario.clients.find((one) => one.name === name);
    if (found === undefined) {
      problem(path, `no client is called "${name}"${didYouMean(name, names) || `; known: ${names.join(', ')}`}`);
    } else if (found.kind === 'watchers') {
      problem(path, 'watchers are there in every phase; their number is "count"');
    } else if ((found.kind === 'stream') !== (typeof amount === 'object')) {
      const wanted = found.kind === 'stream' ? 'a rate such as "12.6/s"' : 'a whole number such as 100';
      const got = typeof amount === 'object' ? 'a rate' : String(amount);
      problem(path, `expected ${wanted} for ${found.kind} "${name}", got ${got}`);
    } else if (found.kind === 'leases' && typeof amount === 'number' && amount > found.count) {
      problem(path, `expected at most the count of "${name}", ${found.count}, got ${amount}`);
    }
  }
  phaseOf.faults.forEach(({ at }, place) => {
    if (at >= phaseOf.lasts) problem(['phases', index, 'faults', place, 'at'], 'expected a time inside the phase');
  });
}
