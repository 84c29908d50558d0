/** The section of a document about what operators do, step by step: `operators.playbook`. */
import type { Duration } from '@brownout/core';
import * as z from 'zod';
import { lazily } from '../lazily.ts';
import type { Playbook, PlaybookStep } from '../../operations/playbook/playbook.ts';
import type { DurationDistribution, DurationDistributionInput } from '../duration-distribution.ts';
import { durationDistribution } from '../duration-distribution.ts';
import type { Stated } from '../provenance.ts';
import { count, duration, number, share } from '../quantity.ts';
import { stepProblems } from './playbook-checks.ts';
import { type PlaybookStepDocument, playbookStep } from './playbook-step.ts';

/** What a document says about the playbook. */
export interface PlaybookSection extends Pick<Playbook, 'order' | 'work' | 'credential' | 'reinforcements'> {
  /** Users complain when so large a share of their requests has failed for so long; default nobody listens. */
  readonly complaints?: { readonly above: number; readonly for: Duration } | undefined;
  /** A diagnosis is wrong with this chance, and that takes so long to see; default never. */
  readonly misdiagnosis?: { readonly chance: number; readonly timeLost: DurationDistribution } | undefined;
  /** How many times as long a diagnosis takes while dashboards are dark; default 1. */
  readonly darkDiagnosis: number;
  /** Default what `rollback`, `escalation`, `recovery` and `steering` say. */
  readonly steps?: readonly PlaybookStep[] | undefined;
  /** Steps besides those; default none. */
  readonly also?: readonly PlaybookStep[] | undefined;
}

/** The same as it is written. */
export interface PlaybookDocument {
  readonly order?: Playbook['order'] | undefined;
  readonly work?: Playbook['work'] | undefined;
  readonly credential?: Playbook['credential'] | undefined;
  readonly reinforcements?: readonly { readonly after: Stated<string>; readonly members: Stated<number> }[] | undefined;
  readonly complaints?: { readonly above: Stated<number | string>; readonly for: Stated<string> } | undefined;
  readonly misdiagnosis?:
    | { readonly chance: Stated<number | string>; readonly timeLost: Stated<DurationDistributionInput> }
    | undefined;
  readonly darkDiagnosis?: Stated<number> | undefined;
  readonly steps?: readonly PlaybookStepDocument[] | undefined;
  readonly also?: readonly PlaybookStepDocument[] | undefined;
}

/** The longest a diagnosis may take, as a multiple: a limit on nonsense, not on people. */
const DARKEST = 100;

/** The rules of this section. */
export const playbookSection: () => z.ZodType<PlaybookSection, PlaybookDocument> = lazily(() =>
  z
    .strictObject({
      order: z
        .enum(['as-they-come', 'largest-first', 'smallest-first', 'worst-first'])
        .prefault('as-they-come')
        .describe('which cluster gets members of the crew first'),
      work: z
        .enum(['parallel', 'sequential'])
        .prefault('parallel')
        .describe('whether several steps for one cluster may be under way at once'),
      credential: z
        .enum(['admin', 'system-masters'])
        .prefault('system-masters')
        .describe('certificate of requests to the API: one that flow control queues, or one that it exempts'),
      reinforcements: z
        .array(z.strictObject({ after: duration(), members: count({ min: 1 }) }))
        .max(20)
        .prefault([])
        .describe('more members of the crew, so long after the first were notified'),
      complaints: z
        .strictObject({ above: share(), for: duration() })
        .optional()
        .describe('users complain when this share of all requests has failed for so long; default nobody listens'),
      misdiagnosis: z
        .strictObject({ chance: share(), timeLost: durationDistribution() })
        .optional()
        .describe('a diagnosis is wrong with this chance, and that takes so long to see; default never'),
      darkDiagnosis: number({ min: 1, max: DARKEST })
        .prefault(1)
        .describe('how many times as long a diagnosis takes while dashboards are dark'),
      steps: z.array(playbookStep()).min(1).max(100).optional().describe('default what the keys of operators say'),
      also: z.array(playbookStep()).max(20).optional().describe('steps besides those; default none'),
    })
    .superRefine(({ steps = [], also = [] }, context) => {
      for (const { path, message } of stepProblems([...steps, ...also])) {
        const [index, ...rest] = path;
        const isBesides = typeof index === 'number' && index >= steps.length;
        const place = isBesides ? ['also', index - steps.length, ...rest] : ['steps', ...path];
        context.addIssue({ code: 'custom', path: place, message });
      }
    }),
);
