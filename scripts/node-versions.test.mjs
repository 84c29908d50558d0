/** Same seed, same run, on every supported Node. A version that cannot be fetched is skipped aloud; in CI it fails. */
import { expect, it } from 'vitest';
import { differences, digestsOn, readDigests, supportedMajors } from './node-versions.mjs';

const mustHaveAll = process.env['BROWNOUT_ALL_TESTS'] === '1';
const current = Number(process.versions.node.split('.')[0]);
const others = supportedMajors.filter((major) => major !== current);
const LONGEST_MILLISECONDS = 600_000;

/**
 * What the running Node prints: the same in every comparison, so it is made once.
 * @type {ReturnType<typeof digestsOn> | undefined}
 */
let ofThisNode;

it.for(others)(
  `the digests of Node ${current} and Node %i are the same`,
  { timeout: LONGEST_MILLISECONDS },
  (major, { skip }) => {
    const here = (ofThisNode ??= digestsOn(current));
    if ('unavailable' in here) throw new Error(`the running Node is not at hand: ${here.unavailable}`);
    const there = digestsOn(major);
    if ('unavailable' in there) {
      const message = `skipped: Node ${major} cannot be fetched (${there.unavailable})`;
      if (mustHaveAll) throw new Error(message);
      process.stdout.write(`${message}\n`);
      skip(message);
      return;
    }
    expect(there.version).toMatch(new RegExp(`^v${major}\\.`));
    expect(there.digests.size).toBeGreaterThan(0);
    expect(differences(here, there)).toEqual([]);
  },
);

it('a Node that cannot be had is told apart from one that differs', { timeout: LONGEST_MILLISECONDS }, () => {
  expect(digestsOn(999)).toMatchObject({ major: 999, unavailable: expect.stringMatching(/./) });
});

it('a difference is reported with both versions', () => {
  const one = { major: 20, ...readDigests('node v20.1.0\na 11\nb 22\n') };
  const two = { major: 22, ...readDigests('node v22.1.0\na 11\nb 23\nc 33\n') };
  expect(differences(one, one)).toEqual([]);
  expect(differences(one, two)).toEqual(['b: 22 on v20.1.0, 23 on v22.1.0', 'c: nothing on v20.1.0, 33 on v22.1.0']);
});

it('output that is no list of digests is refused', () => {
  expect(() => readDigests('node v20.1.0\nWarning\n')).toThrow('expected "name digest", got "Warning"');
});
