/**
 * From a scenario to the parts that run: build.ts and the build-*.ts beside it are the only places where document fields
 * meet model options.
 */
import type { Simulation, Trace } from '@brownout/core';
import { Chronicle, noCause } from '../operations/chronicle.ts';
import { Operators } from '../operations/operators.ts';
import { Site } from '../operations/site.ts';
import { Users } from '../operations/users.ts';
import { startAlerting, startMonitoring } from './build-alerting.ts';
import { clusterOptions } from './build-cluster.ts';
import { operatorsOptions } from './build-operators.ts';
import { startRollout } from './build-rollout.ts';
import type { Scenario } from './document.ts';

/** Everything that runs. */
export interface World {
  readonly chronicle: Chronicle;
  readonly sites: readonly Site[];
  readonly users: Users;
  readonly operators: Operators;
  /** Note of the first user request that failed, `noCause` while there is none. */
  firstUserFailure(): number;
}

/** Builds the world of a scenario; the run's time zero is the start of its horizon. */
export function buildWorld(simulation: Simulation, trace: Trace, scenario: Scenario): World {
  const chronicle = new Chronicle(simulation, trace);
  const sites = scenario.clusters.map(
    (cluster) =>
      new Site(simulation, chronicle, clusterOptions(scenario, cluster), {
        isStaging: cluster.role === 'staging',
        traffic: cluster.traffic,
      }),
  );
  let firstUserFailure = noCause;
  const users = new Users(
    simulation,
    {
      headroom: scenario.users.headroom,
      products: scenario.users.products.map((product) => ({
        id: product.id,
        title: product.title,
        requestsPerSecond: product.requests,
        lookups: product.lookups,
      })),
    },
    sites,
    (site) => {
      if (firstUserFailure === noCause) {
        firstUserFailure = chronicle.note('users', 'first user requests fail', site.dnsNote, site.id);
      }
    },
  );
  const monitoring = startMonitoring(simulation, scenario, sites, users);
  const alerting = startAlerting(simulation, chronicle, scenario, monitoring);
  const operators = new Operators(simulation, chronicle, operatorsOptions(scenario), {
    sites,
    alerting,
    users,
    stopRollout: () => rollout?.stop() ?? false,
  });
  const rollout = startRollout(simulation, chronicle, scenario, monitoring);
  return { chronicle, sites, users, operators, firstUserFailure: () => firstUserFailure };
}
