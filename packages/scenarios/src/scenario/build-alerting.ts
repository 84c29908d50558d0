/** From the section on operators to monitoring and its alert rules. */
import { type Duration, plus, type Simulation, timeZero } from '@brownout/core';
import { Alerting, type AlertRule } from '../operations/alerting.ts';
import type { Chronicle } from '../operations/chronicle.ts';
import { Monitoring } from '../operations/monitoring/monitoring.ts';
import type { Site } from '../operations/site.ts';
import type { UserTraffic } from '../data-plane/user-traffic.ts';
import type { Scenario } from './document.ts';
import { settingsOf } from './kubernetes-settings.ts';

/** Starts the monitoring of a scenario. */
export function startMonitoring(
  simulation: Simulation,
  scenario: Scenario,
  sites: readonly Site[],
  users: UserTraffic,
): Monitoring {
  const { alert, monitoring } = scenario.operators;
  const { release } = settingsOf(scenario.kubernetes, scenario.clusters[0]!.apiServers.cores).profile;
  const { scrapeTimeout, staleness, sharesFate } = monitoring ?? {};
  const options = {
    scrapeInterval: alert.scrapeInterval,
    ...(scrapeTimeout === undefined ? {} : { scrapeTimeout }),
    ...(staleness === undefined ? {} : { staleness }),
    ...(sharesFate === undefined ? {} : { sharesFate }),
  };
  return new Monitoring(options, sites, { simulation, release, users });
}

/** Starts the alert rules of a scenario: the one that `alert` means, then those of `alerts`. */
export function startAlerting(
  simulation: Simulation,
  chronicle: Chronicle,
  scenario: Scenario,
  monitoring: Monitoring,
): Alerting {
  const { alert, alerts = [], monitoring: section, detection } = scenario.operators;
  const first: AlertRule = {
    name: 'API requests fail',
    metric: 'apiserver_request_error_ratio',
    above: alert.apiErrorShareAbove,
    for: alert.for,
  };
  const trigger = plus(timeZero, -scenario.horizon.start as Duration);
  const options = {
    rules: [first, ...alerts],
    evaluationInterval: section?.evaluationInterval,
    ...(detection === undefined
      ? {}
      : { detection: { name: detection.by, at: detection.at === null ? null : plus(trigger, detection.at) } }),
  };
  return new Alerting(simulation, chronicle, options, monitoring);
}
