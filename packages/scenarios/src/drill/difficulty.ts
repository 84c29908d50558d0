/** Difficulties of a drill: what differs is what is seen, who helps and what misleads; never the model, and never its times. */

/** Name of a difficulty. */
export type DifficultyId = 'guided' | 'standard' | 'expert';

/** What a difficulty means. Plain data. */
export interface Difficulty {
  readonly id: DifficultyId;
  readonly title: string;
  /** In a sentence, for whoever chooses. */
  readonly what: string;
  /** `role`: all boards of one's roles. `watched`: of those only what alert rules and the rollout itself watch. */
  readonly dashboards: 'role' | 'watched';
  /** Hints that may be asked for in all; `null` = as many as there are. The facilitator may always send one. */
  readonly hints: number | null;
  /**
   * Who does what nobody's role covers, by the playbook of the document: `all` of it, only the `outer` steps that stop
   * a rollout or move traffic, or `nobody`.
   */
  readonly colleagues: 'all' | 'outer' | 'nobody';
  /** Whether colleagues say in the chat what they see on dashboards. */
  readonly chatter: boolean;
  /** Changes and tickets that have nothing to do with it, at most; drawn from the seed. */
  readonly falseLeads: number;
}

/** From the easiest to the hardest. */
export const difficulties: readonly Difficulty[] = [
  {
    id: 'guided',
    title: 'Guided',
    what: 'All dashboards of your roles, as many hints as there are, and colleagues who do by the playbook what your roles do not cover.',
    dashboards: 'role',
    hints: null,
    colleagues: 'all',
    chatter: true,
    falseLeads: 0,
  },
  {
    id: 'standard',
    title: 'Standard',
    what: 'All dashboards of your roles, six hints, colleagues who stop the rollout and move traffic if that is not yours, and two false leads.',
    dashboards: 'role',
    hints: 6,
    colleagues: 'outer',
    chatter: true,
    falseLeads: 2,
  },
  {
    id: 'expert',
    title: 'Expert',
    what: 'Only what the alert rules and the rollout itself watch, no hints, nobody else at work, and four false leads.',
    dashboards: 'watched',
    hints: 0,
    colleagues: 'nobody',
    chatter: false,
    falseLeads: 4,
  },
];

/** The difficulty with this id. */
export function difficultyNamed(id: DifficultyId): Difficulty {
  return difficulties.find((one) => one.id === id)!;
}
