/**
 * The programs of this package where it runs from its sources: bundled into a few files of JavaScript. A thread or a process
 * that reads some three hundred files of TypeScript through a loader of its own takes seconds to start, a bundle a part of
 * one. Built packages never come here.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Modules of this package that a process or a thread starts with, below this folder. */
const entries = ['main.ts', 'run-worker.ts', 'pool/run-thread.ts', 'drill/drill-thread.ts'];

/** Packages whose sources go into bundles. */
const inside: ReadonlySet<string> = new Set(['@brownout/core', '@brownout/scenarios']);

const source: string = fileURLToPath(new URL('.', import.meta.url));
const cache: string = join(source, '../node_modules/.cache/source-programs');
/** Bundles of other sources are kept so long after somebody began to run them. */
const keptMilliseconds = 24 * 3_600_000;

interface Bundler {
  buildSync(options: object): {
    readonly outputFiles: readonly { readonly path: string; readonly contents: Uint8Array }[];
  };
}

/** Folders of what this process has bundled, by what was asked for. */
const made = new Map<string, string>();

/** The bundle of a program of this package. */
export function bundledProgram(program: URL): URL {
  return bundledPrograms([program])[0]!;
}

/**
 * Bundles of programs, side by side with those of this package, which look for one another there. All of a list, whose names
 * must differ, are made at once when a process asks for the first time.
 */
export function bundledPrograms(programs: readonly URL[]): readonly URL[] {
  const own = entries.map((entry) => join(source, entry));
  const others = programs.map((program) => fileURLToPath(program)).filter((path) => !own.includes(path));
  const key = others.join('\n');
  const folder = made.get(key) ?? bundle([...own, ...others]);
  made.set(key, folder);
  return programs.map(({ pathname }) => pathToFileURL(join(folder, basename(pathname).replace(/\.ts$/, '.js'))));
}

function bundle(entryPoints: readonly string[]): string {
  // The bundler that the loader for TypeScript stands on: both make the same of a file.
  const { buildSync } = createRequire(import.meta.resolve('tsx'))('esbuild') as Bundler;
  const { outputFiles } = buildSync({
    entryPoints,
    outdir: cache,
    entryNames: '[name]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: `node${process.versions.node}`,
    conditions: ['brownout-source'],
    external: outside(),
    keepNames: true,
    sourcemap: 'inline',
    sourcesContent: false,
    write: false,
    logLevel: 'error',
    // Packages that are no ES modules load those of Node in their own way.
    banner: {
      js: "import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);",
    },
  });
  const hash = createHash('sha256');
  for (const { path, contents } of outputFiles) hash.update(`${basename(path)}\0`).update(contents);
  const folder = join(cache, hash.digest('hex').slice(0, 16));
  if (isUsedAgain(folder)) return folder;
  forgetOld();
  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  writeFileSync(join(unfinished, 'package.json'), '{ "type": "module" }\n');
  for (const { path, contents } of outputFiles) writeFileSync(join(unfinished, basename(path)), contents);
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    // Another process was as far at the same time.
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/** Packages that stay outside: those this one depends on itself, because they are found from where bundles lie. */
function outside(): string[] {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { dependencies } = JSON.parse(text) as { readonly dependencies: Readonly<Record<string, string>> };
  return Object.keys(dependencies).filter((name) => !inside.has(name));
}

/** Whether a folder is there; if so it is as young as if it had just been made. */
function isUsedAgain(folder: string): boolean {
  try {
    const now = new Date();
    utimesSync(folder, now, now);
    return true;
  } catch {
    return false;
  }
}

function forgetOld(): void {
  if (!existsSync(cache)) return;
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    const isOld = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) > keptMilliseconds;
    if (isOld) rmSync(path, { recursive: true, force: true });
  }
}
