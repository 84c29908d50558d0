import type { Command } from 'commander';
import type { ListOptions } from './commands/list.ts';
import type { CommandContext } from './context.ts';

/** The part of the command line about what there is, and about documents. */

/** Adds `list`, `validate` and `schema`. */
export function addDocumentCommands(
  program: Command,
  context: CommandContext,
  setExitCode: (code: number) => void,
): void {
  program
    .command('list')
    .description('lists incidents, mitigations with their parameters, and releases of Kubernetes')
    .argument('[name...]', 'only these incidents, mitigations or profiles')
    .option('--short', 'a line each')
    .option('--json', 'prints them as JSON')
    .action(async (names: readonly string[], options: ListOptions) => {
      const { list } = await import('./commands/list.ts');
      list(names, options, context);
    });
  program
    .command('validate')
    .description('checks a scenario document and says everything that is wrong with it')
    .argument('<scenario>', 'a file (.yaml, .json, .ts) or the id of an incident')
    .option('--json', 'prints the verdict, and problems with their places, as one JSON document')
    .action(async (scenario: string, options: { readonly json?: boolean }) => {
      const { validate } = await import('./commands/validate.ts');
      setExitCode(await validate(scenario, options.json === true, context));
    });
  program
    .command('schema')
    .description('prints the JSON Schema of scenario documents, for editors')
    .option('--example [incident]', 'prints an incident as YAML instead, to start a document of your own from')
    .option('--control-plane', 'the schema of documents of a control plane alone under declared load')
    .action(async (options: { readonly example?: string | true; readonly controlPlane?: boolean }) => {
      const { schema } = await import('./commands/schema.ts');
      await schema(options, context);
    });
}
