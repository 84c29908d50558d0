/** The command as a program that Node runs by itself: its sources, bundled. */
import { fileURLToPath } from 'node:url';
import { bundledProgram } from '../src/source-programs.ts';

/** Path of the program. */
export function mainProgram(): string {
  return fileURLToPath(bundledProgram(new URL('../src/main.ts', import.meta.url)));
}
