/** `--set` and `--no-trigger`: all assignments are done, in their order, and then the document is checked. */
import { DocumentError, parseScenario, scenarioJsonSchema, setPath, type ScenarioDocument } from '@brownout/scenarios';

/** What is asked for. */
export interface WantedChanges {
  /** `clusters[0].nodes=5000`. */
  readonly set: readonly string[];
  /** False: neither rollout nor faults. */
  readonly trigger: boolean;
}

/** A document after them, and what they did, as difference lines. */
export interface ChangedDocument {
  readonly document: ScenarioDocument;
  readonly changes: readonly string[];
}

/**
 * Does what `--set` and `--no-trigger` ask for. What is between two assignments need not be a document that could run: of two
 * keys that need each other either may come first. Throws `DocumentError` that names the assignment at fault.
 */
export function assignAll(document: ScenarioDocument, { set, trigger }: WantedChanges): ChangedDocument {
  const schema = scenarioJsonSchema();
  const changes: string[] = [];
  const triggers = ['rollout=null', ...(document.faults === undefined ? [] : ['faults=[]'])];
  const assignments = [...set, ...(trigger ? [] : triggers)];
  const steps = [document];
  for (const assignment of assignments) {
    const assigned = setPath(steps.at(-1)!, assignment, schema);
    steps.push(assigned.document);
    changes.push(...(assigned.difference.length === 0 ? [`${assignment} (as it was)`] : assigned.difference));
  }
  const problems = problemsOf(steps.at(-1)!);
  if (assignments.length > 0 && problems.length > 0) throw blamed(assignments, steps, problems);
  return { document: steps.at(-1)!, changes };
}

type Problems = DocumentError['problems'];

/** Blames the assignment that brought the first problem, for all that it brought. `steps`: before the first, after each. */
function blamed(assignments: readonly string[], steps: readonly ScenarioDocument[], problems: Problems): DocumentError {
  const already = problemsOf(steps[0]!);
  const first = problems.find((problem) => !includes(already, problem));
  if (first === undefined) return new DocumentError('the document', problems);
  let without = 0;
  let withIt = steps.length - 1;
  while (withIt - without > 1) {
    const middle = Math.floor((without + withIt) / 2);
    if (includes(problemsOf(steps[middle]!), first)) withIt = middle;
    else without = middle;
  }
  const before = problemsOf(steps[without]!);
  const after = problemsOf(steps[withIt]!);
  const brought = problems.filter((problem) => includes(after, problem) && !includes(before, problem));
  return new DocumentError(`assignment "${assignments[without]!}"`, brought);
}

function problemsOf(document: ScenarioDocument): Problems {
  try {
    parseScenario(document, 'the document');
    return [];
  } catch (error) {
    if (error instanceof DocumentError) return error.problems;
    throw error;
  }
}

function includes(problems: Problems, { path, message }: Problems[number]): boolean {
  return problems.some((one) => one.path === path && one.message === message);
}
