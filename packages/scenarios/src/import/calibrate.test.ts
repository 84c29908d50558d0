import { describe, expect, it } from 'vitest';
import { calibrate } from './calibrate.ts';
import { readExposition, type ScrapePart } from './exposition.ts';

/** Cumulative counts of two kinds of requests, CPU and the clock, as a page has them. */
interface Totals {
  readonly seconds: number;
  readonly cpu: number;
  readonly lists: number;
  readonly puts: number;
}

function page(name: string, { seconds, cpu, lists, puts }: Totals, start = 100): ScrapePart {
  const request = (verb: string, resource: string, count: number, each: number): string => {
    const labels = `group="",resource="${resource}",subresource="",verb="${verb}"`;
    const under = (bound: number): number => (each <= bound ? count : 0);
    return [
      ...[0.005, 0.025, 0.05].map(
        (bound) => `apiserver_request_duration_seconds_bucket{${labels},le="${bound}"} ${under(bound)}`,
      ),
      `apiserver_request_duration_seconds_bucket{${labels},le="+Inf"} ${count}`,
      `apiserver_request_duration_seconds_sum{${labels}} ${count * each}`,
      `apiserver_request_duration_seconds_count{${labels}} ${count}`,
    ].join('\n');
  };
  return readExposition(
    name,
    `# TYPE process_cpu_seconds_total counter
process_cpu_seconds_total ${cpu}
process_start_time_seconds ${start}
go_sched_gomaxprocs_threads 8
apiserver_flowcontrol_priority_level_request_utilization_count{phase="executing",priority_level="exempt"} ${seconds * 1e9}
${request('LIST', 'pods', lists, 0.02)}
${request('PUT', 'leases', puts, 0.002)}
`,
  );
}

/** Pages of a server whose LISTs take 15 ms of CPU, whose PUTs take 1.5 ms, and which uses 0.01 cores beside them. */
function pages(mix: readonly (readonly [lists: number, puts: number])[]): readonly ScrapePart[] {
  let total: Totals = { seconds: 60, cpu: 5, lists: 10, puts: 10 };
  const made = [page('page-0', total)];
  mix.forEach(([lists, puts], index) => {
    // Measurement noise of up to 1 %, the same in every run of the test.
    const noise = 1 + 0.01 * ((index % 3) - 1);
    const cpu = (0.015 * lists + 0.0015 * puts + 0.01 * 60) * noise;
    total = { seconds: total.seconds + 60, cpu: total.cpu + cpu, lists: total.lists + lists, puts: total.puts + puts };
    made.push(page(`page-${index + 1}`, total));
  });
  return made;
}

describe('calibration', () => {
  it('finds the CPU of kinds of requests from pages between which the mix changes, and the truth lies in the intervals', () => {
    const found = calibrate(
      pages([
        [300, 2000],
        [600, 1000],
        [100, 4000],
        [800, 500],
        [50, 3000],
        [400, 100],
        [700, 2500],
      ]),
    );
    const cpu = (verb: string) => found.requests.find((row) => row.verb === verb)!.cpuMilliseconds!;
    expect(cpu('LIST').low).toBeLessThan(15);
    expect(cpu('LIST').high).toBeGreaterThan(15);
    expect(cpu('PUT').low).toBeLessThan(1.5);
    expect(cpu('PUT').high).toBeGreaterThan(1.5);
    expect(cpu('LIST').high - cpu('LIST').low).toBeLessThan(3);
    expect(found.seconds).toBeCloseTo(420, 6);
  });

  it('does not guess what cannot be told apart', () => {
    const alike = calibrate(pages([300, 600, 100, 800, 50, 400].map((lists) => [lists, 3 * lists] as const)));
    expect(alike.requests.every(({ cpuMilliseconds }) => cpuMilliseconds === undefined)).toBe(true);
    expect(alike.requests.flatMap(({ why }) => why).join('\n')).toMatch(/collinear/);
    const two = calibrate(pages([[300, 2000]]));
    expect(two.requests[0]!.why.join()).toMatch(/1 stretch between pages for 3 unknowns; save at least 5 pages/);
  });

  it('gives durations with the widest interval that their buckets allow, or none', () => {
    const many = calibrate(pages([[400, 4000]]));
    const lists = many.requests.find(({ verb }) => verb === 'LIST')!.milliseconds!;
    // All between 5 and 25 ms with mean 20: the variance is at most (25 - 20) * (20 - 5) ms^2.
    expect(lists.value).toBeCloseTo(20, 6);
    expect(lists.high - lists.value).toBeCloseTo((1.959964 * Math.sqrt(75)) / Math.sqrt(400), 3);
    const few = calibrate(pages([[30, 12]]));
    const puts = few.requests.find(({ verb }) => verb === 'PUT')!;
    expect(puts.milliseconds).toBeUndefined();
    expect(puts.why.join()).toMatch(/12 requests in buckets this coarse leave 2 ms \+- 1.39 ms/);
    expect(
      calibrate(pages([[30, 4]]))
        .requests.find(({ verb }) => verb === 'PUT')!
        .why.join(),
    ).toMatch(/4 requests; 10 are needed/);
  });

  it('takes no durations from a busy server, and no two processes for one', () => {
    const before = page('a', { seconds: 10, cpu: 0, lists: 0, puts: 0 });
    const busy = calibrate([before, page('b', { seconds: 20, cpu: 60, lists: 900, puts: 900 })]);
    expect(busy.requests.every(({ milliseconds }) => milliseconds === undefined)).toBe(true);
    const other = page('c', { seconds: 20, cpu: 60, lists: 900, puts: 900 }, 222);
    expect(() => calibrate([before, other])).toThrow(/two processes, or one that restarted/);
    expect(() => calibrate([before])).toThrow(/expected two scrapes/);
  });
});
