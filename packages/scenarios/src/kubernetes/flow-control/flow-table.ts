import { flowHash } from './flow-hash.ts';
import { dealHand, type FlowHash } from './shuffle-shard.ts';

/**
 * The flows of one priority level, numbered 0, 1, 2 ... in the order they were met, with the hand of queues each one
 * was dealt. Requests carry the number, so nothing is hashed per request. One table serves every replica of an API
 * server: they all deal alike.
 */
export class FlowTable {
  readonly queues: number;
  readonly handSize: number;
  readonly #numbers: Map<string, number> = new Map();
  /** What each flow is hashed from, until its hand is dealt. */
  readonly #keys: (string | undefined)[] = [];
  #hands: Int32Array;

  /** A level without queues, or with one, has a single flow whatever the requests are. */
  constructor(queues: number, handSize: number) {
    this.queues = queues;
    this.handSize = queues > 1 ? handSize : 1;
    this.#hands = new Int32Array(this.handSize * 16);
  }

  /** Flows met so far. */
  get size(): number {
    return this.#numbers.size;
  }

  /** The hands of all flows, one after the other, `handSize` queues each. A fresh array whenever it had to grow. */
  get hands(): Int32Array {
    for (let flow = 0; flow < this.size; flow++) this.handsWith(flow);
    return this.#hands;
  }

  /** The hands, of which at least that of `flow` is dealt: most flows never wait, and hashing them all takes its time. */
  handsWith(flow: number): Int32Array {
    const key = this.#keys[flow];
    if (key !== undefined) {
      this.#keys[flow] = undefined;
      dealHand(hashOf(key), this, this.#hands, flow * this.handSize);
    }
    return this.#hands;
  }

  /** Number of the flow `distinguisher` of a FlowSchema. */
  number(schemaName: string, distinguisher: string): number {
    if (this.queues <= 1) return 0;
    const key = `${schemaName}\0${distinguisher}`;
    return this.#numbers.get(key) ?? this.#add(key);
  }

  /** Number of a flow known only by its hash, for tests and for callers that hash by themselves. */
  numberOfHash(hash: FlowHash): number {
    if (this.queues <= 1) return 0;
    const key = hash.join(' ');
    return this.#numbers.get(key) ?? this.#add(key);
  }

  /** A table for another number of queues or cards in which the flows of this one keep their numbers. */
  redealt(queues: number, handSize: number): FlowTable {
    const table = new FlowTable(queues, handSize);
    for (const key of this.#numbers.keys()) table.#add(key);
    return table;
  }

  #add(key: string): number {
    const flow = this.#numbers.size;
    const end = (flow + 1) * this.handSize;
    if (end > this.#hands.length) {
      const grown = new Int32Array(this.#hands.length * 2);
      grown.set(this.#hands);
      this.#hands = grown;
    }
    if (this.queues > 1) this.#keys[flow] = key;
    this.#numbers.set(key, flow);
    return flow;
  }
}

/** Schema and distinguisher, or the parts of a hash that was given. */
function hashOf(key: string): FlowHash {
  const [first = '', second] = key.split('\0');
  return second === undefined ? (first.split(' ').map(Number) as unknown as FlowHash) : flowHash(first, second);
}
