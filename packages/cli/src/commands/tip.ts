import {
  documentHash,
  type Condition,
  mitigations,
  parseCondition,
  parseTipAxis,
  phaseDiagram,
  phaseDiagramText,
  phaseRows,
  type PhaseStudyOptions,
  type Question,
  questionOf,
  resultJson,
  staysBad,
  tip as tipStudy,
  type TipAxis,
  type TipOptions,
  type TipResult,
  tipRows,
  tipText,
  unattended,
} from '@brownout/scenarios';
import { asInput, begun } from '../begun-study.ts';
import type { CommandContext } from '../context.ts';
import { exitOk, exitThreshold } from '../exit-codes.ts';
import { InputError } from '../input-error.ts';
import { refuseShard } from '../machines/shard.ts';
import { readFormat } from '../output-format.ts';
import { conductOn } from '../pool/conduct-on.ts';
import { readInAll, readShare, readWhole } from '../read-options.ts';
import type { StudyOptions } from '../study-options.ts';
import { deliver, type StudyOutput } from '../study-output.ts';
import { findScenario, mitigated, planStudy, type StudyPlan } from '../study-plan.ts';
import { inSession, setupOf, toldStopped } from '../study-session.ts';

/** `brownout tip`: the value of one number at which a scenario tips over, or a phase diagram of a load and a trigger. */

/** Options of the command as typed. */
export interface TipCommandOptions extends StudyOptions {
  readonly vary?: string;
  readonly when?: string;
  readonly trigger: boolean;
  readonly triggerSize?: string;
  readonly unattended?: boolean;
  readonly expect?: string;
  readonly tolerance?: string;
  readonly budget?: string;
  readonly rows?: string;
}

/** Searches and returns the exit code. */
export async function tip(
  name: string,
  options: TipCommandOptions,
  args: readonly string[],
  context: CommandContext,
): Promise<number> {
  const format = readFormat(options);
  const named = await findScenario(name, 'tip: for scenarios of clusters so far', context);
  refuseShard('tip', 'a search decides from runs which ones it needs next', options.shard);
  if (options.replications !== undefined || options.threshold !== undefined) {
    throw new InputError('tip: makes as many runs as it needs; expected no --replications and no --threshold');
  }
  const plan = planStudy(named, options);
  const attended = mitigated(plan, options);
  const document = options.unattended === true ? unattended(attended) : attended;
  const axis = axisOf('--vary', options.vary, document);
  const question = readQuestion(options, document, axis);
  const expected = options.expect === undefined ? undefined : readExpectation(options.expect, axis);
  const { vary, when, triggerSize, tolerance, budget, rows } = options;
  const folder = plan.folderFor('tip', [documentHash(document), vary, when, triggerSize, tolerance, budget, rows]);
  const setup = setupOf('tipping point', plan, { folder, documents: [document] }, options, args);
  const shared = { question, ...limitsOf(plan, options) };
  const makeStudy = function* () {
    if (triggerSize === undefined) return tipOutput(yield* tipStudy(document, { axis, ...shared }), expected);
    const trigger = axisOf('--trigger-size', triggerSize, document);
    const count = readWhole('--rows', rows, [2, 100]);
    const phase: PhaseStudyOptions = {
      load: axis,
      trigger,
      ...shared,
      ...(count === undefined ? {} : { rows: count }),
    };
    const result = yield* phaseDiagram(document, phase);
    return {
      output: {
        json: resultJson(result),
        text: (width, style) => phaseDiagramText(result, { width, style }),
        rows: () => phaseRows(result),
      },
      isMissed: false,
    } satisfies Ended;
  };
  const study = begun(makeStudy());
  const end = await inSession(setup, context, ({ maker, options: watched }) => conductOn(study, maker, watched));
  if (end.isStopped) return toldStopped(end, args, context);
  await deliver(end.result.output, { folder, format, context });
  return end.result.isMissed ? exitThreshold : exitOk;
}

interface Ended {
  readonly output: StudyOutput;
  readonly isMissed: boolean;
}

function axisOf(option: string, text: string | undefined, document: StudyPlan['document']): TipAxis {
  if (text !== undefined) return parseTipAxis(document, text, mitigations);
  throw new InputError(`tip: expected ${option} with a range, such as ${option} clusters[0].nodes=1000..5000`);
}

/** What is asked: `--when`, or whether it stays bad where people are away or triggers are compared. */
function readQuestion(
  { when, unattended: isAlone, triggerSize }: TipCommandOptions,
  document: StudyPlan['document'],
  { factor, at, name, written }: TipAxis,
): Question {
  if (when !== undefined) {
    // The axis may be a mitigation that renames clusters: what counts are the documents that are run.
    const ends = [factor.low, factor.high].map((value) => ({
      name: `${name}=${written(value)}`,
      document: at(document, value),
    }));
    return asInput(() => questionOf(readInAll(ends, (one) => readCondition(when, one))));
  }
  if (isAlone === true || triggerSize !== undefined) return staysBad;
  throw new InputError(`tip: expected --when with a condition, such as --when 'outageSeconds > 5 min'`);
}

function readCondition(text: string, document: StudyPlan['document']): Condition {
  const condition = parseCondition(text, document);
  if (condition.kind !== 'mean') return condition;
  throw new InputError(`--when: no single run answers ${JSON.stringify(text)}; ask for median(...) or q95(...)`);
}

function limitsOf(
  plan: StudyPlan,
  options: TipCommandOptions,
): Pick<TipOptions, 'seed' | 'untilSeconds' | 'tolerance' | 'budget'> {
  const tolerance = readShare('--tolerance', options.tolerance);
  const budget = readWhole('--budget', options.budget, [10, 100_000]);
  return {
    seed: plan.seed,
    ...(plan.untilSeconds === undefined ? {} : { untilSeconds: plan.untilSeconds }),
    ...(tolerance === undefined ? {} : { tolerance }),
    ...(budget === undefined ? {} : { budget }),
  };
}

/** `value > 5000`: where the tipping point has to be. The whole interval counts. */
interface Expectation {
  readonly text: string;
  readonly isAbove: boolean;
  readonly bound: number;
}

function readExpectation(text: string, axis: TipAxis): Expectation {
  const [, operator, amount = ''] = /^\s*value\s*(<=?|>=?)\s*(\S.*?)\s*$/.exec(text) ?? [];
  const { low, high } = axis.factor;
  // The unit is that of the axis: the bound is read as the axis writes its own values.
  const unit = /^-?[\d.]+(.*)$/.exec(axis.written(high))?.[1] ?? '';
  const [, number, typed = ''] = /^(-?\d+(?:\.\d+)?(?:e\d+)?)\s*(.*)$/i.exec(amount) ?? [];
  if (operator === undefined || number === undefined || (typed !== '' && typed !== unit.trim())) {
    const middle = (low + high) / 2;
    const example = `value > ${axis.written(axis.factor.kind === 'whole' ? Math.round(middle) : middle)}`;
    throw new InputError(`--expect: expected such as ${JSON.stringify(example)}, got ${JSON.stringify(text)}`);
  }
  const worth = high / Number.parseFloat(axis.written(high));
  return { text, isAbove: operator.startsWith('>'), bound: Number(number) * worth };
}

function tipOutput(result: TipResult, expected: Expectation | undefined): Ended {
  const isMissed = expected !== undefined && !isAsExpected(result, expected);
  const expectation = expected === undefined ? {} : { expectation: { text: expected.text, holds: !isMissed } };
  const line = expected === undefined ? '' : `${isMissed ? '✗' : '✓'} ${expected.text}\n`;
  return {
    output: {
      json: resultJson({ ...result, ...expectation }),
      rows: () => tipRows(result),
      text: (width, style) => (isMissed ? style.bad(line) : style.good(line)) + tipText(result, { width, style }),
    },
    isMissed,
  };
}

/** Never tipping is beyond every bound from below, and below none. */
function isAsExpected(
  { tip: { status, low, high, isOpenLow, isOpenHigh } }: TipResult,
  expected: Expectation,
): boolean {
  if (status !== 'found') return status === 'never' && expected.isAbove;
  return expected.isAbove ? !isOpenLow && low! >= expected.bound : !isOpenHigh && high! <= expected.bound;
}
