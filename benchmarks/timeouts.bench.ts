/**
 * Closed clients whose requests race a timeout of 4.605 mean service times; the loser is cancelled, so 1 % time out.
 * Arguments: rounds, clients, simulated seconds, 1 to use a delay line for the timeouts. Counts requests.
 */
import { noEvent, Simulation, us, type EventHandle, type Instant } from '@brownout/core';
import { measured, numbers } from './measure.ts';
import { exponentials, increment } from './tables.ts';

const TIMEOUT = us(4_605_000);
const services = exponentials(1, 1_000_000);

function runRound(clients: number, horizon: Instant, usesLine: boolean): void {
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
  const request = usesLine
    ? (client: number): void => {
        serviceOf[client] = service.after(increment(services, cursor++), client);
        timeoutOf[client] = line.start(client);
      }
    : (client: number): void => {
        serviceOf[client] = service.after(increment(services, cursor++), client);
        timeoutOf[client] = plain.after(TIMEOUT, client);
      };
  measured(
    'main',
    () => {
      for (let client = 0; client < clients; client++) request(client);
      simulation.runUntil(horizon);
    },
    () => [served + timedOut, horizon, timedOut],
  );
}

const [rounds = 1, clients = 100, seconds = 1, usesLine = 1] = numbers();
for (let round = 0; round < rounds; round++) runRound(clients, (seconds * 1_000_000) as Instant, usesLine === 1);
