import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ConnectionColumns } from './connection-columns.ts';

const CLIENTS = 12;
const SERVERS = 3;

/** What the counts stand for: a walk over all clients. */
function walked({ server, life }: ConnectionColumns, index: number, present: number): number {
  let count = 0;
  for (let client = 0; client < CLIENTS; client++) if (server[client] === index && life[client] === present) count++;
  return count;
}

it('counts what a walk over all clients finds, whoever connects, leaves, or loses a server', () => {
  const step = fc.record({
    act: fc.constantFrom('connect', 'connect', 'connect', 'disconnect', 'restart'),
    client: fc.nat(CLIENTS - 1),
    server: fc.nat(SERVERS - 1),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const columns = new ConnectionColumns(CLIENTS);
      const lives = [0, 0, 0];
      for (const { act, client, server } of steps) {
        if (act === 'connect') columns.connect(client, server, lives[server]!);
        else if (act === 'disconnect') columns.disconnect(client);
        else lives[server]! += 1 + (client % 2);
        for (let i = 0; i < SERVERS; i++) expect(columns.count(i, lives[i]!)).toBe(walked(columns, i, lives[i]!));
      }
    }),
    { seed: 11, numRuns: 300 },
  );
});
