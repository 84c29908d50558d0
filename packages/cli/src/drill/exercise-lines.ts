/** Lines of a terminal drill that begin with a slash: what there is, and what the facilitator says with them. */
import type { Facilitation, FaultDocument } from '@brownout/scenarios';

/** What `/help` prints. */
export const exerciseHelp: readonly string[] = [
  '/board [name]            dashboards: all of yours, or one',
  '/alerts                  alerts that fire, and those that have stopped',
  '/runbook                 buttons, and the lines that they stand for',
  '/push <button> [cluster] press one',
  '/brief                   what you were told',
  '/pause, /resume          stop the clock, let it go on',
  '/speed <n>               simulated seconds to one of yours, 1 to 1000',
  '/skip <time>             let time pass at once, such as /skip 5 min; news end it when an alert fires',
  '/wait                    let time pass until the command has come back',
  '/as <trainee>            change seats, where several take part',
  '/save [file]             keep the session',
  '/end                     end the exercise, and see the debrief',
  'for the facilitator: /truth, /note <text>, /message <text>, /hint [text], /fault <JSON>',
  'everything else is typed into your console: help lists the commands',
];

/** Those that only whoever runs the exercise needs, and that the session is told of. */
export const facilitatorWords: readonly string[] = ['note', 'message', 'hint', 'fault'];

/** What such a line says. Throws an error with words for whoever typed it. */
export function facilitationOf(word: string, rest: string): Facilitation {
  switch (word) {
    case 'note':
    case 'message':
      return { kind: word, text: rest };
    case 'hint':
      return { kind: 'hint', ...(rest === '' ? {} : { text: rest }) };
    default:
      return { kind: 'fault', fault: faultOf(rest) };
  }
}

function faultOf(text: string): FaultDocument {
  try {
    return JSON.parse(text) as FaultDocument;
  } catch {
    throw new RangeError(`/fault: expected a fault as JSON, got "${text}"`);
  }
}
