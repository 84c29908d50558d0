/**
 * From a scenario to the parts that run: build.ts and the build-*.ts beside it are the only places where document fields
 * meet model options.
 */
import type { Simulation, Trace } from '@brownout/core';
import type { UserTraffic } from '../data-plane/user-traffic.ts';
import type { Alerting } from '../operations/alerting.ts';
import { Chronicle } from '../operations/chronicle.ts';
import type { Monitoring } from '../operations/monitoring/monitoring.ts';
import { Site } from '../operations/site.ts';
import { startAlerting, startMonitoring } from './build-alerting.ts';
import { clusterOptions } from './build-cluster.ts';
import { injectFaults } from './build-faults.ts';
import { startJoins } from './build-joins.ts';
import { nobody, type People, startOperators } from './build-operators.ts';
import { startRollout } from './build-rollout.ts';
import { createUsers } from './build-users.ts';
import { reducedScenario } from './reduction.ts';
import type { Scenario } from './document.ts';
import type { TimedFaultSection } from './sections/faults.ts';
import type { FailedRequest } from './why/cause-chain.ts';

/** Everything that runs. */
export interface World {
  readonly chronicle: Chronicle;
  readonly sites: readonly Site[];
  readonly users: UserTraffic;
  readonly operators: People;
  readonly monitoring: Monitoring;
  readonly alerting: Alerting;
  /** Stops a rollout that is still going on; false when there is none. */
  stopRollout(): boolean;
  /** Lets one more fault happen; needs `takesFaults`, or a document with faults. */
  inject(fault: TimedFaultSection): void;
  /** Note of the first user request that failed, `noCause` while there is none. */
  firstUserFailure(): number;
  /** The first that failed for a name, whatever had failed before it. */
  firstNameFailure(): FailedRequest | undefined;
}

/** How a world differs from what its document says: for runs that somebody takes part in. */
export interface WorldOptions {
  /** `none`: nobody of the document's operators works; monitoring and alert rules do. Default simulated. */
  readonly crew?: 'simulated' | 'none';
  /** Faults may be injected while it runs; nothing changes as long as none is. Default false. */
  readonly takesFaults?: boolean;
  /** Requests that people send to look at things can be sent; nothing changes as long as none is. Default false. */
  readonly takesReads?: boolean;
  /**
   * Machines for so many more API servers in each cluster, beside those that the playbook may add. They are probed even
   * while they are off, so a run with them is not digest for digest the one without. Default 0.
   */
  readonly spareApiServers?: number;
}

/** Builds the world of a scenario; the run's time zero is the start of its horizon. */
export function buildWorld(simulation: Simulation, trace: Trace, whole: Scenario, options: WorldOptions = {}): World {
  const scenario = reducedScenario(whole);
  const chronicle = new Chronicle(simulation, trace);
  const sites = scenario.clusters.map(
    (cluster) =>
      new Site(simulation, chronicle, clusterOptions(scenario, cluster, options), {
        isStaging: cluster.role === 'staging',
        traffic: cluster.traffic,
      }),
  );
  const { users, firstUserFailure, firstNameFailure, inject } = injectFaults(simulation, chronicle, scenario, {
    sites,
    users: createUsers(simulation, chronicle, scenario, sites),
    takesFaults: options.takesFaults ?? false,
  });
  startJoins(simulation, chronicle, scenario, sites);
  const monitoring = startMonitoring(simulation, scenario, sites, users);
  const alerting = startAlerting(simulation, chronicle, scenario, monitoring);
  const stopRollout = (): boolean => rollout?.stop() ?? false;
  const operators =
    options.crew === 'none'
      ? nobody(sites)
      : startOperators(simulation, chronicle, scenario, { sites, alerting, users, stopRollout });
  const rollout = startRollout(simulation, chronicle, scenario, monitoring);
  const failures = { firstUserFailure, firstNameFailure };
  return { chronicle, sites, users, operators, monitoring, alerting, stopRollout, inject, ...failures };
}
