import type { Incident } from '../incidents/index.ts';
import type { Profile } from '../kubernetes/profiles/release.ts';
import { type Mitigation, type MitigationParameter, mitigationThemes, themeTitles } from '../scenario/mitigation.ts';
import { textOf } from '../scenario/provenance.ts';
import { plainStyle, type Style } from './style.ts';
import { hang, wrap } from './text.ts';

/** What there is to choose from: incidents, mitigations and profiles, as `brownout list` prints them. */

/** How a catalogue is written. */
export interface CatalogueOptions {
  /** Columns; default 100. */
  readonly width?: number;
  /** Default: no colours. */
  readonly style?: Style;
  /** Profiles of Kubernetes; default none. Those of more than one release get a line each, the others share one. */
  readonly profiles?: readonly Profile[];
}

/**
 * Incidents, then mitigations with their parameters and defaults, then profiles; of what there is none of, nothing is said. Ends in
 * a line break.
 */
export function catalogueText(
  incidents: readonly Incident[],
  mitigations: readonly Mitigation[],
  options: CatalogueOptions = {},
): string {
  const { width = 100, style = plainStyle, profiles = [] } = options;
  const sections = [
    section('INCIDENTS', incidentEntries(incidents, width, style), style),
    section('MITIGATIONS', themed(mitigations, width, style), style),
    section('PROFILES OF KUBERNETES (kubernetes.profile)', profileEntries(profiles, width, style), style),
  ];
  return sections.filter((text) => text !== '').join('\n');
}

function section(title: string, lines: readonly string[], style: Style): string {
  return lines.length === 0 ? '' : `${[style.strong(title), ...lines].join('\n')}\n`;
}

function incidentEntries(incidents: readonly Incident[], width: number, style: Style): string[] {
  return incidents.flatMap(({ id, title, summary }) => [
    ...heading(id, title, width, style),
    ...wrap(summary, width - 6).map((line) => `      ${line}`),
  ]);
}

/** What an entry is called; colours take no room. */
function heading(id: string, title: string, width: number, style: Style): string[] {
  const [first = '', ...rest] = wrap(title, width - id.length - 4);
  return [`  ${style.strong(id)}  ${first}`, ...rest.map((line) => `      ${line}`)];
}

/** By theme, in the order of the themes; within one in the order given. */
function themed(mitigations: readonly Mitigation[], width: number, style: Style): string[] {
  const themes = mitigationThemes.filter((theme) => mitigations.some((one) => one.theme === theme));
  return themes.flatMap((theme, index) => [
    ...(index === 0 ? [] : ['']),
    `  ${style.faint(themeTitles[theme])}`,
    ...mitigations.filter((one) => one.theme === theme).flatMap((one) => mitigationEntry(one, width, style)),
  ]);
}

function profileEntries(profiles: readonly Profile[], width: number, style: Style): string[] {
  const families = profiles.filter(({ releases }) => releases.length > 1);
  const single = profiles.filter(({ releases }) => releases.length === 1);
  return [
    ...families.flatMap(({ name, title }) => hang(`  ${style.strong(name)}  `, title, width)),
    ...(single.length === 0 ? [] : hang('  one release: ', single.map(({ name }) => name).join(', '), width)),
  ];
}

function mitigationEntry(mitigation: Mitigation, width: number, style: Style): string[] {
  const { id, title, what, costs, leavesOut } = mitigation;
  const about = [
    ['', what],
    ['costs: ', costs],
    ['leaves out: ', leavesOut],
  ] as const;
  return [
    ...heading(id, title, width, style),
    ...about.flatMap(([label, text]) => hang('      ', `${label}${text}`, width)),
    ...Object.entries(mitigation.parameters).flatMap(([name, parameter]) =>
      hang(`      ${name}=${typed(parameter.default)}  `, parameterText(parameter), width, style.faint),
    ),
  ];
}

/** A value as it is typed behind `--mitigate`. */
function typed(value: MitigationParameter['default']): string {
  return Array.isArray(value) ? value.join('/') : textOf(value);
}

function parameterText(parameter: MitigationParameter): string {
  return parameter.kind === 'choice'
    ? `${parameter.description}: ${parameter.options.join(', ')}`
    : parameter.description;
}
