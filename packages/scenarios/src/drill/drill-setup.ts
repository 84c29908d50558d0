/** What a drill is made from: plain data, the same for the page, the terminal and the server. */
import type { ScenarioDocument } from '../scenario/document.ts';
import type { DifficultyId } from './difficulty.ts';
import { defaultRoles, type DrillRole, rolesNamed } from './roles.ts';

/** Somebody who takes part. */
export interface Trainee {
  /** As the others call them: up to 40 letters, digits, spaces and . _ - */
  readonly name: string;
  /** Ids of the roles held; at least one. */
  readonly roles: readonly string[];
}

/** Which drill it is. */
export interface DrillSetup {
  readonly document: ScenarioDocument;
  /** Default 1. */
  readonly seed?: string | undefined;
  readonly trainees: readonly Trainee[];
  /** Default standard. */
  readonly difficulty?: DifficultyId | undefined;
  /** Who works on what nobody's role covers; default what the difficulty says. */
  readonly colleagues?: 'by-difficulty' | 'nobody' | undefined;
  /**
   * Where it begins, in seconds after the trigger; default the trigger. What happened before is history that trainees find
   * on their dashboards.
   */
  readonly startSeconds?: number | undefined;
  /** Where it ends; default the end of the document's horizon. */
  readonly endSeconds?: number | undefined;
  /**
   * Machines kept in each cluster for `cloud apiserver add`, in every run of the drill and its debrief alike; default 2
   * (assumed: what a reservation leaves). With any the run is not digest for digest a replay of the document.
   */
  readonly spareApiServers?: number | undefined;
  /** Whether hints may be asked for at all; default true, and then as many as the difficulty allows. */
  readonly hintsAllowed?: boolean | undefined;
}

/** Name that nobody can take: whoever runs the exercise. */
export const FACILITATOR = 'facilitator';

/** Characters of a seed at most. */
export const longestSeed = 100;

/** Trainees at most. */
export const mostTrainees = 12;

/** Machines kept for more API servers. */
export function spareApiServersOf({ spareApiServers = 2 }: DrillSetup): number {
  return spareApiServers;
}

/** Roles that a document offers: its own, or the usual ones. */
export function rolesOf(document: ScenarioDocument): readonly DrillRole[] {
  const { roles } = document.drill ?? {};
  if (roles === undefined) return defaultRoles;
  return roles.map((role) => ({ ...role, seesCustomers: role.seesCustomers ?? false }));
}

/** Why a setup cannot be used; throws RangeError. The document itself is checked when it is run. */
export function checkSetup(setup: DrillSetup): void {
  const { trainees, document, seed = '1', spareApiServers = 0 } = setup;
  if (seed.length < 1 || seed.length > longestSeed) {
    throw new RangeError(`drill: expected a seed of 1 to ${longestSeed} characters, got ${seed.length}`);
  }
  if (!(Number.isInteger(spareApiServers) && spareApiServers >= 0 && spareApiServers <= 10)) {
    throw new RangeError(`drill: expected 0 to 10 spare API servers, got ${spareApiServers}`);
  }
  for (const seconds of [setup.startSeconds, setup.endSeconds]) {
    if (seconds === undefined || Number.isFinite(seconds)) continue;
    throw new RangeError(`drill: expected a number of seconds, got ${seconds}`);
  }
  if (trainees.length < 1 || trainees.length > mostTrainees) {
    throw new RangeError(`drill: expected 1 to ${mostTrainees} trainees, got ${trainees.length}`);
  }
  const names = trainees.map(({ name }) => name);
  names.forEach((name, index) => {
    if (!traineeName.test(name)) {
      throw new RangeError(`drill: expected a name of up to 40 letters, digits, spaces and . _ -, got "${name}"`);
    }
    if (name.toLowerCase() === FACILITATOR) throw new RangeError(`drill: no trainee can be called "${name}"`);
    if (names.indexOf(name) < index) throw new RangeError(`drill: two trainees are called "${name}"`);
  });
  for (const { name, roles } of trainees) {
    if (roles.length === 0) throw new RangeError(`drill: expected at least one role for ${name}, got none`);
    rolesNamed(roles, rolesOf(document));
  }
}

/** What a name of a trainee looks like. */
export const traineeName: RegExp = /^[\p{L}\p{N}](?:[\p{L}\p{N} ._-]{0,38}[\p{L}\p{N}.])?$/u;
