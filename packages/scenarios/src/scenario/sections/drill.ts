/**
 * The section of a document about its drill: what trainees are told, which roles there are, hints, and things that have
 * nothing to do with it. No run reads it: the same document with another such section is the same day.
 */
import type { Duration } from '@brownout/core';
import * as z from 'zod';
import type { Written } from '../document.ts';
import { identifier } from '../identifier.ts';
import { lazily } from '../lazily.ts';
import { duration } from '../quantity.ts';

/** What somebody is able to do in a drill; drill/roles.ts says what each means. */
export const drillAbilities = [
  'kubectl-read',
  'kubectl-write',
  'inside',
  'cloud',
  'network',
  'nodes',
  'traffic',
  'pipeline',
  'declare',
  'status-page',
] as const;

/** Boards of panels that a role may have, in the order in which they are shown. */
export const drillBoards = ['users', 'overview', 'api-servers', 'latency', 'etcd', 'nodes', 'dns', 'agent'] as const;

/** How far trainees have come, as far as that shows in what they saw and did; hints go by it. */
export const drillPhases = ['notice', 'orient', 'act', 'locked-out', 'recover', 'close'] as const;

/** One of the abilities. */
export type DrillAbility = (typeof drillAbilities)[number];

/** One of the boards. */
export type DrillBoard = (typeof drillBoards)[number];

/** One of the phases. */
export type DrillPhase = (typeof drillPhases)[number];

/** A role of the document's own. */
export interface DrillRoleSection {
  readonly id: string;
  readonly title: string;
  /** What whoever holds it is told, in a sentence or two. */
  readonly task: string;
  readonly abilities: readonly DrillAbility[];
  readonly boards: readonly DrillBoard[];
  /** Whether single complaints of customers reach it; default false. */
  readonly seesCustomers?: boolean | undefined;
}

/** Something that has nothing to do with it and may be taken for a cause. */
export interface DrillLeadSection {
  /** Relative to the trigger. */
  readonly at: Duration;
  /** Where it shows: among the changes of the pipeline, as a ticket, or as a message of a colleague. */
  readonly kind: 'change' | 'ticket' | 'chat';
  readonly text: string;
}

/** What a document says about its drill. */
export interface DrillSection {
  /** What all trainees are told; default the document's summary is kept back, and a sentence is made of its clusters. */
  readonly briefing?: string | undefined;
  /** Where a drill begins, relative to the trigger; default the trigger. */
  readonly start?: Duration | undefined;
  /** Default the usual four. */
  readonly roles?: readonly DrillRoleSection[] | undefined;
  /** In place of the usual hints of their phase, in the order in which they are given. */
  readonly hints?: readonly { readonly phase: DrillPhase; readonly text: string }[] | undefined;
  /** In place of the usual false leads. */
  readonly leads?: readonly DrillLeadSection[] | undefined;
}

const text = (longest: number): z.ZodString => z.string().min(1).max(longest);

/** The rules of this section. */
export const drillSection: () => z.ZodType<DrillSection, Written<DrillSection>> = lazily(() =>
  z
    .strictObject({
      briefing: text(4000).optional().describe('what all trainees are told before it begins'),
      start: duration({ min: -Infinity }).optional().describe('where a drill begins, relative to the trigger'),
      roles: z
        .array(
          z.strictObject({
            id: identifier(),
            title: text(60),
            task: text(500).describe('what whoever holds it is told'),
            abilities: z.array(z.enum(drillAbilities)).max(drillAbilities.length).describe('what it is able to do'),
            boards: z.array(z.enum(drillBoards)).max(drillBoards.length).describe('dashboards it has'),
            seesCustomers: z.boolean().optional().describe('whether single complaints reach it; default false'),
          }),
        )
        .min(1)
        .max(12)
        .optional()
        .describe('default incident commander, platform, networking and communications'),
      hints: z
        .array(z.strictObject({ phase: z.enum(drillPhases), text: text(500) }))
        .max(60)
        .optional()
        .describe('in place of the usual hints of their phase, in the order in which they are given'),
      leads: z
        .array(
          z.strictObject({
            at: duration({ min: -Infinity }).describe('relative to the trigger'),
            kind: z.enum(['change', 'ticket', 'chat']),
            text: text(300),
          }),
        )
        .max(20)
        .optional()
        .describe('things that have nothing to do with it, in place of the usual false leads'),
    })
    .superRefine(({ roles = [] }, context) => {
      roles.forEach(({ id }, index) => {
        if (roles.findIndex((other) => other.id === id) === index) return;
        context.addIssue({ code: 'custom', path: ['roles', index, 'id'], message: `role "${id}" stands here twice` });
      });
    }),
);
