import { power as raise } from '@brownout/core';
import type { ConstantNode, FunctionNode, MathNode, OperatorNode, ParenthesisNode, SymbolNode } from 'mathjs';
import { didYouMean } from './nearest-name.ts';
import { nearestUnit, unitNamed, unitNames, type Dimension, type Reading } from './units.ts';

/**
 * Turns the syntax tree of a formula into a closure over numbers, checking dimensions on the way. The walk admits a closed
 * list of nodes: numbers, units, declared variables, + - * / ^, parentheses and five functions. Everything else that
 * mathjs can parse (assignments, indexing, strings, calls of other functions) is refused by name.
 */

/** Names of plain numbers, or a record from name to what it measures. */
export type FormulaVariables = readonly string[] | Readonly<Record<string, Dimension>>;

/** Exponents of time and bytes: `{ time: 1, bytes: 0 }` is a time, `{ time: 0, bytes: 0 }` a plain number. */
export interface Exponents {
  readonly time: number;
  readonly bytes: number;
}

/** A checked formula. */
export interface Compiled {
  readonly dimension: Exponents;
  /** The dimension in words: "a time", "bytes per time". */
  readonly dimensionText: string;
  readonly variables: readonly string[];
  evaluate(values: Readonly<Record<string, number>>): number;
}

type Values = Readonly<Record<string, number>>;
type Evaluate = (values: Values) => number;

/** A part of a formula. `constant` is its value when it uses no variable. */
interface Part {
  readonly dimension: Exponents;
  readonly constant: number | undefined;
  readonly evaluate: Evaluate;
}

/** Raised inside the walk only; becomes a `Reading` at its end. */
class Refusal extends Error {}

const plain: Exponents = { time: 0, bytes: 0 };
const functionNames = ['min', 'max', 'ceil', 'floor', 'sqrt'] as const;
const admitted = `only numbers, units, + - * / ^, parentheses and ${functionNames.join(', ')} are admitted`;

/** Checks and compiles a tree. Throws RangeError when a declared variable has the name of a unit: a mistake of the schema. */
export function compileFormula(tree: MathNode, variables: FormulaVariables): Reading<Compiled> {
  const compiler = new Compiler(variables);
  try {
    const part = compiler.part(tree);
    if (part.constant !== undefined && !Number.isFinite(part.constant)) {
      return { problem: `comes out as ${part.constant}` };
    }
    const { dimension, evaluate } = part;
    return { value: { dimension, dimensionText: inWords(dimension), variables: [...compiler.used], evaluate } };
  } catch (error) {
    if (error instanceof Refusal) return { problem: error.message };
    throw error;
  }
}

class Compiler {
  readonly #declared: ReadonlyMap<string, Exponents>;
  readonly used: Set<string> = new Set();

  constructor(variables: FormulaVariables) {
    const entries = isNameList(variables)
      ? variables.map((name) => [name, plain] as const)
      : Object.entries(variables).map(([name, dimension]) => [name, exponentsOf(dimension)] as const);
    for (const [name] of entries) {
      if (unitNamed(name) !== undefined) throw new RangeError(`formula: variable "${name}" has the name of a unit`);
    }
    this.#declared = new Map(entries);
  }

  part(node: MathNode): Part {
    switch (node.type) {
      case 'ConstantNode':
        return constantPart(node as ConstantNode);
      case 'ParenthesisNode':
        return this.part((node as ParenthesisNode).content);
      case 'SymbolNode':
        return this.#symbol((node as SymbolNode).name);
      case 'OperatorNode':
        return this.#operator(node as OperatorNode);
      case 'FunctionNode':
        return this.#function(node as FunctionNode);
      default:
        throw new Refusal(`${admitted}, got ${nodeText(node)}`);
    }
  }

  #symbol(name: string): Part {
    const dimension = this.#declared.get(name);
    if (dimension !== undefined) {
      this.used.add(name);
      return { dimension, constant: undefined, evaluate: variableReader(name) };
    }
    const unit = unitNamed(name);
    if (unit !== undefined) return constantOf(unit.factor, exponentsOf(unit.dimension));
    const names = [...this.#declared.keys(), ...unitNames('time'), ...unitNames('bytes')];
    const nearest = didYouMean(name, this.#declared.keys()) || hint(nearestUnit(name));
    throw new Refusal(`unknown name "${name}"${nearest || `; known are ${names.join(', ')}`}`);
  }

  #operator(node: OperatorNode): Part {
    const [first, second] = node.args;
    if (first === undefined) throw new Refusal(`${admitted}, got ${nodeText(node)}`);
    const left = this.part(first);
    if (second === undefined) return unary(node, left);
    if (node.implicit && second.type !== 'SymbolNode') {
      throw new Refusal(`write * between "${nodeText(first)}" and "${nodeText(second)}"`);
    }
    const right = this.part(second);
    switch (String(node.fn)) {
      case 'add':
        requireSame('add', node.args, [left, right]);
        return binary(left, right, left.dimension, (a, b) => (values) => a(values) + b(values));
      case 'subtract':
        requireSame('subtract', node.args, [left, right]);
        return binary(left, right, left.dimension, (a, b) => (values) => a(values) - b(values));
      case 'multiply':
        return binary(left, right, sum(left, right, 1), (a, b) => (values) => a(values) * b(values));
      case 'divide':
        return binary(left, right, sum(left, right, -1), (a, b) => (values) => a(values) / b(values));
      case 'pow':
        return power(left, right, second);
      default:
        throw new Refusal(`${admitted}, got the operator "${node.op}"`);
    }
  }

  #function(node: FunctionNode): Part {
    const name = typeof node.fn === 'string' ? node.fn : node.fn.name;
    const known = functionNames.find((candidate) => candidate === name);
    if (known === undefined) throw new Refusal(`${admitted}, got a call of "${String(name)}"`);
    const parts = node.args.map((argument) => this.part(argument));
    const [first] = parts;
    if (first === undefined) throw new Refusal(`${known} needs something in its parentheses`);
    if (known === 'min' || known === 'max') {
      requireSame(`take the ${known} of`, node.args, parts);
      const pick = known === 'min' ? Math.min : Math.max;
      return parts.reduce((a, b) => binary(a, b, a.dimension, (x, y) => (values) => pick(x(values), y(values))));
    }
    if (parts.length > 1) throw new Refusal(`${known} takes one number, got ${parts.length}`);
    if (known === 'sqrt') {
      const { time, bytes } = first.dimension;
      return mapped(first, { time: time / 2, bytes: bytes / 2 }, Math.sqrt);
    }
    if (!isPlain(first.dimension)) throw new Refusal(`${known} takes a plain number, got ${inWords(first.dimension)}`);
    return mapped(first, plain, known === 'ceil' ? Math.ceil : Math.floor);
  }
}

function variableReader(name: string): Evaluate {
  return (values) => {
    const value = values[name];
    if (value === undefined) throw new RangeError(`formula: no value given for "${name}"`);
    return value;
  };
}

function constantPart(node: ConstantNode): Part {
  const value: unknown = node.value;
  if (typeof value !== 'number')
    throw new Refusal(value === undefined ? 'it is empty' : `${admitted}, got ${nodeText(node)}`);
  if (!Number.isFinite(value)) throw new Refusal(`a number in it is too large`);
  return constantOf(value, plain);
}

function constantOf(value: number, dimension: Exponents): Part {
  return { dimension, constant: value, evaluate: () => value };
}

function unary(node: OperatorNode, part: Part): Part {
  if (String(node.fn) === 'unaryMinus') return mapped(part, part.dimension, (value) => -value);
  if (String(node.fn) === 'unaryPlus') return part;
  throw new Refusal(`${admitted}, got the operator "${node.op}"`);
}

function power(base: Part, exponent: Part, exponentNode: MathNode): Part {
  if (!isPlain(exponent.dimension)) {
    throw new Refusal(`an exponent is a plain number, got "${nodeText(exponentNode)}", ${inWords(exponent.dimension)}`);
  }
  const { time, bytes } = base.dimension;
  if (!isPlain(base.dimension) && exponent.constant === undefined) {
    throw new Refusal(`${inWords(base.dimension)} can only be raised to a constant power`);
  }
  const factor = exponent.constant ?? 0;
  const dimension = { time: time * factor, bytes: bytes * factor };
  return binary(base, exponent, dimension, (a, b) => (values) => raise(a(values), b(values)));
}

function mapped(part: Part, dimension: Exponents, apply: (value: number) => number): Part {
  if (part.constant !== undefined) return constantOf(apply(part.constant), dimension);
  const { evaluate } = part;
  return { dimension, constant: undefined, evaluate: (values) => apply(evaluate(values)) };
}

function binary(a: Part, b: Part, dimension: Exponents, combine: (a: Evaluate, b: Evaluate) => Evaluate): Part {
  const evaluate = combine(a.evaluate, b.evaluate);
  if (a.constant !== undefined && b.constant !== undefined) return constantOf(evaluate({}), dimension);
  return { dimension, constant: undefined, evaluate };
}

function requireSame(verb: string, nodes: readonly MathNode[], parts: readonly Part[]): void {
  const [first] = parts;
  const other = parts.findIndex((part) => !isSame(part.dimension, (first ?? part).dimension));
  const [firstNode, otherNode, otherPart] = [nodes[0], nodes[other], parts[other]];
  if (first === undefined || firstNode === undefined || otherNode === undefined || otherPart === undefined) return;
  const left = `"${nodeText(firstNode)}" (${inWords(first.dimension)})`;
  throw new Refusal(`cannot ${verb} ${left} and "${nodeText(otherNode)}" (${inWords(otherPart.dimension)})`);
}

function exponentsOf(dimension: Dimension): Exponents {
  return { time: dimension === 'time' ? 1 : 0, bytes: dimension === 'bytes' ? 1 : 0 };
}

function sum(a: Part, b: Part, sign: 1 | -1): Exponents {
  return { time: a.dimension.time + sign * b.dimension.time, bytes: a.dimension.bytes + sign * b.dimension.bytes };
}

function isSame(a: Exponents, b: Exponents): boolean {
  return a.time === b.time && a.bytes === b.bytes;
}

function isPlain(dimension: Exponents): boolean {
  return isSame(dimension, plain);
}

function inWords({ time, bytes }: Exponents): string {
  if (time === 0 && bytes === 0) return 'a plain number';
  if (time === 1 && bytes === 0) return 'a time';
  if (time === 0 && bytes === 1) return 'bytes';
  if (time === -1 && bytes === 0) return 'a rate';
  if (time === -1 && bytes === 1) return 'bytes per time';
  if (time === 1 && bytes === -1) return 'time per byte';
  return [time === 0 ? '' : `time^${time}`, bytes === 0 ? '' : `bytes^${bytes}`]
    .filter((text) => text !== '')
    .join(' ');
}

function nodeText(node: MathNode): string {
  const text = node.toString();
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}

function hint(unit: string | undefined): string {
  return unit === undefined ? '' : `; did you mean "${unit}"?`;
}

function isNameList(variables: FormulaVariables): variables is readonly string[] {
  return Array.isArray(variables);
}
