import { DrillSession, plainStyle, type Trainee } from '@brownout/scenarios';
import { describe, expect, it } from 'vitest';
import { tinyDocument } from '../../test/tiny-document.ts';
import { TerminalDrill } from './terminal-drill.ts';

const document = await tinyDocument('30 min');
const all = ['commander', 'platform', 'networking', 'communications'];

interface Seen {
  readonly drill: TerminalDrill;
  readonly session: DrillSession;
  /** What was printed since the last call. */
  read(): string;
}

function begun(trainees: readonly Trainee[] = [{ name: 'you', roles: all }]): Seen {
  const session = new DrillSession({ document, trainees, difficulty: 'guided' });
  session.start();
  let text = '';
  const write = (more: string): void => void (text += more);
  const save = (file: string | undefined): string => file ?? 'session.json';
  const drill = new TerminalDrill(session, { write, save, speed: 60, style: plainStyle, width: 100 });
  drill.begin();
  return {
    drill,
    session,
    read: () => {
      const read = text;
      text = '';
      return read;
    },
  };
}

describe('a drill in a terminal', () => {
  it('begins with what one is told, at the trigger', () => {
    const { drill, read } = begun();
    expect(read()).toMatch(/^On call\n[\s\S]*small \(3 nodes\), large \(8 nodes\)[\s\S]*It is 10:00:00\. Type help/);
    expect(drill.prompt).toBe('10:00:00 you $ ');
  });

  it('lets time pass at its speed, and stops it', () => {
    const { drill, session } = begun();
    drill.tick(0.5);
    expect(session.now).toBe(30);
    drill.line('/speed 10');
    drill.tick(1);
    expect(session.now).toBe(40);
    drill.line('/pause');
    drill.tick(1);
    expect(session.now).toBe(40);
    expect(drill.prompt).toContain('paused');
    drill.line('/resume');
    drill.tick(1);
    expect(session.now).toBe(50);
    drill.line('/skip 2 min');
    expect(session.now).toBe(170);
    expect(session.log.map(({ kind }) => kind)).toEqual(['pause', 'resume']);
  });

  it('types lines into the console, and waits for what comes back', () => {
    const { drill, session, read } = begun();
    read();
    drill.line('kubectl --context large get nodes');
    expect(drill.prompt).toContain('...');
    drill.line('/wait');
    expect(drill.prompt).toContain('$');
    expect(read()).toMatch(/NAME +STATUS[\s\S]*Ready/);
    expect(session.log).toHaveLength(1);
  });

  it('gives a command up that has not come back', () => {
    const { drill, read } = begun();
    drill.line('kubectl --context large get nodes');
    read();
    expect(drill.interrupt()).toBe(true);
    expect(read()).toContain('^C');
    expect(drill.interrupt()).toBe(false);
  });

  it('shows boards, alerts and the runbook', () => {
    const { drill, read } = begun();
    drill.line('/skip 3 min');
    read();
    drill.line('/board overview');
    expect(read()).toMatch(/^All clusters[\s\S]*large +[▁▂▃▄▅▆▇█·]+ /);
    drill.line('/alerts');
    expect(read()).toContain('no alert has fired');
    drill.line('/runbook');
    expect(read()).toMatch(/button +what +the line that it enters/);
    drill.line('/truth');
    expect(read()).toContain('What has happened, whoever could know of it');
  });

  it.each([
    ['/bord', '/bord: no such command; did you mean "board"? (/help lists them)'],
    ['/board api', '/board: you have '],
    ['/speed 0', '/speed: expected a number from 1 to 1000, got "0"'],
    ['/skip soon', '/skip: expected a time up to 24 h such as "5 min", got "soon"'],
    ['/as bo', '/as: expected you, got "bo"'],
    ['/fault {', 'JSON'],
    ['/fault {"kind":"flood"}', 'fault'],
    ['kubctl get nodes', 'did you mean "kubectl"?'],
  ])('says what is wrong with %s, and goes on', (line, message) => {
    const { drill, read, session } = begun();
    read();
    drill.line(line);
    expect(read()).toContain(message);
    expect(drill.isOver).toBe(false);
    drill.tick(1);
    expect(session.now).toBe(60);
  });

  it('changes seats, each with a console and news of its own', () => {
    const { drill, read } = begun([
      { name: 'ana', roles: ['platform'] },
      { name: 'bo', roles: ['networking'] },
    ]);
    drill.line('say names fail in large');
    read();
    drill.line('/as bo');
    expect(drill.prompt).toContain('bo');
    expect(read()).toContain('ana: names fail in large');
    drill.line('cloud apiserver resize large --factor 2');
    expect(read()).toContain('permission denied');
  });

  it('completes commands of both kinds', () => {
    const { drill } = begun();
    expect(drill.complete('/bo')).toEqual(['/board']);
    expect(drill.complete('/board ov')).toEqual(['overview']);
    expect(drill.complete('kub')).toEqual(['kubectl']);
  });

  it('ends when somebody says so, and when its time is over', () => {
    const one = begun();
    one.drill.line('/end');
    expect(one.drill.isOver).toBe(true);
    const other = begun();
    other.drill.line('/skip 40 min');
    while (!other.drill.isOver) other.drill.line('/skip 40 min');
    expect(other.session.now).toBe(1800);
  });
});
