/** docs/guides/drill.md says what there is: its tables are held to the code. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadDocument } from '../scenario/load.ts';
import { parseScenario } from '../scenario/parse.ts';
import { commands } from './console/commands.ts';
import { difficulties } from './difficulty.ts';
import { defaultRoles } from './roles.ts';
import { FAILURES_PER_TICKET } from './sight/customers.ts';
import { smallDocument } from './testing/small-drill.ts';

const page = readFileSync(new URL('../../../../docs/guides/drill.md', import.meta.url), 'utf8');

/** Rows of the table after a mark. */
function rowsAfter(mark: string): string[] {
  const [, rest = ''] = page.split(`<!-- ${mark} -->`);
  const table = rest.trimStart().split('\n\n')[0]!.split('\n');
  return table.slice(2);
}

const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

describe('the guide', () => {
  it('lists every command', () => {
    expect(rowsAfter('commands')).toEqual(
      commands.map(
        ({ usage, summary, needs }) =>
          `| \`${usage.replaceAll('|', '\\|')}\` | ${summary} | ${needs === undefined ? '' : `\`${needs}\``} |`,
      ),
    );
  });

  it('lists every role and difficulty', () => {
    expect(rowsAfter('roles')).toEqual(
      defaultRoles.map(
        ({ id, title, abilities, boards }) => `| ${title} (\`${id}\`) | ${code(abilities)} | ${code(boards)} |`,
      ),
    );
    expect(rowsAfter('difficulties')).toEqual(
      difficulties.map(({ id, title, what }) => `| ${title} (\`${id}\`) | ${what} |`),
    );
  });

  it('shows a section that documents can have', async () => {
    const [, yaml = ''] = /```yaml\n([^]*?)```/.exec(page) ?? [];
    const { data } = await loadDocument(yaml, 'guide.yaml');
    const { drill } = parseScenario({ ...smallDocument(), ...(data as object) }, 'guide');
    expect(drill!.roles![0]!.abilities).toContain('inside');
  });

  it('says how often customers complain', () => {
    expect(page).toContain(`one in ${FAILURES_PER_TICKET.toLocaleString('en')} failed requests`);
  });
});
