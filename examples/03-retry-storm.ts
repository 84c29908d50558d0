/**
 * A retry storm that outlives its cause. The load is 80 % of what the server can do, and for 80 seconds all is well.
 * Then the server is away for 10 seconds. Its clients time out after one second and try up to four times, so what the
 * server finds when it comes back is four times the load; it works on requests whose callers have gone, they time out,
 * they try again, and the outage goes on although its cause is over. A retry budget of 10 % ends it.
 *
 *   users ──> client ──────────────> station (1 server, 100/s, queue of 1,000)
 *   80/s      timeout 1 s     ^
 *             4 attempts      └─ away from 80 s to 90 s: attempts are lost
 *             full jitter 100 ms .. 1 s
 *             [budget: 0.1 retries per request, 20 in reserve]
 *
 * After Bronson et al., "Metastable Failures in Distributed Systems" (HotOS 2021), section "request retries".
 */
import {
  Arrivals,
  checkBalance,
  Client,
  createStation,
  fullJitter,
  ms,
  plus,
  RatioBudget,
  RequestTable,
  seconds,
  Simulation,
  timeZero,
  type Attempt,
  type Duration,
  type RetryBudget,
} from '@brownout/core';

const usersPerSecond = 80;
const serverPerSecond = 100;
const outageFrom = 80;
const outageUntil = 90;
const horizon = 400;
const window = 20;

function run(budget?: RetryBudget): Client {
  const simulation = new Simulation({ seed: 3 });
  const table = new RequestTable();
  const work = simulation.streams.get('server/work');
  let isAway = false;
  const server = createStation(simulation, {
    name: 'server',
    servers: 1,
    queueLimit: 1_000,
    onServed: (attempt) => table.answer(attempt as Attempt, true),
    onRejected: (attempt) => table.answer(attempt as Attempt, false),
  });
  const lost = simulation.event('lost', (attempt) => table.lose(attempt as Attempt));
  const submit = (attempt: Attempt): void => {
    const workTime = Math.round(work.exponential(1e6 / serverPerSecond)) as Duration;
    if (isAway) lost.after(ms(1), attempt);
    else server.arrive(attempt, workTime);
  };
  const client = new Client(simulation, {
    name: 'client',
    table,
    server: { submit },
    attemptTimeout: seconds(1),
    retry: fullJitter({ base: ms(100), cap: seconds(1), maxAttempts: 4 }),
    ...(budget === undefined ? {} : { budget }),
  });
  new Arrivals(simulation, { name: 'users', perSecond: usersPerSecond, onArrival: () => client.send() }).start();
  simulation.at(plus(timeZero, seconds(outageFrom)), () => (isAway = true));
  simulation.at(plus(timeZero, seconds(outageUntil)), () => (isAway = false));
  report(simulation, client);
  checkBalance(client);
  return client;
}

/** One line per window: what was asked, tried and served in it, and how much of the server's time was of use. */
function report(simulation: Simulation, client: Client): void {
  const { ledger } = client;
  console.log('   from   requests  attempts  served in time  finished in vain');
  for (let from = 0; from < horizon; from += window) {
    const before = [ledger.requests, ledger.attempts, ledger.goodput, ledger.servedInVain];
    simulation.runUntil(plus(timeZero, seconds(from + window)));
    const after = [ledger.requests, ledger.attempts, ledger.goodput, ledger.servedInVain];
    const [requests, attempts, served, inVain] = after.map((count, i) =>
      ((count - before[i]!) / window).toFixed(1).padStart(7),
    );
    const mark = from === outageFrom ? '  <- 10 s without the server' : '';
    console.log(
      `${String(from).padStart(5)} s  ${requests}/s ${attempts}/s       ${served}/s         ${inVain}/s${mark}`,
    );
  }
}

console.log('Retries without a budget:');
const storm = run();
console.log('\nThe same day, the same luck, with a retry budget of 10 %:');
const calm = run(new RatioBudget({ retriesPerRequest: 0.1, reserve: 20 }));

for (const [name, { ledger }] of [
  ['without budget', storm],
  ['with budget', calm],
] as const) {
  const share = ((100 * ledger.goodput) / ledger.requests).toFixed(1);
  console.log(`\n${name}: ${share} % of requests served, ${ledger.retryAmplification.toFixed(2)} attempts per request`);
}
