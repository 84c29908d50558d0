import { expect, it } from 'vitest';
import { dataFileName, dataText, readData } from './data-file.ts';
import { row } from './testing/small-study.ts';

const size = { replications: 3, draws: 0, decisive: [] };

it('a data file gives back the rows it was made of, one line each', () => {
  const rows = [
    row(1, { peak: 60.5, lost: null }, { resources: { large: 'seats', small: 'etcd-cpu' } }),
    row(2, { peak: null, lost: 2 }),
  ];
  const variants = [
    { id: 'x', title: 'one', asked: 3, rows },
    { id: 'y', title: 'none yet', asked: 3, rows: [] },
  ];
  const text = dataText('small', size, { id: 'bands', title: 'bands', variants });
  const data = readData(text, dataFileName('small', 'bands'));
  expect(data).toMatchObject({ incident: 'small', table: 'bands', title: 'bands', size });
  const kept = rows.map(({ seed, hash, digest, events, measures, resources }) => {
    return { seed, hash, digest, events, measures, resources };
  });
  expect(data.variants).toEqual([
    { id: 'x', title: 'one', asked: 3, rows: kept },
    { id: 'y', title: 'none yet', asked: 3, rows: [] },
  ]);
  expect(text.split('\n').filter((line) => line.includes('digest-'))).toHaveLength(2);
});

it('another file is refused', () => {
  expect(() => readData('{"schema": "other@1"}', 'x.json')).toThrow(
    'x.json: expected data of schema "brownout/validation@1", got "other@1"',
  );
});
