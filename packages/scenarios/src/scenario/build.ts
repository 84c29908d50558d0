/**
 * From a scenario to the parts that run: build.ts and the build-*.ts beside it are the only places where document fields
 * meet model options.
 */
import type { Simulation, Trace } from '@brownout/core';
import type { UserTraffic } from '../data-plane/user-traffic.ts';
import { Chronicle } from '../operations/chronicle.ts';
import { Site } from '../operations/site.ts';
import { startAlerting, startMonitoring } from './build-alerting.ts';
import { clusterOptions } from './build-cluster.ts';
import { injectFaults } from './build-faults.ts';
import { type People, startOperators } from './build-operators.ts';
import { startRollout } from './build-rollout.ts';
import { createUsers } from './build-users.ts';
import type { Scenario } from './document.ts';
import type { FailedRequest } from './why/cause-chain.ts';

/** Everything that runs. */
export interface World {
  readonly chronicle: Chronicle;
  readonly sites: readonly Site[];
  readonly users: UserTraffic;
  readonly operators: People;
  /** Note of the first user request that failed, `noCause` while there is none. */
  firstUserFailure(): number;
  /** The first that failed for a name, whatever had failed before it. */
  firstNameFailure(): FailedRequest | undefined;
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
  const { users, firstUserFailure, firstNameFailure } = injectFaults(simulation, chronicle, scenario, {
    sites,
    users: createUsers(simulation, chronicle, scenario, sites),
  });
  const monitoring = startMonitoring(simulation, scenario, sites, users);
  const alerting = startAlerting(simulation, chronicle, scenario, monitoring);
  const operators = startOperators(simulation, chronicle, scenario, {
    sites,
    alerting,
    users,
    stopRollout: () => rollout?.stop() ?? false,
  });
  const rollout = startRollout(simulation, chronicle, scenario, monitoring);
  return { chronicle, sites, users, operators, firstUserFailure, firstNameFailure };
}
