import type { AppliedMitigation } from '../scenario/mitigation.ts';
import { textOf, type SourcedEntry } from '../scenario/provenance.ts';
import type { CauseLink, RunResult } from '../scenario/result.ts';
import { groupSources, identityLine, sourceSummary, warningsOf } from './background.ts';
import { clusterTable, productTable } from './clusters.ts';
import { headline } from './headline.ts';
import { measureTable } from './measures.ts';
import { runPhases, type RunPhase } from './phases.ts';
import { plainStyle } from './style.ts';
import type { Table } from './text.ts';
import { comparisonTable, joinEntries, simulatedText } from './timeline.ts';
import { loopRemark, loopTable } from './why.ts';
import { afterText } from './words.ts';

/** What a report says, before it is laid out: the same words for Markdown, a page and whatever comes next. */

/** A table of plain texts. */
export interface ContentTable {
  readonly columns: readonly { readonly title: string; readonly align: 'left' | 'right' }[];
  readonly rows: readonly (readonly string[])[];
}

/** One line of the story: what happened, when, and whether it was published or simulated. */
export interface StoryLine {
  /** Seconds after the trigger. */
  readonly t: number;
  readonly clock: string;
  /** Time since the trigger, "+21 min". */
  readonly after: string;
  readonly kind: string;
  readonly text: string;
  readonly isPublished: boolean;
}

/** A mitigation with what it changed. */
export interface ContentMitigation {
  readonly id: string;
  readonly title: string;
  /** `bake=30 min, waves=4`; empty without parameters. */
  readonly parameters: string;
  /** Lines of what it changed in the document; empty when it changes nothing there. */
  readonly difference: readonly string[];
}

/** A report in parts, in reading order. */
export interface ReportContent {
  readonly title: string;
  /** What happened, in a sentence or two. */
  readonly outcome: string;
  readonly mitigations: readonly ContentMitigation[];
  readonly phases: readonly RunPhase[];
  /** Published facts beside the simulated times. */
  readonly comparison: ContentTable;
  readonly story: readonly StoryLine[];
  readonly clusters: ContentTable;
  readonly products: ContentTable;
  /** KPIs; beside those of the baseline where there is one. */
  readonly measures: ContentTable;
  readonly causes: readonly CauseLink[];
  readonly loops: ContentTable;
  /** How to read the table of loops. */
  readonly loopRemark: string;
  /** Every value with a source, those of one kind joined. */
  readonly sources: readonly SourcedEntry[];
  /** "28 measured, 35 documented, 12 derived, 129 assumed" */
  readonly sourceSummary: string;
  readonly warnings: readonly string[];
  /** Seed, engine, document, digest and what was counted. */
  readonly identity: string;
  /** The command that makes this run again. */
  readonly replay: string;
}

/** The content of the report on a run, with the KPIs of `baseline` beside its own where one is given. */
export function reportContent(result: RunResult, baseline?: RunResult): ReportContent {
  return {
    title: result.title,
    outcome: headline(result),
    mitigations: result.mitigations.map(mitigationContent),
    phases: runPhases(result),
    comparison: plain(comparisonTable(result, plainStyle)),
    story: joinEntries(result.timeline).map((line) => ({
      t: line.t,
      clock: line.clock,
      after: afterText(line.t),
      kind: line.kind,
      text: line.isPublished ? line.text : simulatedText(line),
      isPublished: line.isPublished,
    })),
    clusters: plain(clusterTable(result, plainStyle)),
    products: plain(productTable(result)),
    measures: plain(measureTable(result, baseline)),
    causes: result.causes,
    loops: plain(loopTable(result, plainStyle)),
    loopRemark: loopRemark(result),
    sources: groupSources(result.assumptions),
    sourceSummary: sourceSummary(result.assumptions),
    warnings: warningsOf(result),
    identity: identityLine(result),
    replay: replayCommand(result),
  };
}

function mitigationContent({ id, title, parameters, difference }: AppliedMitigation): ContentMitigation {
  const values = Object.entries(parameters).map(([name, value]) => `${name}=${textOf(value)}`);
  return { id, title, parameters: values.join(', '), difference };
}

/** The command as it would be typed; changes made by `--set` are in the hash of the document alone. */
function replayCommand({ scenario, seed, mitigations }: RunResult): string {
  const chosen = mitigations.map(({ id, parameters }) => {
    const values = Object.entries(parameters).map(
      ([name, value]) => `${name}=${typeof value === 'object' ? value.join('/') : String(value).replaceAll(' ', '')}`,
    );
    return values.length === 0 ? id : `${id}:${values.join(',')}`;
  });
  const words = ['brownout', 'replay', scenario, ...(seed === '1' ? [] : ['--seed', seed])];
  return [...words, ...(chosen.length === 0 ? [] : ['--mitigate', chosen.join('+')])].map(quoted).join(' ');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function plain({ columns, rows }: Table): ContentTable {
  return {
    columns: columns.map(({ title, align = 'left' }) => ({ title, align })),
    rows: rows.map((row) => row.map((cell) => (typeof cell === 'string' ? cell : cell.text))),
  };
}
