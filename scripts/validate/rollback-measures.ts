/** How roll-back through the API went, read from a result: how many tries it took, and how long. */
import type { BookRow, RunResult } from '@brownout/scenarios';
import type { Measures } from './row.ts';

/**
 * Over the clusters that were lost, or over all where none was: `rollbackTries`, `rollbackSuccessShare` (tries that
 * succeeded, of all) and `rollbackSeconds`, from the first try that failed until the last agent stopped, in the fastest of
 * them; `null` when none got there. A try is a few requests one after the other and ends with the first that fails.
 */
export function rollbackMeasures(result: RunResult): Measures {
  const all = Object.keys(result.kpis.byCluster);
  const lost = all.filter((id) => result.kpis.byCluster[id]!['clustersLost'] === 1);
  const tried = (lost.length > 0 ? lost : all).map((id) => rollbackOf(result, id)).filter(({ tries }) => tries > 0);
  const tries = tried.reduce((sum, one) => sum + one.tries, 0);
  const successes = tried.filter(({ hasSucceeded }) => hasSucceeded).length;
  const times = tried.map(({ seconds }) => seconds).filter((seconds) => seconds !== null);
  return {
    rollbackTries: tries,
    rollbackSuccessShare: tries === 0 ? null : successes / tries,
    rollbackSeconds: tries === 0 ? 0 : times.length === 0 ? null : Math.min(...times),
  };
}

interface Rollback {
  readonly tries: number;
  readonly hasSucceeded: boolean;
  readonly seconds: number | null;
}

function rollbackOf(result: RunResult, cluster: string): Rollback {
  const failed = result.conservation.filter(({ book }) => isThroughApi(book, cluster)).reduce(addFailures, 0);
  const gone = lastAgentGone(result, cluster);
  const hasSucceeded = gone !== null || result.timeline.some((entry) => entry.cluster === cluster && isDeletion(entry));
  const first = result.timeline.find((entry) => entry.cluster === cluster && entry.kind === 'lock-out')?.t;
  const begin = first ?? result.timeline.find((entry) => entry.cluster === cluster && isDeletion(entry))?.t ?? gone;
  return {
    tries: failed + (hasSucceeded ? 1 : 0),
    hasSucceeded,
    seconds: gone === null || begin === null ? null : Math.max(0, gone - begin),
  };
}

/** Books of people who go through the API: `operator`, or `operator-2` where several work on a cluster. */
function isThroughApi(book: string, cluster: string): boolean {
  return book.startsWith(`${cluster}/`) && /^operator(-\d+)?$/.test(book.slice(cluster.length + 1));
}

function addFailures(sum: number, { arrived, served, inside }: BookRow): number {
  return sum + arrived - served - inside;
}

function isDeletion({ kind, text }: { readonly kind: string; readonly text: string }): boolean {
  return kind === 'action' && text.endsWith(' deleted') && !text.startsWith('last pod');
}

/** Start of the first minute without agents after the minute with most of them; null when there is none. */
function lastAgentGone(result: RunResult, cluster: string): number | null {
  const running = result.series.columns[`agentsRunning.${cluster}`] ?? [];
  const most = Math.max(0, ...running);
  if (most === 0) return null;
  const index = running.findIndex((count, i) => count === 0 && i > running.indexOf(most));
  return index < 0 ? null : (result.series.t[index] ?? null);
}
