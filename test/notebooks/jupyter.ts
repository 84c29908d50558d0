/** Executes notebooks without a browser, by the Jupyter that is installed, with the Deno that tests found. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Notebook } from './notebook.ts';

/** Seconds that one cell may take, on a machine that is busy with other tests. */
const longestSeconds = 300;

/** Why notebooks cannot be executed here, or undefined when they can. */
export function whyNoJupyter(): string | undefined {
  const { status } = spawnSync('jupyter', ['nbconvert', '--version'], { encoding: 'utf8' });
  if (status !== 0) return 'Jupyter is missing: on Debian, apt-get install jupyter-nbconvert';
  return undefined;
}

/** Why notebooks for Python cannot be executed here, or undefined when they can. */
export function whyNoPython(): string | undefined {
  const { stdout } = spawnSync('jupyter', ['kernelspec', 'list', '--json'], { encoding: 'utf8' });
  const specs = JSON.parse(stdout || '{}') as {
    readonly kernelspecs?: Readonly<Record<string, { readonly spec: { readonly argv: readonly string[] } }>>;
  };
  const python = specs.kernelspecs?.['python3']?.spec.argv[0];
  if (python === undefined) return 'the Python kernel is missing: on Debian, apt-get install python3-ipykernel';
  const { status } = spawnSync(python, ['-c', 'import ipykernel, pandas, jinja2'], { encoding: 'utf8' });
  return status === 0 ? undefined : 'pandas is missing: on Debian, apt-get install python3-pandas';
}

/** Executes a notebook where it lies, and returns it with what its cells showed; the file itself stays as it is. */
export async function execute(path: string, deno: string | undefined): Promise<Notebook> {
  const folder = mkdtempSync(join(tmpdir(), 'brownout-notebook-'));
  try {
    const kernel = join(folder, 'kernels', 'deno');
    mkdirSync(kernel, { recursive: true });
    if (deno !== undefined) writeFileSync(join(kernel, 'kernel.json'), JSON.stringify(denoKernel(deno)));
    // What a busy machine shows late is waited for as well, and never left out silently.
    const timeouts = ['timeout', 'iopub_timeout'].map((name) => `--ExecutePreprocessor.${name}=${longestSeconds}`);
    const options = ['--to', 'notebook', '--execute', ...timeouts, '--ExecutePreprocessor.raise_on_iopub_timeout=True'];
    const environment = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_|VITEST|VITE_)/.test(name));
    const env = { ...Object.fromEntries(environment), JUPYTER_PATH: folder, DENO_NO_UPDATE_CHECK: '1', NO_COLOR: '1' };
    await run('jupyter', ['nbconvert', ...options, '--output-dir', folder, path], env);
    return JSON.parse(readFileSync(join(folder, basename(path)), 'utf8')) as Notebook;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function denoKernel(deno: string): object {
  return {
    argv: [deno, 'jupyter', '--kernel', '--conn', '{connection_file}'],
    display_name: 'Deno',
    language: 'typescript',
  };
}

async function run(command: string, parameters: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(command, parameters, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) throw new Error(`${command} ${parameters.join(' ')} failed (${code}):\n${said}`);
}
