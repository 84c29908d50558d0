import { minutes, seconds, Simulation } from '@brownout/core';
import { describe, expect, it } from 'vitest';
import { advance, type ClusterBenchOptions } from '../../kubernetes/testing/bench.ts';
import { createChronicle, createMonitoring, createSite, PretendedSite } from '../testing/bench.ts';
import type { MonitoringOptions } from './monitoring.ts';

const dns: ClusterBenchOptions['registryDns'] = {
  instances: 1,
  names: 20,
  ttl: minutes(20),
  negativeTtl: seconds(5),
  lookupTimeout: seconds(2),
  patience: seconds(1),
  serveStale: seconds(0),
};

function setUp(options: Partial<MonitoringOptions>) {
  const simulation = new Simulation({ seed: 1 });
  const site = createSite(simulation, createChronicle(simulation), 'c0', { nodes: 10, registryDns: dns });
  const monitoring = createMonitoring(simulation, { scrapeInterval: seconds(30), ...options }, [site]);
  const up = monitoring.watch({ metric: 'nodes_not_ready' });
  const users = monitoring.watch({ metric: 'user_error_share' });
  const notReady = (): number => monitoring.value(up, 0);
  return { simulation, site, monitoring, notReady, users };
}

describe('monitoring', () => {
  it('that stands on its own sees a cluster whose API is cut off', () => {
    const { simulation, site, monitoring, notReady } = setUp({});
    site.cluster.blockAdminApi();
    advance(simulation, minutes(5));
    expect(notReady()).toBe(10);
    expect(monitoring.dashboardsWork(0)).toBe(true);
  });

  it('through the API goes dark with it, and sees again when it is back', () => {
    const { simulation, site, monitoring, notReady } = setUp({ sharesFate: 'api' });
    advance(simulation, minutes(1) + seconds(1));
    expect(notReady()).toBe(0);
    site.cluster.blockAdminApi();
    advance(simulation, minutes(1));
    expect(notReady()).toBeNaN();
    expect(monitoring.dashboardsWork(0)).toBe(false);
    site.cluster.unblockAdminApi();
    advance(simulation, minutes(2));
    expect(monitoring.dashboardsWork(0)).toBe(true);
    expect(notReady()).not.toBeNaN();
    site.cluster.controlPlane.checkBooks();
  });

  it('through the DNS goes dark with the names, minutes after the API', () => {
    const { simulation, site, monitoring } = setUp({ sharesFate: 'dns' });
    site.cluster.blockAdminApi();
    advance(simulation, seconds(31));
    expect(monitoring.dashboardsWork(0)).toBe(true);
    advance(simulation, minutes(25));
    expect(site.cluster.nameFailureShare(1)).toBe(1);
    expect(monitoring.dashboardsWork(0)).toBe(false);
  });

  it('keeps the last value for as long as staleness says', () => {
    const { simulation, site, notReady } = setUp({ sharesFate: 'api', staleness: minutes(2) });
    advance(simulation, minutes(1) + seconds(1));
    site.cluster.blockAdminApi();
    advance(simulation, minutes(1) + seconds(30));
    expect(notReady()).toBe(0);
    advance(simulation, minutes(1));
    expect(notReady()).toBeNaN();
  });

  it('what the edge measures is seen all the same', () => {
    const simulation = new Simulation({ seed: 1 });
    const site = createSite(simulation, createChronicle(simulation), 'c0', { nodes: 10 });
    const users = { products: [{ id: 'chat' }], requests: new Float64Array(1), failures: new Float64Array(1) };
    const monitoring = createMonitoring(simulation, { scrapeInterval: seconds(30), sharesFate: 'api' }, [site], users);
    const errors = monitoring.watch({ metric: 'user_error_share' });
    site.cluster.blockAdminApi();
    users.requests[0] = 10;
    users.failures[0] = 4;
    advance(simulation, seconds(45));
    expect(monitoring.dashboardsWork(0)).toBe(false);
    expect(monitoring.value(errors, 0)).toBe(0.4);
  });
});

describe('a window', () => {
  it('takes rates over that much time, or as much of it as there is', () => {
    const simulation = new Simulation({ seed: 1 });
    const site = new PretendedSite('c0');
    const monitoring = createMonitoring(simulation, { scrapeInterval: seconds(30) }, [site.asSite]);
    const metric = 'apiserver_request_error_ratio';
    const last = monitoring.watch({ metric });
    const long = monitoring.watch({ metric }, minutes(2));
    for (const ok of [100, 100, 100, 100, 0]) {
      site.add(100, ok);
      advance(simulation, seconds(30));
    }
    expect(monitoring.value(last, 0)).toBe(1);
    expect(monitoring.value(long, 0)).toBe(0.25);
    for (let i = 0; i < 4; i++) {
      site.add(100, 100);
      advance(simulation, seconds(30));
    }
    expect(monitoring.value(long, 0)).toBe(0);
  });

  it('and a metric asked for twice are one thing', () => {
    const simulation = new Simulation({ seed: 1 });
    const monitoring = createMonitoring(simulation, { scrapeInterval: seconds(30) }, [new PretendedSite('c0').asSite]);
    const metric = 'apiserver_request_error_ratio';
    expect(monitoring.watch({ metric })).toBe(monitoring.watch({ metric }));
    expect(monitoring.watch({ metric }, minutes(1))).not.toBe(monitoring.watch({ metric }));
  });
});
