/**
 * What a way of acting takes by itself, beside the people and beside the requests that it is made of. In a playbook that is
 * part of a step's `time`; somebody at a console brings their own time, and waits for this.
 */
import { type Duration, noTime, seconds } from '@brownout/core';
import type { ActionName, StepPath } from './playbook.ts';

/** All assumed: what consoles and pipelines take to accept and pass on a change. */
const pathTimes: Readonly<Record<StepPath, Duration>> = {
  api: noTime,
  inside: noTime,
  'break-glass': noTime,
  // A request to the cloud's own API, and its workflow starting.
  'cloud-api': seconds(30),
  // A rule in a firewall or proxy, until every place has it.
  network: seconds(20),
  // A session on a machine, or on a bastion that reaches all of them.
  node: seconds(15),
  tools: seconds(5),
};

/** Machines that have to be made first: a virtual machine boots and joins in about three minutes (assumed). */
const machineTime: Duration = seconds(180);
const needMachines: readonly ActionName[] = ['scale-api-servers-up', 'scale-api-servers-out'];

/** From the command to the beginning of its effect. */
export function pathTime(action: ActionName, path: StepPath): Duration {
  return (pathTimes[path] + (needMachines.includes(action) ? machineTime : 0)) as Duration;
}
