/** What is wrong with the section on name resolution beyond the form of its values. */
import type { Scenario } from './document.ts';
import { needsCoreDnsDetails } from './build-dns.ts';

/** A problem and where it stands, below `dns`. */
export interface DnsProblem {
  readonly path: (string | number)[];
  readonly message: string;
}

/** All problems of the section. */
export function dnsProblems({ dns, kubernetes }: Scenario): readonly DnsProblem[] {
  const { registry, mechanisms, headlessShare = 0, lookups } = dns;
  const problems: DnsProblem[] = [];
  if (registry !== null && (registry.maxNegativeTtl ?? registry.negativeTtl) < registry.negativeTtl) {
    const message = 'expected at least negativeTtl, from which it doubles';
    problems.push({ path: ['registry', 'maxNegativeTtl'], message });
  }
  if (needsCoreDnsDetails(dns) && kubernetes.profile === undefined) {
    const message =
      'expected nothing but "registry", and of "mechanisms" only registryLookups, cacheExpiry and blockedWatches, in a document without kubernetes.profile: only the parts of a release have CoreDNS in detail';
    problems.push({ path: [], message });
  }
  if ((mechanisms?.addressChanges ?? 0) > 0 && headlessShare === 0) {
    const message = 'expected a headlessShare above 0 beside it: other names never change their address';
    problems.push({ path: ['mechanisms', 'addressChanges'], message });
  }
  if ((mechanisms?.sharedNode ?? null) !== null && lookups === undefined) {
    const message = 'expected dns.lookups beside it: without a load CoreDNS needs no CPU';
    problems.push({ path: ['mechanisms', 'sharedNode'], message });
  }
  return problems;
}
