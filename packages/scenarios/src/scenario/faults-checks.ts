/** What is wrong with the section on faults beyond the form of its values. */
import type { Scenario } from './document.ts';
import { didYouMean } from './nearest-name.ts';

/** A problem and where it stands, below `faults`. */
export interface FaultProblem {
  readonly path: (string | number)[];
  readonly message: string;
}

/** All problems of the section. */
export function faultProblems({ faults = [], clusters, users, kubernetes }: Scenario): readonly FaultProblem[] {
  const problems: FaultProblem[] = [];
  const known = (
    path: (string | number)[],
    what: string,
    names: readonly string[] | undefined,
    ids: string[],
  ): void => {
    names?.forEach((name, place) => {
      if (ids.includes(name)) return;
      const message = `expected the id of a ${what} (${ids.join(', ')}), got "${name}"${didYouMean(name, ids)}`;
      problems.push({ path: [...path, place], message });
    });
  };
  faults.forEach((fault, index) => {
    const { at, until } = fault;
    if (until !== undefined && until <= at)
      problems.push({ path: [index, 'until'], message: 'expected a time after "at"' });
    known(
      [index, 'clusters'],
      'cluster',
      fault.clusters,
      clusters.map(({ id }) => id),
    );
    if ('products' in fault)
      known(
        [index, 'products'],
        'product',
        fault.products,
        users.products.map(({ id }) => id),
      );
    if (fault.kind === 'webhook-down') {
      const names = (kubernetes.webhooks ?? []).map(({ name }) => name);
      if (!names.includes(fault.webhook)) {
        const expected =
          names.length === 0 ? 'one of kubernetes.webhooks, and there are none' : `one of ${names.join(', ')}`;
        const message = `expected ${expected}, got "${fault.webhook}"${didYouMean(fault.webhook, names)}`;
        problems.push({ path: [index, 'webhook'], message });
      }
    }
    if (fault.kind === 'etcd-slow-disk' && kubernetes.profile === undefined) {
      const message = 'expected a document with kubernetes.profile: only the parts of a release have disks';
      problems.push({ path: [index, 'kind'], message });
    }
  });
  return problems;
}
