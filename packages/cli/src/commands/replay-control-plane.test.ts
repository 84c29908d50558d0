import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ControlPlaneResult } from '@brownout/scenarios';
import { describe, expect, it } from 'vitest';
import { brownout, temporaryFolder } from '../../test/context.ts';

const text = `version: 1
kind: control-plane
id: small
title: A small control plane
apiServers: { cores: 2, memory: 4 GiB }
etcd: { cores: 2, memory: 4 GiB }
stored: { pods: { count: 500, json: 5.1 kB, stored: 3.6 kB } }
clients:
  - name: lists
    kind: stream
    request: { verb: list }
    user: system:serviceaccount:load:agent
    timeout: 60 s
phases:
  - { name: calm, lasts: 10 s, load: { lists: 2/s } }
`;

function folderWith(document: string): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'small.yaml'), document);
  return folder;
}

describe('a control plane under declared load', () => {
  it('is replayed as a table, and its result is written', async () => {
    const { exitCode, stdout, stderr, folder } = await brownout(['replay', 'small.yaml', '--replications', '3'], {
      folder: folderWith(text),
    });
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('A small control plane\nmedian of 3 replications, seed 1\n');
    expect(stdout).toMatch(/^calm +lists +\d/m);
    const [, path = ''] = /^Result: (.*)$/m.exec(stdout) ?? [];
    const result = JSON.parse(readFileSync(join(folder, path), 'utf8')) as ControlPlaneResult;
    expect(result).toMatchObject({ schema: 'brownout/control-plane-result@1', replications: 3 });
  });

  it('--json prints one JSON document and nothing else', async () => {
    const { stdout } = await brownout(['replay', 'small.yaml', '--json', '--seed', '4'], { folder: folderWith(text) });
    expect(JSON.parse(stdout)).toMatchObject({ scenario: 'small', seed: '4', replications: 1 });
  });

  it('is validated, and what is wrong is said with line and column', async () => {
    const valid = await brownout(['validate', 'small.yaml'], { folder: folderWith(text) });
    expect(valid.stdout).toBe(
      'small.yaml is valid\nsmall: A small control plane\n1 API server of 2 cores, 1 etcd member; ' +
        '1 kind of clients, 1 phase, 10 s\nsources: none stated, so everything counts as assumed\n',
    );
    const folder = folderWith(text.replace('memory: 4 GiB }', 'memory: 4 }'));
    const { exitCode, stderr } = await brownout(['replay', 'small.yaml'], { folder });
    expect(stderr).toContain('small.yaml:5:33 apiServers.memory: expected bytes with a unit such as "4 GiB", got 4');
    expect([exitCode, existsSync(join(folder, 'brownout-out'))]).toEqual([2, false]);
  });

  it('has a JSON Schema of its own', async () => {
    const { stdout } = await brownout(['schema', '--control-plane']);
    expect((JSON.parse(stdout) as { properties: object }).properties).toHaveProperty('phases');
  });

  it('options that belong to scenarios of clusters are refused', async () => {
    const { exitCode, stderr } = await brownout(['replay', 'small.yaml', '--until', '1min'], {
      folder: folderWith(text),
    });
    expect([exitCode, stderr]).toEqual([2, '--until: not for a document of kind control-plane\n']);
    const judged = await brownout(['replay', 'small.yaml', '--threshold', 'outageSeconds < 3'], {
      folder: folderWith(text),
    });
    expect([judged.exitCode, judged.stderr]).toEqual([2, '--threshold: not for a document of kind control-plane\n']);
    const none = await brownout(['replay', 'small.yaml', '--replications', '0'], { folder: folderWith(text) });
    expect(none.stderr).toBe('--replications: expected a whole number from 1 to 10000, got "0"\n');
  });
});
