/** `pnpm validate`: see `--help`, and docs/validation for what it writes. */
import { incidents, incidentStudies } from '@brownout/scenarios';
import { join } from 'node:path';
import { fullSize, type PlanSize, type Studied } from './incident-plan.ts';
import { helpText, OptionError, type Options, readOptions } from './options.ts';
import { stemOf } from './smaller.ts';
import { sourcesFingerprint } from './sources.ts';
import { validate } from './validate.ts';

const root = join(import.meta.dirname, '../..');

/** The incidents asked for, with what is assumed and asked of them. */
function chosen({ incidents: asked }: Options): Studied[] {
  const known = incidents.flatMap((incident): Studied[] => {
    const study = incidentStudies[incident.id];
    return study === undefined ? [] : [{ incident, study }];
  });
  const unknown = asked.find((id) => known.every(({ incident }) => incident.id !== id));
  if (unknown !== undefined) {
    const ids = known.map(({ incident }) => incident.id).join(', ');
    throw new OptionError(`--incident: expected one of ${ids}, got "${unknown}"`);
  }
  return asked.length === 0 ? known : known.filter(({ incident }) => asked.includes(incident.id));
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options.isHelp) {
    process.stdout.write(helpText);
    return 0;
  }
  const size: PlanSize = options.model === 'whole' ? fullSize : { ...fullSize, model: options.model };
  const stop = new AbortController();
  process.once('SIGINT', () => {
    process.stderr.write('\nstopping; once more to stop at once\n');
    stop.abort();
    process.once('SIGINT', () => process.exit(130));
  });
  return validate(chosen(options), options, {
    sources: sourcesFingerprint(root),
    cache: (incident) => join(options.cache ?? join(root, '.validation'), stemOf(incident, size)),
    pages: join(root, 'docs/validation'),
    screen: { isTerminal: process.stderr.isTTY, write: (text) => void process.stderr.write(text) },
    print: (text) => void process.stdout.write(text),
    signal: stop.signal,
    size,
  });
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof OptionError)) throw error;
  process.stderr.write(`${error.message}\n\n${helpText}`);
  process.exitCode = 2;
}
