import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formula, parseFormula } from './formula.ts';
import type { Dimension } from './units.ts';

const time = (text: string): ((objects: number) => number) => {
  const cost = parseFormula(text, 'time', ['objects', 'pods']);
  return (objects) => cost.evaluate({ objects, pods: 1 });
};

it.each([
  ['1.7 ms + 79 us * objects', 1_000, 80_700],
  ['79 us*objects', 3, 237],
  ['79 us objects', 3, 237],
  ['objects * ms', 3, 3_000],
  ['3 µs + 5 μs', 0, 8],
  ['(1 ms + 2 ms) * objects / 2', 4, 6_000],
  ['min(1 s, 1 ms * objects)', 2_000, 1_000_000],
  ['max(5 ms, 1 ms * objects, 7 ms)', 6, 7_000],
  ['1 ms * ceil(objects / 500)', 501, 2_000],
  ['1 ms * floor(objects / 500)', 999, 1_000],
  ['sqrt(4 ms * 9 ms)', 0, 6_000],
  ['1 us * objects ^ 2', 30, 900],
  ['1 us * 2 ^ 10', 0, 1_024],
  ['-2 ms + 5 ms', 0, 3_000],
  ['5 min', 0, 300_000_000],
  ['10 kB / (2 kB / 1 ms)', 0, 5_000],
  ['1/2 ms', 0, 500],
  ['50 % * 1 ms', 0, 500],
])('%s for %i objects costs %f us', (text, objects, microseconds) => {
  expect(time(text)(objects)).toBeCloseTo(microseconds, 6);
});

it.each<[string, Dimension, string]>([
  ['1 ms + 5 kB', 'time', 'cannot add "1 ms" (a time) and "5 kB" (bytes)'],
  ['1 ms - objects', 'time', 'cannot subtract "1 ms" (a time) and "objects" (a plain number)'],
  ['min(1 ms, 5 kB)', 'time', 'cannot take the min of "1 ms" (a time) and "5 kB" (bytes)'],
  ['5 * objects', 'time', 'expected a time such as "1.7 ms + 79 us * objects", got a plain number'],
  ['5 ms', 'bytes', 'expected bytes such as "2 kB + 5.1 kB * objects", got a time'],
  ['5 kB / ms', 'bytes', 'expected bytes such as "2 kB + 5.1 kB * objects", got bytes per time'],
  ['5 ms * ms', 'time', 'expected a time such as "1.7 ms + 79 us * objects", got time^2'],
  ['ceil(1.5 ms)', 'time', 'ceil takes a plain number, got a time'],
  ['2 ^ (1 ms)', 'time', 'an exponent is a plain number, got "(1 ms)", a time'],
  ['(1 ms) ^ objects', 'time', 'a time can only be raised to a constant power'],
  ['1 ms / 0', 'time', 'comes out as Infinity'],
  ['1e999 ms', 'time', 'a number in it is too large'],
  ['', 'time', 'it is empty'],
  ['3 ms +', 'time', 'unexpected end of expression (char 7)'],
  ['3 ms 4', 'time', 'write * between "3 ms" and "4"'],
  ['2 (3 ms)', 'time', 'write * between "2" and "(3 ms)"'],
  ['5 min (objects)', 'time', 'write * between "5" and "min(objects)"'],
  ['3 msec', 'time', 'unknown name "msec"; did you mean "ms"?'],
  ['3 ms * object', 'time', 'unknown name "object"; did you mean "objects"?'],
  [
    '3 ms * nodes',
    'time',
    'unknown name "nodes"; known are objects, us, ms, s, min, h, day, B, kB, MB, GB, TB, KiB, MiB, GiB, TiB',
  ],
  ['3 m', 'time', 'unknown name "m"'],
  ['sqrt(1, 2) * 1 ms', 'time', 'sqrt takes one number, got 2'],
  ['min() * 1 ms', 'time', 'min needs something in its parentheses'],
])('refuses "%s"', (text, unit, problem) => {
  expect(() => parseFormula(text, unit, ['objects'])).toThrow(`formula ${JSON.stringify(text)}: ${problem}`);
});

const admitted = 'only numbers, units, + - * / ^, parentheses and min, max, ceil, floor, sqrt are admitted';

it.each([
  ['import("fs")', 'got a call of "import"'],
  ['evaluate("1")', 'got a call of "evaluate"'],
  ['createUnit("x")', 'got a call of "createUnit"'],
  ['random() * 1 ms', 'got a call of "random"'],
  ['objects.constructor', 'got objects.constructor'],
  ['objects["constructor"]', 'got objects["constructor"]'],
  ['(1).constructor("return 1")', 'got'],
  ['x = 3 ms', 'got x = 3 ms'],
  ['f(x) = x', 'got f(x) = x'],
  ['1 ms; 2 ms', 'got 1 ms;'],
  ['"1 ms"', 'got "1 ms"'],
  ['[1 ms, 2 ms]', 'got [1 ms, 2 ms]'],
  ['{a: 1 ms}', 'got'],
  ['objects > 3 ? 1 ms : 2 ms', 'got'],
  ['objects!', 'got the operator "!"'],
  ['objects mod 3', 'got the operator "mod"'],
  ["objects'", 'got the operator "\'"'],
  ['true', ''],
])('runs nothing: refuses %s', (text, got) => {
  expect(() => parseFormula(text, 'time', ['objects'])).toThrow(
    got === '' ? /unknown name|admitted/ : `${admitted}, ${got}`,
  );
});

it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'pi', 'i', 'e'])('knows no name "%s"', (name) => {
  expect(() => parseFormula(`${name} * 1 ms`, 'time', ['objects'])).toThrow(`unknown name "${name}"`);
});

it('refuses a formula that is too long before reading it', () => {
  expect(() => parseFormula(`${'('.repeat(100_000)}1`, 'time', [])).toThrow('at most 400 characters, got 100001');
});

it('says which variables the text uses, and asks for them', () => {
  const cost = parseFormula('1 ms * pods + 2 us * objects * pods', 'time', ['objects', 'pods', 'nodes']);
  expect(cost.variables).toEqual(['pods', 'objects']);
  expect(() => cost.evaluate({ pods: 1 })).toThrow('formula: no value given for "objects"');
});

it('a variable may carry a unit', () => {
  const cost = parseFormula('5 * size + 2 kB', 'bytes', { size: 'bytes', objects: 'number' });
  expect(cost.evaluate({ size: 1_000 })).toBe(7_000);
  expect(() => parseFormula('1 ms * size', 'time', { size: 'bytes' })).toThrow('got time^1 bytes^1');
});

it('a variable that hides a unit is a mistake of the schema', () => {
  expect(() => parseFormula('1 ms', 'time', ['s'])).toThrow('formula: variable "s" has the name of a unit');
});

it('a schema takes a bare number for a plain number only', () => {
  expect(formula('number', []).parse(3).evaluate({})).toBe(3);
  const refused = formula('time', ['objects']).safeParse(3);
  expect(refused.error?.issues[0]?.message).toBe('expected a formula such as "1.7 ms + 79 us * objects", got 3');
});

it('agrees with arithmetic on random formulas', () => {
  const leaf = fc.oneof(
    fc.integer({ min: 1, max: 99 }).map((n) => ({ text: `${n}`, value: () => n })),
    fc.constant({ text: 'objects', value: (objects: number) => objects }),
  );
  interface Random {
    readonly text: string;
    readonly value: (objects: number) => number;
  }
  const { tree } = fc.letrec<{ tree: Random }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.tuple(tie('tree'), fc.constantFrom('+', '-', '*'), tie('tree')).map(
        ([a, operator, b]): Random => ({
          text: `(${a.text} ${operator} ${b.text})`,
          value: (objects) => {
            const [left, right] = [a.value(objects), b.value(objects)];
            return operator === '+' ? left + right : operator === '-' ? left - right : left * right;
          },
        }),
      ),
    ),
  }));
  fc.assert(
    fc.property(tree, fc.integer({ min: 0, max: 1000 }), (random, objects) => {
      fc.pre(random.text.length < 390);
      const cost = parseFormula(random.text, 'number', ['objects']);
      expect(cost.evaluate({ objects })).toBeCloseTo(random.value(objects), 6);
    }),
    { seed: 20241211, numRuns: 200 },
  );
});

it('whatever the text, it gives a number or is refused as a formula', () => {
  const token = fc.constantFrom(
    ...[
      '1',
      '2.5',
      'ms',
      'kB',
      'objects',
      'pods',
      '+',
      '-',
      '*',
      '/',
      '^',
      '(',
      ')',
      ' ',
      ',',
      'min(',
      'ceil(',
      'sqrt(',
    ],
    ...[
      'max',
      '=',
      ';',
      '"',
      "'",
      '[',
      ']',
      '{',
      '}',
      '.',
      ':',
      '?',
      '!',
      '%',
      '#',
      '\n',
      'to',
      'in',
      'mod',
      'f(x)',
      'e',
      'i',
      '0x1',
    ],
  );
  fc.assert(
    fc.property(fc.array(token, { maxLength: 12 }), (tokens) => {
      const text = tokens.join('');
      try {
        expect(parseFormula(text, 'time', ['objects']).evaluate({ objects: 3 })).toBeTypeOf('number');
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
        expect(String(error)).toMatch(/^RangeError: formula: formula "/);
      }
    }),
    { seed: 20241211, numRuns: 3_000 },
  );
});
