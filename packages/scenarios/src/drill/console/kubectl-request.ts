/** A request of kubectl as messages name it. */
import type { ConsoleContext } from './command.ts';
import type { KubectlCall } from './kubectl-call.ts';
import type { KubectlRequest } from './kubectl-errors.ts';

/** Who asks for what, and where. */
export function requestOf(
  call: KubectlCall,
  context: ConsoleContext,
  resource: string,
  verb: string = call.verb,
): KubectlRequest {
  return { verb, resource, user: context.trainee, host: call.target.host };
}
