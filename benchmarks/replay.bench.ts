/**
 * The replay of 11 December 2024 at full size, six and a half hours with 7,500 nodes in the largest cluster: how fast it
 * runs and how much memory it takes, then once more with the sampling profiler. Prints one JSON line.
 */
import { Session } from 'node:inspector';
import { incidents, runScenario } from '@brownout/scenarios';

/** Self time of one function, as a share of all samples. */
interface Line {
  readonly share: number;
  readonly where: string;
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
}

const isQuick = process.argv.includes('--quick');
const document = incidents.find(({ id }) => id === 'openai-2024-12-11')!.document();

function replay(): { simulatedSeconds: number; events: number } {
  const result = runScenario(document, { seed: 1, ...(isQuick ? { untilSeconds: 1_500 } : {}) });
  const { startSeconds, endSeconds } = result.horizon;
  return { simulatedSeconds: endSeconds - startSeconds, events: result.eventCount };
}

function profiled(action: () => void): Line[] {
  const session = new Session();
  session.connect();
  let lines: Line[] = [];
  session.post('Profiler.enable');
  session.post('Profiler.start');
  action();
  session.post('Profiler.stop', (_error, { profile }) => {
    const names = new Map(profile.nodes.map((node) => [node.id, nameOf(node)]));
    const counts = new Map<string, number>();
    for (const id of profile.samples ?? []) {
      const name = names.get(id)!;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    const all = profile.samples?.length ?? 1;
    lines = [...counts].map(([where, count]) => ({ share: count / all, where }));
  });
  session.disconnect();
  return lines.sort((a, b) => b.share - a.share).slice(0, 15);
}

function nameOf({ callFrame }: ProfileNode): string {
  const file = callFrame.url.split('/packages/')[1] ?? '';
  return `${callFrame.functionName || '(handler)'} ${file.replace('/src/', '/')}`.trim();
}

const start = process.hrtime.bigint();
const { simulatedSeconds, events } = replay();
const wallSeconds = Number(process.hrtime.bigint() - start) / 1e9;
const peakRssBytes = process.resourceUsage().maxRSS * 1024;
const profile = profiled(replay);
process.stdout.write(`${JSON.stringify({ simulatedSeconds, wallSeconds, peakRssBytes, events, profile })}\n`);
