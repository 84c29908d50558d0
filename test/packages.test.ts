/**
 * Builds and packs the packages, installs the tarballs into an empty project, and uses them as a user would: as ES
 * modules, through `require`, from TypeScript, and by the command. It needs the network and half a minute, so it runs
 * only with `BROWNOUT_ALL_TESTS=1`, as on the build machine.
 */
import {
  completeDocument,
  loadDocument,
  runScenario,
  scenarioTemplates,
  type ScenarioDocument,
} from '@brownout/scenarios';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tinyDocument } from '../packages/cli/test/tiny-document.ts';
import { buildPackages } from './built-packages.ts';

const root: string = join(import.meta.dirname, '..');
const packages = ['core', 'scenarios', 'viewer', 'cli'] as const;
const TIMEOUT_MILLISECONDS = 600_000;

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly main: string;
  readonly types: string;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const workspace: Manifest = readManifest(join(root, 'package.json'));

let project: string;
/** Path of the tarball of each package. */
const tarballs: Map<string, string> = new Map();

function readManifest(file: string): Manifest {
  return JSON.parse(readFileSync(file, 'utf8')) as Manifest;
}

/** Runs a program to its end, failing with what it printed, and returns its standard output. */
function run(command: string, parameters: readonly string[], cwd: string): string {
  const environment = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_|VITEST|VITE_)/.test(name));
  const env = { ...Object.fromEntries(environment), npm_config_audit: 'false', npm_config_fund: 'false' };
  const { status, stdout, stderr, error } = spawnSync(command, parameters, { cwd, encoding: 'utf8', env });
  if (status !== 0)
    throw new Error(`${command} ${parameters.join(' ')} failed (${status}):\n${stdout}\n${stderr}${error ?? ''}`);
  return stdout;
}

function runNode(code: string, ...options: readonly string[]): unknown {
  return JSON.parse(run(process.execPath, [...options, '--eval', code], project));
}

function packed(name: string, path: string): string {
  return run('tar', ['-xzOf', tarballs.get(name) ?? '', `package/${path}`], project);
}

function listed(name: string): readonly string[] {
  return run('tar', ['-tzf', tarballs.get(name) ?? ''], project)
    .trim()
    .split('\n')
    .map((path) => path.replace(/^package\//, ''));
}

/** Addresses of the ES modules that an import loads. */
function loadedBy(name: string): readonly string[] {
  const hooks = 'export async function load(url, context, next) { process._rawDebug(url); return next(url, context); }';
  const hook = `import { register } from 'node:module'; register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(hooks)}`)});`;
  const preload = `data:text/javascript,${encodeURIComponent(hook)}`;
  const code = `await import(${JSON.stringify(name)});`;
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--no-warnings', '--import', preload, '--input-type=module', '--eval', code],
    { cwd: project, encoding: 'utf8' },
  );
  expect(status, stderr).toBe(0);
  return stderr.split('\n');
}

/** What a bundler makes of a program of the project. */
async function bundled(
  code: string,
  platform: 'browser' | 'node' = 'browser',
): Promise<{ readonly text: string; readonly bytes: number; readonly modules: readonly string[] }> {
  const input = join(project, 'bundled.js');
  writeFileSync(input, code);
  const bundle = await rolldown({ input, platform, logLevel: 'silent' });
  const { output } = await bundle.generate({ format: 'esm', minify: true });
  await bundle.close();
  const [chunk] = output;
  const used = Object.entries(chunk.modules).filter(([, { code: rendered }]) => (rendered ?? '') !== '');
  return { text: chunk.code, bytes: chunk.code.length, modules: used.map(([id]) => id) };
}

describe.skipIf(process.env['BROWNOUT_ALL_TESTS'] !== '1')('the packed packages', () => {
  beforeAll(async () => {
    project = mkdtempSync(join(tmpdir(), 'brownout-packages-'));
    const folder = join(project, 'tarballs');
    mkdirSync(folder);
    await buildPackages();
    for (const name of packages) {
      run('npm', ['pack', '--silent', '--pack-destination', folder], join(root, 'packages', name));
    }
    for (const name of packages) {
      const prefix = readManifest(join(root, `packages/${name}/package.json`))
        .name.replace('@', '')
        .replace('/', '-');
      const file = readdirSync(folder).find((each) => new RegExp(`^${prefix}-\\d`).test(each));
      if (file === undefined) throw new Error(`packages/${name} left no tarball`);
      tarballs.set(name, join(folder, file));
    }
    writeFileSync(join(project, 'package.json'), '{ "name": "user", "private": true, "type": "module" }\n');
    const fastCheck = `fast-check@${workspace.devDependencies['fast-check']}`;
    run('npm', ['install', '--prefer-offline', '--no-package-lock', ...tarballs.values(), fastCheck], project);
  }, TIMEOUT_MILLISECONDS);

  afterAll(() => rmSync(project, { recursive: true, force: true }), TIMEOUT_MILLISECONDS);

  it.each(packages)('hold what is needed and no tests (%s)', (name) => {
    const files = listed(name);
    const manifest = JSON.parse(packed(name, 'package.json')) as Manifest;
    expect(files).toEqual(expect.arrayContaining(['package.json', 'README.md', 'LICENSE', 'dist/index.js']));
    expect(files.filter((path) => /\.test\.|tsbuildinfo|\.tgz$/.test(path))).toEqual([]);
    expect(files.map((path) => `./${path}`)).toEqual(expect.arrayContaining([manifest.main, manifest.types]));
    expect(Object.values(manifest.dependencies).filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  it.each(packages)(
    'pass publint (%s)',
    (name) => {
      run(
        process.execPath,
        [join(root, 'node_modules/publint/src/cli.js'), 'run', tarballs.get(name) ?? '', '--strict'],
        root,
      );
    },
    TIMEOUT_MILLISECONDS,
  );

  it.each(packages)(
    'have types that are right wherever they are found, for users of ES modules (%s)',
    (name) => {
      const command = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');
      const pages = Object.keys(readManifest(join(root, `packages/${name}/package.json`)).exports)
        .filter((entry) => entry.endsWith('.html'))
        .map((entry) => entry.replace('./', ''));
      const without = pages.length === 0 ? [] : ['--exclude-entrypoints', ...pages];
      run(process.execPath, [command, tarballs.get(name) ?? '', '--profile', 'esm-only', ...without], root);
    },
    TIMEOUT_MILLISECONDS,
  );

  it('load neither zod nor mathjs before a document is read, and both then', () => {
    const code = `
      const { createRequire } = await import('node:module');
      const { cache } = createRequire(import.meta.url);
      const { incidents, parseScenario } = await import('brownout');
      const before = Object.keys(cache);
      parseScenario(incidents[0].document(), 'an incident');
      const ofLibraries = (paths) => paths.filter((path) => /node_modules.(zod|mathjs)./.test(path)).length;
      console.log(JSON.stringify([ofLibraries(before), ofLibraries(Object.keys(cache)) > 1]));`;
    expect(runNode(code, '--input-type=module')).toEqual([0, true]);
    expect(loadedBy('brownout').filter((url) => /\/node_modules\/(zod|mathjs|jstat|vega|bullmq)/.test(url))).toEqual(
      [],
    );
    // A wrong way of listing modules would pass the line above.
    expect(loadedBy('zod').filter((url) => url.includes('/node_modules/zod/'))).not.toEqual([]);
  });

  it('load a part of their own code with an import, and the rest when something is run', async () => {
    const files = loadedBy('brownout').filter((url) => /^file:.*\/dist\/node\//.test(url));
    const bytes = files.reduce((sum, url) => sum + statSync(fileURLToPath(url)).size, 0);
    expect(files.map((url) => basename(url))).not.toContain('late.js');
    // 790 kB in eight files when this was written, of 2.2 MB.
    expect(files.length).toBeLessThan(12);
    expect(bytes).toBeGreaterThan(300_000);
    expect(bytes).toBeLessThan(1_000_000);

    writeFileSync(join(project, 'tiny.json'), JSON.stringify(await tinyDocument()));
    const code = `
      const { DrillSession, LiveRun, rolesOf } = await import('brownout');
      const document = JSON.parse((await import('node:fs')).readFileSync(${JSON.stringify(join(project, 'tiny.json'))}, 'utf8'));
      const live = new LiveRun(document, { seed: '5', frames: {} });
      live.advanceTo(30);
      live.act({ kind: 'note', by: 'somebody', text: 'seen' });
      live.advanceTo(60);
      const roles = rolesOf(document).map(({ id }) => id);
      const drill = new DrillSession({ document, trainees: [{ name: 'Somebody', roles }] });
      drill.start();
      drill.enter('Somebody', 'kubectl get nodes');
      drill.advanceTo(60);
      console.log(JSON.stringify([live instanceof LiveRun, live.frames.count, live.result().digest, drill.digest()]));`;
    const options = ['--conditions=brownout-source', '--import', 'tsx', '--input-type=module', '--eval', code];
    const fromSources = JSON.parse(run(process.execPath, options, root)) as unknown;
    expect(fromSources).toEqual([true, expect.any(Number), expect.any(String), expect.any(String)]);
    expect(runNode(code, '--input-type=module')).toEqual(fromSources);
  });

  it('go into one file for Node with everything that they load', { timeout: TIMEOUT_MILLISECONDS }, async () => {
    const day = await tinyDocument();
    const code = `
      import { runScenario } from '@brownout/scenarios';
      console.log(JSON.stringify(runScenario(${JSON.stringify(day)}, { seed: '3' }).digest));`;
    const { text } = await bundled(code, 'node');
    const elsewhere = mkdtempSync(join(tmpdir(), 'brownout-bundle-'));
    try {
      writeFileSync(join(elsewhere, 'server.mjs'), text);
      const printed = run(process.execPath, [join(elsewhere, 'server.mjs')], elsewhere);
      expect(JSON.parse(printed)).toBe(runScenario(day, { seed: '3' }).digest);
    } finally {
      rmSync(elsewhere, { recursive: true, force: true });
    }
  });

  it('leave out of a bundle what a program does not use', async () => {
    const one = await bundled("import { seconds } from '@brownout/core'; console.log(seconds(1));");
    const engine = await bundled(
      "import { Simulation } from '@brownout/core'; console.log(new Simulation({ seed: 7 }).now);",
    );
    const whole = await bundled("import * as all from '@brownout/core'; console.log(all);");
    for (const { modules } of [one, engine, whole]) {
      expect(modules.filter((id) => /node_modules.(zod|mathjs)/.test(id))).toEqual([]);
    }
    expect(one.bytes).toBeLessThan(whole.bytes / 10);
    expect(engine.bytes).toBeLessThan(whole.bytes / 3);
    const text = await bundled("import { csvText } from '@brownout/scenarios'; console.log(csvText([]));");
    expect(text.modules.filter((id) => /node_modules.(zod|mathjs)/.test(id))).toEqual([]);
  });

  it('work as ES modules', () => {
    const code = `
      import { Simulation, seconds, plus, timeZero } from '@brownout/core';
      const simulation = new Simulation({ seed: 7 });
      let ticks = 0;
      const tick = simulation.event('tick', () => { ticks++; tick.after(seconds(1)); });
      tick.after(seconds(1));
      simulation.runUntil(plus(timeZero, seconds(10)));
      console.log(JSON.stringify(ticks));`;
    expect(runNode(code, '--input-type=module')).toBe(10);
  });

  it('export from every entry what the list of public names says', () => {
    const blocks = readFileSync(join(root, 'test/public-names.txt'), 'utf8').trim().split('\n\n');
    for (const block of blocks) {
      const [heading = '', ...names] = block.split('\n');
      const entry = heading.slice(1, -1);
      const values = names.filter((name) => !name.startsWith('type '));
      const code = `import * as all from '${entry}'; console.log(JSON.stringify(Object.keys(all).sort()));`;
      expect(runNode(code, '--input-type=module'), entry).toEqual(values.toSorted());
    }
  });

  it('work through require', () => {
    const code = "console.log(JSON.stringify(typeof require('@brownout/core').Simulation));";
    expect(runNode(code, '--input-type=commonjs', '--no-warnings')).toBe('function');
  });

  it.each([
    ['NodeNext', { module: 'NodeNext', moduleResolution: 'NodeNext' }],
    ['Bundler', { module: 'ESNext', moduleResolution: 'Bundler' }],
    ['main and types only', { module: 'ESNext', moduleResolution: 'Node10' }],
  ])(
    'have types that compile for a strict user: %s',
    (_name, resolution) => {
      const compilerOptions = {
        ...resolution,
        target: 'ES2023',
        // zod's declarations, which ours name, speak of URL and import defaults.
        lib: ['ES2023', 'DOM'],
        esModuleInterop: true,
        strict: true,
        noEmit: true,
        types: [],
        skipLibCheck: false,
      };
      writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['user.ts'] }));
      writeFileSync(
        join(project, 'user.ts'),
        [
          "import { seconds, Simulation, type Duration } from '@brownout/core';",
          "import * as scenarios from '@brownout/scenarios';",
          'const second: Duration = seconds(1);',
          'export const simulation: Simulation = new Simulation({ seed: 7 });',
          '// @ts-expect-error a bare number is no duration: were the types lost, this would compile',
          'simulation.after(30, () => {});',
          'simulation.after(second, () => {});',
          'export const loaded: object = scenarios;',
          '',
        ].join('\n'),
      );
      run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', '.'], project);
    },
    TIMEOUT_MILLISECONDS,
  );

  it('bring the page of reports, bundled', () => {
    expect(listed('viewer')).toContain('dist/report.html');
    expect(listed('viewer').filter((path) => /^(page|build)/.test(path))).toEqual([]);
  });

  it('run a scenario to the digest that the sources give', async () => {
    const text = readFileSync(join(root, 'docs/guides/two-clusters.yaml'), 'utf8');
    writeFileSync(join(project, 'two-clusters.yaml'), text);
    const command = join(project, 'node_modules', '.bin', 'brownout');
    const built = run(command, ['replay', 'two-clusters.yaml', '--until', '5min', '--json'], project);
    const document = completeDocument((await loadDocument(text, 'two-clusters.yaml')).data, scenarioTemplates);
    const { digest } = runScenario(document as ScenarioDocument, { seed: '1', untilSeconds: 300 });
    expect((JSON.parse(built) as { readonly digest: string }).digest).toBe(digest);
  });

  it('bring the command', () => {
    const command = join(project, 'node_modules', '.bin', 'brownout');
    expect(run(command, ['--help'], project)).toContain('replay');
    expect(run(command, ['--version'], project)).toContain(workspace.version);
  });
});
