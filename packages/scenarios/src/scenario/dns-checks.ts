/** What is wrong with the section on name resolution beyond the form of its values. */
import { seconds } from '@brownout/core';
import { longestNegativeTtl } from '../kubernetes/dns/registry-dns-options.ts';
import { needsCoreDnsDetails } from './build-dns.ts';
import type { Scenario } from './document.ts';
import type { RegistrySection } from './sections/dns.ts';

/** A problem and where it stands, below `dns`. */
export interface DnsProblem {
  readonly path: (string | number)[];
  readonly message: string;
}

/** All problems of the section. */
export function dnsProblems({ dns, kubernetes }: Scenario): readonly DnsProblem[] {
  const { registry, mechanisms, headlessShare = 0, lookups } = dns;
  const problems: DnsProblem[] = [];
  const negativeTtlProblem = registry === null ? undefined : problemOfNegativeTtls(registry);
  if (negativeTtlProblem !== undefined) {
    problems.push({ path: ['registry', 'maxNegativeTtl'], message: negativeTtlProblem });
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

function problemOfNegativeTtls({ negativeTtl, maxNegativeTtl = negativeTtl }: RegistrySection): string | undefined {
  const [first, longest, most] = [negativeTtl, maxNegativeTtl, longestNegativeTtl].map(
    (each) => `${each / seconds(1)} s`,
  );
  if (maxNegativeTtl < negativeTtl) {
    return `expected at least negativeTtl (${first}), from which it doubles, got ${longest}; set both to keep one time for all failures`;
  }
  if (maxNegativeTtl > negativeTtl && maxNegativeTtl > longestNegativeTtl) {
    return `expected at most ${most}, for which a resolver may remember a failure (RFC 9520, 3.2), got ${longest}`;
  }
  return undefined;
}
