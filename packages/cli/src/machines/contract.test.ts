import {
  engineVersion,
  headerLine,
  replicationLine,
  runHere,
  seedAt,
  type Replication,
  type Wanted,
} from '@brownout/scenarios';
import { describe, expect, it } from 'vitest';
import { tinyDocument } from '../../test/tiny-document.ts';
import {
  answerTicket,
  checkEngine,
  expectedRuns,
  jobOfTicket,
  readAnswer,
  readTicket,
  splitTicket,
  ticketId,
  ticketsOf,
  ticketText,
  type Ticket,
} from './contract.ts';

const document = await tinyDocument('1 min');
const other = await tinyDocument('2 min');

function wanted(seeds: readonly string[], of = document): Wanted[] {
  return seeds.map((seed) => ({ document: of, seed }));
}

function seedsOf({ seeds }: Ticket): string[] {
  return Array.from({ length: seeds.count }, (_, i) => seedAt(seeds.base, seeds.first + i));
}

describe('tickets', () => {
  it('cover the wanted runs in order, by consecutive seeds of one document', () => {
    const all = [...wanted(['1', '2', '3', '5']), ...wanted(['6', '7'], other), ...wanted(['x', 'x/1', 'x/2'])];
    const { tickets } = ticketsOf(all, 2);
    expect(tickets.map(seedsOf)).toEqual([['1', '2'], ['3'], ['5'], ['6', '7'], ['x', 'x/1'], ['x/2']]);
    expect(tickets.flatMap(seedsOf)).toEqual(all.map(({ seed }) => seed));
  });

  it('never put two ends of a run together, and ask for a run that is wanted twice once', () => {
    const [one, two] = wanted(['1', '2']) as [Wanted, Wanted];
    const { tickets, runs } = ticketsOf([one, { ...two, untilSeconds: 5 }, two, one], 9);
    expect(tickets.map(({ until }) => until)).toEqual([null, 5, null]);
    expect(runs.map(({ seed }) => seed)).toEqual(['1', '2', '2', '1']);
  });

  it.each(['0', '7', '999999999999999', 'a', 'a/1', 'a/2', '5/1', '05', '05/1', 'a/b/3', '/1', 'a/01'])(
    'hold seed %s as it is',
    (seed) => {
      expect(ticketsOf(wanted([seed]), 4).tickets.map(seedsOf)).toEqual([[seed]]);
    },
  );

  it('have one name wherever they are cut, and another for every other job', () => {
    const [ticket] = ticketsOf(wanted(['4', '5']), 2).tickets as [Ticket];
    const same = { ...ticket, seeds: { base: '1', first: 3, count: 2 } };
    expect(ticketId(same)).toBe(ticketId(ticket));
    expect(ticketId(ticket)).toMatch(/^job-[0-9a-f]{32}$/);
    const others = [
      { ...ticket, engine: 'e' },
      { ...ticket, hash: 'h' },
      { ...ticket, until: 3 },
      { ...ticket, seeds: { ...ticket.seeds, first: 1 } },
      { ...ticket, seeds: { ...ticket.seeds, count: 1 } },
    ];
    expect(new Set([ticket, ...others].map(ticketId)).size).toBe(6);
    expect(splitTicket(ticket).map(seedsOf)).toEqual([['4'], ['5']]);
  });

  it('are read as they were written, and anything else is refused', () => {
    const [ticket] = ticketsOf(wanted(['4', '5']), 2).tickets as [Ticket];
    expect(readTicket(JSON.parse(JSON.stringify(ticket)))).toEqual(ticket);
    for (const wrong of [
      null,
      'x',
      {},
      { ...ticket, seeds: { ...ticket.seeds, count: 0 } },
      { ...ticket, until: '1' },
    ]) {
      expect(() => readTicket(wrong)).toThrow('a job that is none of ours');
    }
  });

  it('of another engine or document are refused', () => {
    const [ticket] = ticketsOf(wanted(['4']), 1).tickets as [Ticket];
    expect(() => checkEngine({ ...ticket, engine: '9.9.9' })).toThrow(
      `the job asks for engine 9.9.9, this worker runs engine ${engineVersion}`,
    );
    expect(() => jobOfTicket(ticket, other)).toThrow(`the job names document ${ticket.hash}, the document under that`);
  });
});

describe('answers', () => {
  const [ticket] = ticketsOf(wanted(['1', '2']), 2).tickets as [Ticket];
  const maker = { make: (list: readonly Wanted[]): Promise<readonly Replication[]> => Promise.resolve(runHere(list)) };

  it('hold what was asked for, with the bytes of a run made here', async () => {
    const text = await answerTicket(ticket, document, maker, new AbortController().signal);
    expect(readAnswer(ticket, text)).toEqual(runHere(wanted(['1', '2'])));
    expect(expectedRuns(ticket).map(({ seed }) => seed)).toEqual(['1', '2']);
  });

  it('that are short, damaged, or to another question are not taken', async () => {
    const lines = runHere(wanted(['1', '2', '3'])).map(replicationLine);
    const read = (...some: string[]): unknown => readAnswer(ticket, some.join('\n'));
    expect(() => read(lines[0]!)).toThrow(`answer to ${ticketText(ticket)}: expected 2 lines, got 1`);
    expect(() => read(lines[0]!, lines[1]!.replace('"seed":"2"', '"seed":"4"'))).toThrow('line 2: its checksum is not');
    expect(() => read(lines[0]!, lines[2]!)).toThrow('line 2: expected seed 2 of document');
    const header = headerLine({ engine: 'e', documents: [], seed: '1', title: '', arguments: [] });
    expect(() => read(header, lines[1]!)).toThrow('line 1: expected a replication, got a header');
  });
});
