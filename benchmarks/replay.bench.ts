/**
 * The replay of 11 December 2024 at full size, six and a half hours with 7,500 nodes in the largest cluster: how fast it
 * runs and how much memory it takes, then once more with the sampling profiler. Prints one JSON line.
 */
import { incidents, runScenario } from '@brownout/scenarios';
import { profiled } from './profile.ts';

const isQuick = process.argv.includes('--quick');
const document = incidents.find(({ id }) => id === 'openai-2024-12-11')!.document();

function replay(): { simulatedSeconds: number; events: number } {
  const result = runScenario(document, { seed: 1, ...(isQuick ? { untilSeconds: 1_500 } : {}) });
  const { startSeconds, endSeconds } = result.horizon;
  return { simulatedSeconds: endSeconds - startSeconds, events: result.eventCount };
}

const start = process.hrtime.bigint();
const { simulatedSeconds, events } = replay();
const wallSeconds = Number(process.hrtime.bigint() - start) / 1e9;
const peakRssBytes = process.resourceUsage().maxRSS * 1024;
const profile = profiled(() => void replay());
process.stdout.write(`${JSON.stringify({ simulatedSeconds, wallSeconds, peakRssBytes, events, profile })}\n`);
