/** The manifests for Kubernetes, held to what the command understands. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { brownout, temporaryFolder } from '../../test/context.ts';
import { commandVersion } from '../version.ts';
import { readShard } from './shard.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

interface Container {
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  readonly resources: { readonly requests: object; readonly limits: { readonly memory: string } };
  readonly securityContext: object;
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}

interface PodSpec {
  readonly containers: readonly [Container];
  readonly securityContext: object;
  readonly restartPolicy?: string;
  readonly terminationGracePeriodSeconds: number;
  readonly volumes: readonly { readonly name: string; readonly configMap?: { readonly name: string } }[];
}

interface Manifest {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec: {
    readonly completionMode?: string;
    readonly completions?: number;
    readonly template: { readonly spec: PodSpec };
  };
}

function manifests(file: string): Manifest[] {
  const text = readFileSync(join(root, 'examples/kubernetes', file), 'utf8');
  return parseAllDocuments(text).map((one) => one.toJS() as Manifest);
}

function named(kind: string, file: string): Manifest {
  return manifests(file).find((one) => one.kind === kind)!;
}

const job = named('Job', 'job.yaml');
const pods = [job, named('Deployment', 'workers.yaml')].map(({ spec }) => spec.template.spec);

/** Names of variables that our sources read. */
function isRead(name: string): boolean {
  const folder = join(root, 'packages/cli/src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.some(
    (file) => /(?<!\.test)\.ts$/.test(file) && readFileSync(join(folder, file), 'utf8').includes(`'${name}'`),
  );
}

describe('the manifests', () => {
  it.each(pods.map((pod) => [pod.containers[0].args[0]!, pod] as const))(
    'of %s name variables and options that there are',
    async (command, { containers: [container] }) => {
      expect(container.env.filter(({ name }) => !isRead(name))).toEqual([]);
      expect(container.command).toEqual(['brownout']);
      const { stdout } = await brownout([command, '--help']);
      const options = container.args.filter((arg) => arg.startsWith('--')).map((arg) => arg.split('=')[0]!);
      expect(options.filter((option) => !stdout.includes(option))).toEqual([]);
      expect(container.image.endsWith(`:${commandVersion}`)).toBe(true);
    },
  );

  it('run without rights, with limits, and end in the time they are given', () => {
    for (const pod of pods) {
      const [container] = pod.containers;
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(container.resources).toMatchObject({ requests: { cpu: '2' }, limits: { memory: '3Gi' } });
      expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(20);
      const volumes = pod.volumes.map(({ name }) => name);
      expect(container.volumeMounts.filter(({ name }) => !volumes.includes(name))).toEqual([]);
    }
  });
});

describe('the Indexed Job', () => {
  const { completions = 0 } = job.spec;
  const { env, args, volumeMounts } = job.spec.template.spec.containers[0];

  it('gives each pod a share of its own, and all shares to somebody', () => {
    expect([job.apiVersion, job.spec.completionMode]).toEqual(['batch/v1', 'Indexed']);
    const set = Object.fromEntries(env.map(({ name, value }) => [name, value]));
    const shares = Array.from({ length: completions }, (_, index) =>
      readShard('auto', { ...set, JOB_COMPLETION_INDEX: String(index) }),
    );
    expect(shares).toEqual(Array.from({ length: completions }, (_, i) => ({ index: i + 1, count: completions })));
    expect(job.spec.template.spec.restartPolicy).toBe('Never');
    expect(args).toContain('--resume');
  });

  it('writes to its volume and reads a document that is valid', async () => {
    const mounted = volumeMounts.map(({ mountPath }) => mountPath);
    expect(mounted).toEqual(expect.arrayContaining(['/study', '/results']));
    expect(args).toEqual(expect.arrayContaining(['/study/scenario.yaml', '--out=/results', '--shard=auto']));
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'scenario.yaml'), named('ConfigMap', 'job.yaml').data!['scenario.yaml']!);
    const { exitCode, stderr } = await brownout(['validate', 'scenario.yaml'], { folder });
    expect([exitCode, stderr]).toEqual([0, '']);
  });
});
