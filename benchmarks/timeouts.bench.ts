/**
 * Closed clients whose requests race a timeout of 4.605 mean service times; the loser is cancelled, so 1 % time out.
 * Arguments: rounds, clients, simulated seconds a round, 1 to use a delay line for the timeouts. Counts requests.
 */
import { noEvent, Simulation, us, type EventHandle } from '@brownout/core';
import { measureRounds, numbers } from './measure.ts';
import { exponentials, increment } from './tables.ts';

const TIMEOUT = us(4_605_000);
const services = exponentials(1, 1_000_000);

const [rounds = 1, clients = 100, span = 1, usesLine = 1] = numbers();
const simulation = new Simulation();
const serviceOf = new Float64Array(clients).fill(noEvent);
const timeoutOf = new Float64Array(clients).fill(noEvent);
let cursor = 0;
let served = 0;
let timedOut = 0;
const onTimeout = (client: number): void => {
  simulation.cancel(serviceOf[client] as EventHandle);
  timedOut++;
  request(client);
};
const service = simulation.event('service', (client) => {
  simulation.cancel(timeoutOf[client] as EventHandle);
  served++;
  request(client);
});
const plain = simulation.event('timeout', onTimeout);
const line = simulation.timeout('timeout', TIMEOUT, onTimeout);
const request =
  usesLine === 1
    ? (client: number): void => {
        serviceOf[client] = service.after(increment(services, cursor++), client);
        timeoutOf[client] = line.start(client);
      }
    : (client: number): void => {
        serviceOf[client] = service.after(increment(services, cursor++), client);
        timeoutOf[client] = plain.after(TIMEOUT, client);
      };

for (let client = 0; client < clients; client++) request(client);
measureRounds(
  simulation,
  rounds,
  span * 1_000_000,
  () => served + timedOut,
  () => timedOut,
);
