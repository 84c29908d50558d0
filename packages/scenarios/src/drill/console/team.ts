/** What people say to each other and to the public, and what the console knows about itself. */
import { type Command, type ConsoleContext, type Plan, printed, refused } from './command.ts';
import { manifestFiles } from './kubectl-changes.ts';

const said = (name: string, rest: string, words: readonly string[], deed: (text: string) => Plan): Plan => {
  const text = words.join(' ').trim();
  return text === '' ? refused(`usage: ${name} ${rest}`) : deed(text);
};

/** All of them, in the order of the help. */
export const teamCommands: readonly Command[] = [
  {
    name: 'declare',
    usage: 'declare [what]',
    takesText: true,
    summary: 'declare an incident: the time of this is the time of detection, if nothing else was done before',
    needs: 'declare',
    plan: (words) => ({ kind: 'deed', deed: { kind: 'declare', text: words.join(' ') } }),
  },
  {
    name: 'resolve',
    usage: 'resolve [what]',
    takesText: true,
    summary: 'call the incident over',
    needs: 'declare',
    plan: (words) => ({ kind: 'deed', deed: { kind: 'resolve', text: words.join(' ') } }),
  },
  {
    name: 'status post',
    usage: 'status post <text>',
    takesText: true,
    summary: 'write on the public status page',
    needs: 'status-page',
    plan: (words) => said('status post', '<text>', words, (text) => ({ kind: 'deed', deed: { kind: 'status', text } })),
  },
  {
    name: 'say',
    usage: 'say <text>',
    takesText: true,
    summary: 'write in the incident channel',
    plan: (words) => said('say', '<text>', words, (text) => ({ kind: 'deed', deed: { kind: 'say', text } })),
  },
  {
    name: 'ack',
    usage: 'ack <alert>',
    summary: 'say that you look at an alert, by its id',
    plan: (words) => said('ack', '<alert>', words, (alert) => ({ kind: 'deed', deed: { kind: 'acknowledge', alert } })),
  },
  {
    name: 'hint',
    usage: 'hint',
    summary: 'ask for the next hint; each is counted in the debrief',
    plan: () => ({ kind: 'deed', deed: { kind: 'hint' } }),
  },
  {
    name: 'clusters',
    usage: 'clusters',
    summary: 'names of all clusters',
    plan: (_, { clusters }) => printed(clusters.join('\n')),
  },
  {
    name: 'ls',
    usage: 'ls',
    summary: 'files that kubectl apply -f finds',
    needs: 'kubectl-write',
    plan: (_, context) => printed(filesText(context)),
  },
  {
    name: 'clear',
    usage: 'clear',
    summary: 'empty the screen',
    plan: () => ({ kind: 'deed', deed: { kind: 'clear' } }),
  },
];

function filesText(context: ConsoleContext): string {
  const files = manifestFiles(context);
  return files.length === 0
    ? 'no files'
    : files
        .map(({ file, level }) => `${file}  (a FlowSchema: requests of what was rolled out last go to ${level})`)
        .join('\n');
}
