import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { brownout, temporaryFolder } from '../../test/context.ts';
import { noRedis, startRedis } from '../../test/redis-server.ts';
import { tinyText } from '../../test/tiny-document.ts';
import { startWorkerProcess } from '../../test/worker-process.ts';

const tiny = await tinyText('1 min');

const studies = [
  'replay tiny.yaml --replications 5 --seed 3',
  'compare tiny.yaml --replications 2 --mitigate break-glass --mitigate serve-stale-dns:window=12h',
  'sweep tiny.yaml --vary clusters[0].nodes=2..4:3 --replications 2',
];

describe.skipIf(noRedis !== undefined)(
  `studies by workers at a Redis${noRedis ? ` (skipped: ${noRedis})` : ''}`,
  () => {
    it('print and leave behind what they do on this machine alone', { timeout: 120_000 }, async () => {
      const folder = temporaryFolder();
      writeFileSync(join(folder, 'tiny.yaml'), tiny);
      const redis = await startRedis();
      const worker = await startWorkerProcess(redis.url);
      try {
        for (const [index, study] of studies.entries()) {
          const here = await brownout(`${study} --out here-${index} --json`.split(' '), { folder });
          const away = await brownout(`${study} --out away-${index} --json --redis`.split(' '), {
            folder,
            environment: { BROWNOUT_REDIS: redis.url },
          });
          expect([away.exitCode, away.stdout === here.stdout]).toEqual([here.exitCode, true]);
          const [local, remote] = ['here', 'away'].map((name) =>
            readFileSync(join(folder, `${name}-${index}`, 'replications.ndjson'), 'utf8'),
          );
          expect(remote === local).toBe(true);
        }
        expect(worker.lines.all.join('\n')).not.toMatch(/error/i);
      } finally {
        worker.kill('SIGKILL');
        await worker.ended;
        await redis.remove();
      }
    });

    it('end with what was wrong with the address, and make nothing here instead', async () => {
      const folder = temporaryFolder();
      writeFileSync(join(folder, 'tiny.yaml'), tiny);
      const { exitCode, stdout, stderr } = await brownout(`${studies[0]} --json --redis http://127.0.0.1`.split(' '), {
        folder,
      });
      expect([exitCode, stdout]).toEqual([2, '']);
      expect(stderr).toContain('redis://');
    });
  },
);
