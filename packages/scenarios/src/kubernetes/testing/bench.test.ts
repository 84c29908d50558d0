import { ms, Simulation, seconds } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { advance, Callers, createBench, createClusterBench, flatCosts } from './bench.ts';

describe('workbench', () => {
  it('a request costs what its flat costs say, and its answer is written down', () => {
    const simulation = new Simulation({ seed: 1 });
    const { controlPlane } = createBench(simulation, { costs: flatCosts({ get: { cpuMs: 5, etcdMs: 3 } }) });
    const callers = new Callers(simulation, controlPlane);
    callers.send();
    advance(simulation, seconds(1));
    expect(callers.replies).toEqual([{ client: 0, status: 'ok', at: ms(8), retryAfter: 0 }]);
    expect(callers.ok).toBe(1);
    expect(callers.count('ok')).toBe(1);
  });

  it('deaths and returns of API servers are written down', () => {
    const simulation = new Simulation({ seed: 1 });
    const { controlPlane, events } = createBench(simulation);
    controlPlane.servers[0]!.kill('liveness');
    advance(simulation, seconds(30));
    expect(events).toEqual([
      { at: 0, what: 'api-server 0 died: liveness' },
      { at: seconds(20) + ms(1), what: 'api-server 0 ready' },
    ]);
  });

  it('a cluster renews its leases', () => {
    const simulation = new Simulation({ seed: 1 });
    const { cluster } = createClusterBench(simulation, { nodes: 3 });
    advance(simulation, seconds(30));
    expect(cluster.kubelets.countNotReady()).toBe(0);
    cluster.controlPlane.checkBooks();
  });
});
