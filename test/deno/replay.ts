/** Run by Deno: the library from the built packages, on threads, on the scenario of its first argument. Prints JSON. */
import { readFileSync } from 'node:fs';
import { argv } from 'node:process';
import { compare, defineScenario, replay } from 'brownout';

const display = Symbol.for('Jupyter.display');
const day = defineScenario(JSON.parse(readFileSync(argv[2]!, 'utf8')) as object);

const run = await replay(day, { seed: 3 });
const { 'text/html': html = '' } = await run.display();
const many = await compare(day, { seed: 3, replications: 2, workers: 2, variants: ['cached-list'] });

console.log(
  JSON.stringify({
    digest: run.result.digest,
    isShown: display in run,
    picture: html.slice(0, html.indexOf(';base64')),
    digests: many.rows().map((row) => row['digest']),
  }),
);
