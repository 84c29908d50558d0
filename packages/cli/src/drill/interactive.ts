/** A terminal drill with a keyboard and a clock: readline for the one, a timer for the other. */
import type { DrillSession } from '@brownout/scenarios';
import { createInterface, clearLine, cursorTo } from 'node:readline';
import type { Keyboard } from '../context.ts';
import { TerminalDrill, type TerminalDrillOptions } from './terminal-drill.ts';

/** Time goes on so often, in milliseconds. */
const tickMilliseconds = 250;
/** After a tick that took longer than this the keyboard gets its turn before time goes on; milliseconds. */
const longestTick = 1000;

/**
 * Plays until somebody ends it, its time is over, or the keyboard is closed. Without a terminal lines are taken one after the
 * other and time passes only by `/skip` and `/wait`, so that a pipe plays the same drill every time.
 */
export async function playInteractively(
  session: DrillSession,
  keyboard: Keyboard,
  options: TerminalDrillOptions,
): Promise<void> {
  if (!keyboard.isTerminal) {
    const drill = new TerminalDrill(session, options);
    drill.begin();
    for await (const line of createInterface({ input: keyboard.input })) {
      options.write(`${drill.prompt}${line}\n`);
      drill.line(line);
      if (drill.isOver) break;
    }
    return;
  }
  await atTerminal(session, keyboard, options);
}

async function atTerminal(session: DrillSession, keyboard: Keyboard, options: TerminalDrillOptions): Promise<void> {
  const { input, output } = keyboard;
  const write = (text: string): void => {
    if (output !== undefined) {
      cursorTo(output, 0);
      clearLine(output, 0);
    }
    options.write(text);
  };
  const drill = new TerminalDrill(session, { ...options, write });
  drill.begin();
  const lines = createInterface({
    input,
    output,
    prompt: drill.prompt,
    completer: (line: string): [string[], string] => [drill.complete(line), /\S*$/.exec(line)?.[0] ?? ''],
  });
  const prompt = (): void => {
    lines.setPrompt(drill.prompt);
    lines.prompt(true);
  };
  await new Promise<void>((resolve) => {
    let last = performance.now();
    const timer = setInterval(() => {
      const now = performance.now();
      const passed = Math.min(longestTick, now - last) / 1000;
      last = now;
      const isTold = drill.tick(passed);
      if (drill.isOver) lines.close();
      else if (isTold) prompt();
    }, tickMilliseconds);
    lines.on('line', (line) => {
      drill.line(line);
      if (drill.isOver) lines.close();
      else prompt();
    });
    lines.on('SIGINT', () => {
      if (!drill.interrupt()) write('/end ends the exercise\n');
      prompt();
    });
    lines.on('close', () => {
      clearInterval(timer);
      resolve();
    });
    prompt();
  });
}
