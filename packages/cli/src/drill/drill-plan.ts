/** From what was typed to the setup of a drill. All bad input is found here, before anything is run. */
import {
  checkSetup,
  difficulties,
  didYouMean,
  parseScenario,
  readTime,
  rolesOf,
  type DifficultyId,
  type DrillSetup,
  type ScenarioDocument,
  type Trainee,
} from '@brownout/scenarios';
import { InputError } from '../input-error.ts';
import type { DrillCommandOptions } from '../program-drill.ts';
import { assignAll } from '../assign-all.ts';
import { readSeed } from '../replay-plan.ts';
import type { NamedDocument } from '../document-file.ts';

/** Name of a trainee who did not give one. */
const nobodysName = 'you';

/** Reads the options; what a script says about the setup is in `defaults`, and what was typed goes before it. */
export function planDrill(
  named: NamedDocument,
  options: DrillCommandOptions,
  defaults: Partial<Omit<DrillSetup, 'document'>> = {},
): DrillSetup {
  parseScenario(named.document, named.origin);
  const { document } = assignAll(named.document, { set: options.set ?? [], trigger: options.trigger });
  const setup: DrillSetup = {
    document,
    seed: options.seed === undefined ? (defaults.seed ?? '1') : readSeed(options.seed),
    trainees: traineesOf(options, document) ?? defaults.trainees ?? [everything(document)],
    difficulty: options.difficulty === undefined ? defaults.difficulty : readDifficulty(options.difficulty),
    colleagues: options.colleagues ? defaults.colleagues : 'nobody',
    startSeconds: readMoment('--start', options.start) ?? defaults.startSeconds,
    endSeconds: readMoment('--until', options.until) ?? defaults.endSeconds,
    hintsAllowed: options.hints ? defaults.hintsAllowed : false,
  };
  try {
    checkSetup(setup);
  } catch (error) {
    throw error instanceof RangeError ? new InputError(error.message) : error;
  }
  return setup;
}

/** One person with every role. */
function everything(document: ScenarioDocument): Trainee {
  return { name: nobodysName, roles: rolesOf(document).map(({ id }) => id) };
}

function traineesOf(
  { role, trainee }: DrillCommandOptions,
  document: ScenarioDocument,
): readonly Trainee[] | undefined {
  if (role !== undefined && trainee !== undefined) {
    throw new InputError('--role is for one trainee and --trainee for several: expected one of the two, got both');
  }
  if (role !== undefined) return [{ name: nobodysName, roles: role }];
  return trainee?.map((text) => readTrainee(text, document));
}

/** `ana=platform+networking`, `bo=all` */
export function readTrainee(text: string, document: ScenarioDocument): Trainee {
  const [, name, roles] = /^([^=]+)=([^=]+)$/.exec(text) ?? [];
  if (name === undefined || roles === undefined) {
    throw new InputError(`--trainee: expected a name and roles such as ana=platform+networking, got "${text}"`);
  }
  return { name: name.trim(), roles: roles === 'all' ? everything(document).roles : roles.split('+') };
}

function readDifficulty(text: string): DifficultyId {
  const ids = difficulties.map(({ id }) => id);
  const found = ids.find((id) => id === text);
  if (found !== undefined) return found;
  throw new InputError(`--difficulty: expected ${ids.join(', ')}, got "${text}"${didYouMean(text, ids)}`);
}

/** A time after the trigger such as `22 min`, in seconds; negative = before it. */
export function readMoment(what: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const reading = readTime(text);
  if (reading.problem === undefined) return reading.value / 1_000_000;
  throw new InputError(
    `${what}: expected a time after the trigger such as "22 min", got ${JSON.stringify(text)}: ${reading.problem}`,
  );
}
