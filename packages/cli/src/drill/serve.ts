/** `brownout drill --serve`: starts the server, says who can join and how, and stays until the exercise is over. */
import { DrillHost } from '@brownout/viewer';
import type { DrillSession } from '@brownout/scenarios';
import { randomBytes, randomInt } from 'node:crypto';
import type { CommandContext } from '../context.ts';
import { InputError } from '../input-error.ts';
import { exercisePage } from '../report/template.ts';
import { type DrillFiles, sessionText } from './drill-files.ts';
import { isLoopback, startDrillServer } from './drill-server.ts';

/** What was typed, and where the session is kept. */
export interface ServeOptions {
  readonly speed: number;
  readonly host: string;
  readonly port: string;
  readonly files: DrillFiles;
}

/** Letters and digits that nobody confuses when they are read out. */
const alphabet = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
const codeLength = 8;
/** The exercise is asked so often whether it is over, and saved; milliseconds. */
const lookEvery = 500;

/** A code to join with. */
export function joinCode(): string {
  return Array.from({ length: codeLength }, () => alphabet[randomInt(alphabet.length)]!).join('');
}

/** True when the exercise has ended, false when the server was interrupted before. */
export async function serveDrill(
  session: DrillSession,
  options: ServeOptions,
  context: CommandContext,
): Promise<boolean> {
  const { speed, host: address, files } = options;
  const port = Number(options.port);
  if (!(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    throw new InputError(`--port: expected 0 to 65535, got "${options.port}"`);
  }
  const code = joinCode();
  const facilitatorCode = joinCode();
  const host = new DrillHost(session, {
    code,
    facilitatorCode,
    speed,
    draw: () => randomBytes(24).toString('base64url'),
    pack: sessionText,
  });
  const page = await exercisePage(context.stderr);
  const server = await startDrillServer({ host, page, address, port, now: () => performance.now() }).catch(
    (error: unknown) => {
      throw new InputError(
        `cannot listen at ${address}:${port}: ${error instanceof Error ? error.message : String(error)}`,
      );
    },
  );
  context.stderr.write(
    [
      `The exercise waits at ${server.url}`,
      ...(isLoopback(address)
        ? []
        : [
            'Everybody who reaches this address can try codes, and nothing is encrypted: a network that you trust only.',
          ]),
      `  trainees     ${server.url}#join=${code}`,
      `  facilitator  ${server.url}#join=${facilitatorCode}   begins it, sees the truth`,
      'Ctrl-C ends it here.',
      '',
    ].join('\n'),
  );
  try {
    return await new Promise<boolean>((resolve) => {
      const timer = setInterval(() => {
        if (host.pace.state === 'over') end(true);
      }, lookEvery);
      const stopListening = context.onInterrupt(() => end(false));
      const end = (isOver: boolean): void => {
        clearInterval(timer);
        stopListening();
        files.saveSession(session);
        resolve(isOver);
      };
    });
  } finally {
    // Pages hear that it is over before the line is cut.
    host.publish();
    await server.close();
  }
}
