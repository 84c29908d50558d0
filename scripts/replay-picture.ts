/**
 * Draws the result of a run as one SVG file, for the README and for reports:
 * `node --import tsx scripts/replay-picture.ts brownout-out/<run>/result.json docs/images/replay.svg`.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { RunResult } from '../packages/scenarios/src/scenario/result.ts';
import { drawReplay } from './replay-picture/draw.ts';

function readResult(path: string): RunResult {
  const result = JSON.parse(readFileSync(path, 'utf8')) as Partial<RunResult>;
  if (result.schema !== 'brownout/result@1')
    throw new TypeError(`${path}: expected a result of schema "brownout/result@1", got "${String(result.schema)}"`);
  return result as RunResult;
}

const [source, target] = process.argv.slice(2);
if (source === undefined || target === undefined) {
  process.stderr.write('usage: node --import tsx scripts/replay-picture.ts <result.json> <picture.svg>\n');
  process.exitCode = 2;
} else {
  const picture = drawReplay(readResult(source));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, picture);
  process.stdout.write(`${target}: ${Math.ceil(picture.length / 1024)} KiB\n`);
}
