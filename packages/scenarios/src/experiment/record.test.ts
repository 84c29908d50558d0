import fc from 'fast-check';
import { crc32 as zlibCrc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { crc32 } from './crc32.ts';
import { headerLine, readRecordLine, replicationLine, type RecordHeader } from './record.ts';
import type { Replication } from './replication.ts';

const header: RecordHeader = {
  engine: '0.1.0',
  documents: ['0123456789abcdef'],
  seed: '1',
  title: 'Grüße – ein Titel\nüber zwei Zeilen 🐌',
  arguments: ['compare', 'x.yaml', '--mitigate', 'break-glass'],
};

const replication: Replication = {
  hash: '0123456789abcdef',
  engine: '0.1.0',
  seed: '1',
  until: null,
  digest: 'fedcba9876543210',
  events: 12,
  measures: { outageSeconds: 12.5, lockoutSeconds: null, 'byCluster.größte.peakErrorShare': 1e-7 },
};

describe('CRC-32', () => {
  it('is that of the standard', () => {
    expect([crc32('123456789'), crc32(''), crc32('a')]).toEqual(['cbf43926', '00000000', 'e8b7be43']);
  });

  it('is that of zlib, where this Node has it', () => {
    if (typeof zlibCrc32 !== 'function') return;
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii', maxLength: 200 }), (text) => {
        expect(crc32(text)).toBe(zlibCrc32(text).toString(16).padStart(8, '0'));
      }),
    );
  });
});

describe('a line', () => {
  it('gives back what it was made of, and is one line of ASCII', () => {
    expect(readRecordLine(headerLine(header))).toEqual({ kind: 'header', header });
    expect(readRecordLine(replicationLine(replication))).toEqual({ kind: 'replication', replication });
    for (const line of [headerLine(header), replicationLine(replication)]) expect(line).toMatch(/^[\x20-\x7e]+$/);
  });

  it('gives back any replication', () => {
    const measures = fc.dictionary(
      fc.string({ maxLength: 20 }).filter((name) => name !== '__proto__'),
      fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)),
    );
    const any = fc.record({
      hash: fc.string(),
      engine: fc.string(),
      seed: fc.string(),
      until: fc.option(fc.integer()),
      digest: fc.string(),
      events: fc.nat(),
      measures,
    });
    fc.assert(
      fc.property(any, (one) => {
        expect(readRecordLine(replicationLine(one))).toEqual({
          kind: 'replication',
          replication: { ...one, measures: { ...one.measures } },
        });
      }),
    );
  });

  it('is known to be damaged whichever character is changed, lost or added', () => {
    const line = replicationLine(replication);
    for (let i = 0; i < line.length; i++) {
      const other = line[i] === '7' ? '8' : '7';
      for (const damaged of [
        line.slice(0, i) + other + line.slice(i + 1),
        line.slice(0, i) + line.slice(i + 1),
        `${line.slice(0, i)}7${line.slice(i)}`,
        line.slice(0, i),
      ]) {
        expect(readRecordLine(damaged).kind, damaged).toBe('damaged');
      }
    }
  });

  it('of another format, or of nobody, is no record', () => {
    const reason = (line: string): unknown => readRecordLine(line);
    expect(reason('')).toEqual({ kind: 'damaged', reason: 'expected {"crc":"<8 digits>",…}' });
    const sealed = (body: string): string => `{"crc":"${crc32(body)}",${body.slice(1)}`;
    expect(reason(sealed('{"schema":"brownout/replications@2"}'))).toEqual({
      kind: 'damaged',
      reason: 'expected schema brownout/replications@1, got "brownout/replications@2"',
    });
    expect(reason(sealed('{"a":1}'))).toEqual({
      kind: 'damaged',
      reason: 'its checksum is right, but it is neither a header nor a replication',
    });
  });

  it('is refused for a number that JSON cannot hold', () => {
    expect(() => replicationLine({ ...replication, measures: { outageSeconds: NaN } })).toThrow(
      'replication of seed 1: outageSeconds: expected a finite number or null, got NaN',
    );
  });
});
