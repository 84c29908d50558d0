import type { MathNode } from 'mathjs';
import mathjs from 'mathjs/lib/browser/math.js';
import { compileFormula, type Compiled, type FormulaVariables } from './formula-compiler.ts';
import { quantity, type Quantity } from './quantity.ts';
import { show } from './wording.ts';
import type { Dimension, Reading } from './units.ts';

/**
 * Cost formulas such as "1.7 ms + 79 us * objects". mathjs' parser reads the text once, when the document is loaded; the
 * tree it gives is checked for dimensions and turned into closures over plain numbers. No text is ever run as code, and
 * nothing but arithmetic, the admitted units and the declared variables gets through.
 */

/** A cost as a function of a few named numbers. */
export interface CostFormula {
  /** As the document writes it. */
  readonly text: string;
  /** The variables that the text uses, in the order of their first appearance. */
  readonly variables: readonly string[];
  /**
   * The cost in base units (microseconds, bytes or a plain number), not rounded. Values are in base units too. Throws
   * RangeError if a variable that the text uses is missing.
   */
  evaluate(values: Readonly<Record<string, number>>): number;
}

/** Longest formula text; longer ones are refused unread. */
const longestFormula = 400;

/**
 * A schema for formulas that give `unit` and may use `variables`: names of plain numbers, or a record from name to the
 * dimension of each. A bare number is admitted where `unit` is 'number'.
 */
export function formula(unit: Dimension, variables: FormulaVariables): Quantity<string | number, CostFormula> {
  const names = Array.isArray(variables) ? variables : Object.keys(variables);
  const description = `formula for ${unitText(unit)} over ${names.join(', ')}`;
  return quantity({ type: ['string', 'number'], description }, (bare) => readFormula(bare, unit, variables));
}

/** Parses one formula outside a schema. Throws RangeError with the same message that a document would get. */
export function parseFormula(text: string, unit: Dimension, variables: FormulaVariables): CostFormula {
  const reading = readFormula(text, unit, variables);
  if (reading.problem !== undefined) throw new RangeError(`formula: ${reading.problem}`);
  return reading.value;
}

function readFormula(bare: unknown, unit: Dimension, variables: FormulaVariables): Reading<CostFormula> {
  const text = typeof bare === 'number' && unit === 'number' ? String(bare) : bare;
  const example = exampleOf(unit);
  if (typeof text !== 'string') return { problem: `expected a formula such as "${example}", got ${show(bare)}` };
  if (text.length > longestFormula) {
    return { problem: `expected a formula of at most ${longestFormula} characters, got ${text.length}` };
  }
  const tree = parseText(text);
  if (tree.problem !== undefined) return { problem: `formula ${show(text)}: ${tree.problem}` };
  const compiled = compileFormula(tree.value, variables);
  if (compiled.problem !== undefined) return { problem: `formula ${show(text)}: ${compiled.problem}` };
  const { time, bytes } = compiled.value.dimension;
  const isRight = time === (unit === 'time' ? 1 : 0) && bytes === (unit === 'bytes' ? 1 : 0);
  if (!isRight) {
    const got = compiled.value.dimensionText;
    return { problem: `formula ${show(text)}: expected ${unitText(unit)} such as "${example}", got ${got}` };
  }
  return { value: costFormula(text, compiled.value) };
}

function parseText(text: string): Reading<MathNode> {
  try {
    return { value: mathjs.parse(text.replace(/[\u00b5\u03bc]s\b/g, 'us')) };
  } catch (error) {
    return { problem: error instanceof Error ? lowerFirst(error.message) : String(error) };
  }
}

function costFormula(text: string, compiled: Compiled): CostFormula {
  const { variables, evaluate } = compiled;
  return Object.freeze({ text, variables: Object.freeze([...variables]), evaluate });
}

function unitText(unit: Dimension): string {
  return unit === 'number' ? 'a plain number' : unit === 'time' ? 'a time' : 'bytes';
}

function exampleOf(unit: Dimension): string {
  if (unit === 'number') return '0.5 * objects';
  return unit === 'time' ? '1.7 ms + 79 us * objects' : '2 kB + 5.1 kB * objects';
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
