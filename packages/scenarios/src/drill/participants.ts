/** Trainees with what comes of their roles, and their consoles. */
import type { DrillSetup } from './drill-setup.ts';
import { abilitiesOf, type Ability, type DrillRole, rolesNamed } from './roles.ts';
import { TraineeConsole } from './trainee-console.ts';

/** One trainee of a session. */
export interface Participant {
  readonly name: string;
  readonly roles: readonly DrillRole[];
  readonly abilities: ReadonlySet<Ability>;
  readonly shell: TraineeConsole;
}

/** All trainees, in the order of the setup. */
export function participantsOf({ trainees }: DrillSetup, roles: readonly DrillRole[]): Participant[] {
  return trainees.map(({ name, roles: ids }) => {
    const held = rolesNamed(ids, roles);
    return { name, roles: held, abilities: abilitiesOf(held), shell: new TraineeConsole() };
  });
}
