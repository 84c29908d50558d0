/** A registry-backed tier on a control plane that can be blocked, and what fails in it. */
import { type Duration, minutes, seconds, Simulation } from '@brownout/core';
import type { ClientGroup } from '../../client/client-group.ts';
import type { ControlPlane } from '../../control-plane.ts';
import { type BenchOptions, createBench } from '../../testing/bench.ts';
import { RegistryDns } from '../registry-dns.ts';
import type { RegistryDnsOptions } from '../registry-dns-options.ts';

/** Of its records, unless a test says otherwise. */
export const TTL: Duration = minutes(20);
/** Four instances with a hundred names each. */
export const RECORDS = 400;

/** What a test looks at. */
export interface RegistryBench {
  readonly simulation: Simulation;
  readonly controlPlane: ControlPlane;
  readonly dns: RegistryDns;
  readonly failed: readonly { readonly record: number; readonly at: number }[];
  readonly lookups: ClientGroup;
  readonly options: RegistryDnsOptions;
}

/** Sets it up, with what a test changes of the tier. */
export function setUpRegistry(
  changes: Partial<RegistryDnsOptions> = {},
  seed = 1,
  bench: BenchOptions = {},
): RegistryBench {
  const simulation = new Simulation({ seed });
  const { controlPlane } = createBench(simulation, { cores: 8, ...bench });
  const failed: { record: number; at: number }[] = [];
  const options: RegistryDnsOptions = {
    instances: 4,
    names: 100,
    ttl: TTL,
    negativeTtl: seconds(5),
    lookupTimeout: seconds(2),
    patience: seconds(1),
    serveStale: seconds(0),
    ...changes,
  };
  const dns = new RegistryDns(simulation, 'dns', options, controlPlane, (record) =>
    failed.push({ record, at: simulation.now }),
  );
  const lookups = controlPlane.groups.find((group) => group.name === 'registry-dns')!;
  return { simulation, controlPlane, dns, failed, lookups, options };
}
