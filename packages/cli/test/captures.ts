/** Files that were saved from a real kube-apiserver; see captures/README.md. */
import { type ControlPlaneDocument, type ImportPart, readImport, runControlPlane } from '@brownout/scenarios';
import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** Folder of the files. */
export const captureFolder: string = new URL('captures/', import.meta.url).pathname;

/** Names of the files. */
export const captureNames: readonly string[] = readdirSync(captureFolder).filter((name) => !name.endsWith('.md'));

/** Text of a file. */
export function captureText(name: string): string {
  const bytes = readFileSync(`${captureFolder}${name}`);
  return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

/** Some of the files, read; all by default. */
export function captures(names: readonly string[] = captureNames): readonly ImportPart[] {
  return names.map((name) => readImport({ name, text: captureText(name) }));
}

/** A client of a replay: requests a second on average, and median latency in milliseconds. */
export interface Replayed {
  readonly perSecond: number;
  readonly p50: number;
}

/** Replays a document of one phase ten times. */
export function replayed(document: ControlPlaneDocument): ReadonlyMap<string, Replayed> {
  const { runs } = runControlPlane(document, { replications: 10 });
  return new Map(
    document.clients.map(({ name }) => {
      const rows = runs.map(({ phases }) => ({
        seconds: phases[0]!.seconds,
        client: phases[0]!.clients.find((one) => one.name === name)!,
      }));
      const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
      const perSecond = mean(rows.map(({ client, seconds }) => client.completed / seconds));
      return [name, { perSecond, p50: mean(rows.map(({ client }) => client.latency.p50 ?? 0)) }] as const;
    }),
  );
}
