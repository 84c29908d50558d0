/** The sampling profiler of this process: where an action spends its time. */
import { Session } from 'node:inspector';

/** Self time of one function, as a share of all samples. */
export interface ProfileLine {
  readonly share: number;
  readonly where: string;
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
}

/** Runs `action` and returns the functions that took most of its time, at most `limit` of them. */
export function profiled(action: () => void, limit = 15): ProfileLine[] {
  const session = new Session();
  session.connect();
  let lines: ProfileLine[] = [];
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
  return lines.sort((a, b) => b.share - a.share).slice(0, limit);
}

function nameOf({ callFrame }: ProfileNode): string {
  const file = callFrame.url.split('/packages/')[1] ?? '';
  return `${callFrame.functionName || '(handler)'} ${file.replace('/src/', '/')}`.trim();
}
