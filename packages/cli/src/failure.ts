import type { CommandContext } from './context.ts';
import { exitBadInput, exitFailed, exitOk } from './exit-codes.ts';

/** The end of an invocation that went wrong: what is printed, and the exit code. */

/** Errors of bad input, by name: told in one message, without a stack trace. */
const inputErrors = ['InputError', 'DocumentError'];

/**
 * Prints what went wrong and returns the exit code: 2 for bad input, 1 with everything we know for the rest. A share of a study
 * that is made (`ShardMade`) ends the invocation as well, and well.
 */
export function reportFailure(error: unknown, context: CommandContext): number {
  if (error instanceof Error && error.name === 'ShardMade') {
    context.stderr.write(`${error.message}\n`);
    return exitOk;
  }
  if (error instanceof Error && inputErrors.includes(error.name)) {
    context.stderr.write(`${error.message}\n`);
    return exitBadInput;
  }
  const text =
    error instanceof Error
      ? error.name === 'RunFailure'
        ? error.message
        : (error.stack ?? error.message)
      : String(error);
  context.stderr.write(`brownout failed; this is a defect of brownout, please report it with these lines:\n${text}\n`);
  return exitFailed;
}
