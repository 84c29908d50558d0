/** A command of kubectl after its flags were read. */
import type { StepPath } from '../../operations/playbook/playbook.ts';

/** Where a command of kubectl goes. */
export interface KubectlTarget {
  readonly cluster: string;
  readonly path: StepPath;
  /** Address of the API, for messages. */
  readonly host: string;
}

/** See the head of this file. */
export interface KubectlCall {
  readonly verb: string;
  readonly operands: readonly string[];
  /** By name without dashes. */
  readonly flags: Readonly<Record<string, string>>;
  readonly target: KubectlTarget;
}
