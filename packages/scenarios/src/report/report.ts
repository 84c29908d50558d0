import type { RunResult } from '../scenario/result.ts';
import { assumptionLines, identityLine, mitigationLines, sourceSummary, warningLines } from './background.ts';
import { chartLines } from './chart.ts';
import { clusterLines, productLines } from './clusters.ts';
import { headline } from './headline.ts';
import { measureLines } from './measures.ts';
import { plainStyle, type Style } from './style.ts';
import { wrap } from './text.ts';
import { comparisonLines, timelineLines } from './timeline.ts';
import { causeLines, loopLines, loopRemark } from './why.ts';

/**
 * The report on one run as text, from the outcome in a sentence to the last assumption: what matters most comes first, so a
 * reader may stop anywhere.
 */

/** How a report is written. */
export interface ReportOptions {
  /** Columns; default 100. Narrower than 60 is treated as 60. */
  readonly width?: number;
  /** Default: no colours. */
  readonly style?: Style;
  /** The same scenario without the mitigations, to set its KPIs beside those of this run. */
  readonly baseline?: RunResult;
  /** Changes made by hand for this run, as difference lines. */
  readonly changes?: readonly string[];
  /** True when the run was stopped early, so that its outcome is called a state; default false. */
  readonly isPartial?: boolean;
  /** Says the outcome again at the end, where somebody at a terminal looks first; default false. */
  readonly endsWithOutcome?: boolean;
}

const narrowest = 60;

/** The report, ending in a line break. */
export function reportText(result: RunResult, options: ReportOptions = {}): string {
  const { style = plainStyle, baseline, changes = [] } = options;
  const width = Math.max(narrowest, options.width ?? 100);
  const outcome = headline(result);
  const [title, inShort] = options.isPartial === true ? ['So far: ', 'In short, so far: '] : ['', 'In short: '];
  const section = (title: string, lines: readonly string[], remark = ''): string[] => {
    if (lines.length === 0) return [];
    const isFitting = title.length + 2 + remark.length <= width;
    const head = style.strong(title.toUpperCase());
    if (remark === '') return ['', head, ...lines];
    return isFitting
      ? ['', `${head}  ${style.faint(remark)}`, ...lines]
      : ['', head, ...wrap(remark, width).map(style.faint), ...lines];
  };
  const lines = [
    style.strong(result.title),
    ...wrap(`${title}${outcome}`, width),
    ...section('Changed for this run', changes),
    ...section('Mitigated by', mitigationLines(result.mitigations, width, style)),
    ...section('Published and simulated', comparisonLines(result, width, style)),
    ...section(
      'What happened, when',
      timelineLines(result, width, style),
      `${result.clock.zone}, and time since the trigger`,
    ),
    ...section('Over time', chartLines(result, width, style)),
    ...section('Cluster by cluster', clusterLines(result, width, style)),
    ...section('Product by product', productLines(result, width, style)),
    ...section(
      baseline === undefined ? 'In numbers' : 'In numbers, beside the baseline',
      measureLines(result, baseline, width, style),
    ),
    ...section('Why the first user request failed', causeLines(result, width, style)),
    ...section('Why it went on', loopLines(result, width, style), loopRemark(result)),
    ...section(
      'Assumed',
      assumptionLines(result.assumptions, width, style),
      `of ${sourceSummary(result.assumptions)} values`,
    ),
    ...section('Be careful', warningLines(result, width, style)),
    '',
    ...wrap(identityLine(result), width).map(style.faint),
    ...(options.endsWithOutcome === true ? ['', ...wrap(`${inShort}${outcome}`, width)] : []),
  ];
  return `${lines.join('\n')}\n`;
}
