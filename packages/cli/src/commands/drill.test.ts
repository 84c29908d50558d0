import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { brownout, temporaryFolder, type Invocation } from '../../test/context.ts';
import { tinyText } from '../../test/tiny-document.ts';

const tiny = await tinyText('12 min');

const script = `
trainees: { ana: [platform], bo: [commander, networking, communications] }
difficulty: guided
actions:
  - { at: 6 min, by: ana, line: "kubectl --context large get nodes" }
  - { after: 10 s, by: bo, line: declare users see errors }
  - { at: 8 min, by: bo, line: "net throttle large --per-second 1" }
  - { at: 9 min, note: they began with the network }
`;

const root = fileURLToPath(new URL('../../../..', import.meta.url));

function folderWith(files: Readonly<Record<string, string>> = {}): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries({ 'tiny.yaml': tiny, 'play.yaml': script, ...files })) {
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

async function run(args: string, folder: string, typed?: string): Promise<Invocation> {
  const keyboard =
    typed === undefined ? {} : { keyboard: { input: Readable.from([typed]), output: undefined, isTerminal: false } };
  return await brownout(args.split(' '), { folder, ...keyboard });
}

describe('brownout drill', () => {
  it('plays a script, tells it as a transcript, and leaves a session that plays again to its digest', async () => {
    const folder = folderWith();
    const played = await run('drill tiny.yaml --script play.yaml --debrief none --out d', folder);
    expect([played.exitCode, played.stderr]).toEqual([0, '']);
    expect(played.stdout).toMatch(/10:06:00 {2}\$ \[ana\] kubectl --context large get nodes\nNAME +STATUS/);
    expect(played.stdout).toContain('incident-bot: bo declares an incident: users see errors');
    expect(played.stdout).toContain('Debrief: Two tiny clusters');
    expect(played.stdout).toMatch(/not tried without it +net throttle large --per-second 1/);
    const [first, again] = await Promise.all([
      readFileSync(join(folder, 'd/session.json'), 'utf8'),
      run('drill --session d/session.json --debrief none --out e --json', folder),
    ]);
    expect([again.exitCode, again.stderr.split('\n')[0]]).toEqual([0, 'Session: e/session.json']);
    expect(readFileSync(join(folder, 'e/session.json'), 'utf8')).toBe(first);
    expect(JSON.parse(again.stdout)).toMatchObject({ schema: 'brownout/debrief@1', seed: '1' });
    expect(readFileSync(join(folder, 'd/postmortem.md'), 'utf8')).toContain('# ');
  });

  it('prints for the example of the README what stands there', { timeout: 180_000 }, async () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const [, excerpt = ''] = /Parts of what the last line prints:\n\n```text\n([\s\S]*?)```/.exec(readme) ?? [];
    const lines = excerpt.split('\n').filter((line) => line !== '');
    expect(lines.length).toBeGreaterThan(10);
    const example = 'drill docs/guides/two-clusters.yaml --script examples/drill/two-clusters.yaml --workers 2';
    const played = await brownout([...example.split(' '), '--out', temporaryFolder()], { folder: root });
    expect([played.exitCode, played.stderr]).toEqual([0, '']);
    const printed = played.stdout.split('\n');
    let from = 0;
    for (const line of lines) {
      const found = printed.indexOf(line, from);
      expect(found, line).toBeGreaterThanOrEqual(from);
      from = found + 1;
    }
    expect(played.stdout).not.toMatch(/not taken|permission denied|command not found|unknown command|syntax error/);
  });

  it('understands the script of its guide', async () => {
    const guide = readFileSync(join(root, 'docs/guides/drill-command.md'), 'utf8');
    const [, text = ''] = /```yaml\n(trainees:[\s\S]*?)```/.exec(guide) ?? [];
    const document = readFileSync(join(root, 'docs/guides/two-clusters.yaml'), 'utf8');
    const folder = folderWith({ 'guide.yaml': text, 'two.yaml': document });
    const played = await run('drill two.yaml --script guide.yaml --debrief none', folder);
    expect([played.exitCode, played.stderr]).toEqual([0, '']);
    expect(played.stdout).not.toMatch(/not taken|permission denied|command not found/);
  });

  it('says when a session comes to another digest than it was saved with', async () => {
    const folder = folderWith();
    await run('drill tiny.yaml --script play.yaml --debrief none --out d', folder);
    const file = join(folder, 'd/session.json');
    const session = JSON.parse(readFileSync(file, 'utf8')) as { digest: string };
    writeFileSync(file, JSON.stringify({ ...session, digest: '0'.repeat(16) }));
    const again = await run('drill --session d/session.json --debrief none --out e', folder);
    expect([again.exitCode, again.stderr]).toEqual([99, expect.stringContaining('played again it comes to')]);
  });

  it('takes lines from a pipe, where time passes only by /skip and /wait', async () => {
    const folder = folderWith();
    const typed = ['/skip 6 min', 'kubectl --context large get nodes', '/wait', '/board overview', '/end', 'never'];
    const played = await run('drill tiny.yaml --debrief none', folder, `${typed.join('\n')}\n`);
    expect(played.exitCode).toBe(0);
    expect(played.stdout).toMatch(/10:0\d:\d\d you \$ \/board overview\nAll clusters/);
    expect(played.stdout).not.toContain('never');
    expect(played.stdout).toContain('Session: brownout-out/tiny-1-drill/session.json');
  });

  it('compares with nobody and with the crew, on threads, and judges thresholds', { timeout: 120_000 }, async () => {
    const folder = folderWith();
    const args =
      'drill tiny.yaml --script play.yaml --debrief short --runs 2 --workers 1 --json --threshold clustersLost<0';
    const { exitCode, stdout, stderr } = await run(args, folder);
    expect([exitCode, stderr]).toEqual([99, expect.stringContaining('clustersLost')]);
    expect(JSON.parse(stdout)).toMatchObject({ made: { runs: 5, seeds: 1 }, thresholds: [{ holds: false }] });
  });

  it.each([
    ['drill', 'expected the id of an incident, a file, or --session <file>'],
    ['drill tiny.yaml', 'nobody can type here; expected --script or --serve'],
    ['drill tiny.yaml --role pilot --script play.yaml', 'expected a role among commander, platform'],
    ['drill tiny.yaml --trainee ana --script play.yaml', '--trainee: expected a name and roles such as'],
    ['drill tiny.yaml --role platform --trainee ana=all --script play.yaml', 'expected one of the two, got both'],
    ['drill tiny.yaml --difficulty gided --script play.yaml', 'got "gided"; did you mean "guided"?'],
    ['drill tiny.yaml --speed 0 --script play.yaml', '--speed: expected 1 to 1000'],
    ['drill tiny.yaml --debrief long --script play.yaml', '--debrief: expected full, short or none, got "long"'],
    ['drill tiny.yaml --runs 0 --script play.yaml', '--runs: expected a whole number from 1 to 31, got "0"'],
    ['drill tiny.yaml --script nowhere.yaml', 'cannot read "nowhere.yaml": no such file'],
    ['drill tiny.yaml --script late.yaml', 'actions[1].at: it is 120 s after the trigger by then, got 60 s'],
    ['drill tiny.yaml --script who.yaml', 'actions[0].by: expected ana, got "bo"'],
    ['drill --session tiny.yaml', 'tiny.yaml'],
    ['drill tiny.yaml --session d.json', 'a saved session is its own scenario'],
    ['drill tiny.yaml --serve --port 70000', '--port: expected 0 to 65535, got "70000"'],
  ])('refuses %s', async (args, message) => {
    const folder = folderWith({
      'late.yaml': 'actions: [{ at: 2 min, line: help }, { at: 1 min, line: help }]',
      'who.yaml': 'trainees: { ana: [platform] }\nactions: [{ at: 2 min, by: bo, line: help }]',
    });
    const { exitCode, stderr } = await run(`${args} --debrief none`, folder).then((one) =>
      args.includes('--debrief long') ? run(args, folder) : one,
    );
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
