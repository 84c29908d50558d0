/** E12 by the model of CoreDNS. */
import { seconds, Simulation } from '@brownout/core';
import { Answer } from '../../src/kubernetes/dns/core-dns-answers.ts';
import { createDnsBench, outage } from '../../src/kubernetes/dns/testing/dns-bench.ts';
import { advance } from '../../src/kubernetes/testing/bench.ts';
import type { Spread } from '../../src/scenario/control-plane/result.ts';
import { spreadOf } from '../../src/scenario/control-plane/run.ts';

const REPLICAS = 300;

/** Share of queries answered during an outage, silence after a start in one, and recovery of many replicas after it. */
export function coreDnsRecovery(): {
  readonly answeredShare: number;
  readonly silentSeconds: number;
  readonly recovery: Spread;
} {
  return { answeredShare: answeredDuringOutage(), silentSeconds: silenceAfterStart(), recovery: recoveryAfter(150) };
}

function answeredDuringOutage(): number {
  const simulation = new Simulation({ seed: 1 });
  const { controlPlane, dns, answers } = createDnsBench(simulation, {}, { names: 10 });
  let asked = 0;
  while (simulation.now < seconds(150)) {
    for (const server of controlPlane.servers) server.kill('liveness');
    for (let name = 0; name < 10; name++) dns.ask(asked++, name);
    advance(simulation, seconds(3));
  }
  return [...answers.values()].filter((answer) => answer === 0).length / asked;
}

function silenceAfterStart(): number {
  const simulation = new Simulation({ seed: 1 });
  const { controlPlane, dns } = createDnsBench(simulation, {}, { names: 10 });
  let silentUntil = 0;
  outage(simulation, controlPlane, seconds(30), () => {
    const start = simulation.now;
    dns.restart(0);
    while (dns.processes[0]!.answer(0) === Answer.silence) {
      advance(simulation, 10_000);
      silentUntil = (simulation.now - start) / seconds(1);
    }
  });
  return silentUntil;
}

function recoveryAfter(length: number): Spread {
  const simulation = new Simulation({ seed: 5 });
  const { controlPlane, dns, events } = createDnsBench(simulation, { replicas: REPLICAS }, { names: 10, cores: 8 });
  const back = outage(simulation, controlPlane, seconds(length), () => {
    for (let replica = 0; replica < REPLICAS; replica++) dns.restart(replica);
  });
  advance(simulation, seconds(70));
  return spreadOf(events.filter(({ what }) => what === 'ready').map(({ at }) => at - back / seconds(1)))!;
}
