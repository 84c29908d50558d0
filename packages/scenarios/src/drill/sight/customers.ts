/**
 * Customers who write: some of those whose requests fail complain, after a while. How many requests fail is taken from the
 * books at the edge; who complains, when and in which words is drawn from streams of the drill's own, so that nothing of the
 * run is touched. Support tells the others in the chat when it becomes more than noise.
 */
import { type Stream, Streams } from '@brownout/core';
import type { UserTraffic } from '../../data-plane/user-traffic.ts';
import type { CustomerPage } from '../drill-view.ts';

/** One in so many failed requests leads to a ticket (assumed: most people try again, or leave). */
export const FAILURES_PER_TICKET = 20_000;
/** From the failure to the ticket: median and ninetieth percentile, in seconds (assumed: a minute or two of trying again, then a form). */
const DELAY_MEDIAN = 180;
const DELAY_P90 = 480;
/** Tickets from one look at one product at most: support stops reading them one by one (assumed). */
const MOST_AT_ONCE = 5;
/** Tickets in five minutes from which support says so in the chat (assumed). */
const WORTH_A_MESSAGE = 3;
const SUPPORT_WINDOW = 300;
/** Support says it again after so long, if it goes on. */
const SUPPORT_PAUSE = 600;
/** Standard normal quantile of 0.9. */
const Z90 = 1.2815515655446004;

const phrases: readonly string[] = [
  '"I only get errors since a few minutes. Is it me?"',
  '"Something went wrong. Please try again." - again and again.',
  '"Our integration fails with 5xx, please advise. We have a launch today."',
  '"It loads for ever and then says that it cannot connect."',
  '"Works on my phone but not in the office - or is that luck?"',
  '"Is there an outage? Your status page says nothing."',
  '"We are a paying customer and need to know when this will be over."',
  '"One of two requests fails, retrying sometimes helps."',
];

/** What support says in the chat. */
export interface SupportMessage {
  readonly t: number;
  readonly text: string;
}

/** See the head of this file. */
export class Customers {
  /** Tickets that have come in, in the order of their times. */
  readonly pages: CustomerPage[] = [];
  readonly messages: SupportMessage[] = [];
  readonly #users: UserTraffic;
  readonly #clusters: number;
  readonly #who: Stream;
  readonly #delay: Stream;
  readonly #words: Stream;
  readonly #seen: Float64Array;
  /** Not yet written, by time. */
  #coming: CustomerPage[] = [];
  #lastMessage = -Infinity;

  constructor(users: UserTraffic, clusters: number, seed: string) {
    this.#users = users;
    this.#clusters = clusters;
    const streams = new Streams(seed, 0);
    this.#who = streams.get('drill/customers/who');
    this.#delay = streams.get('drill/customers/delay');
    this.#words = streams.get('drill/customers/words');
    this.#seen = new Float64Array(users.products.length);
  }

  /** A look at the books at `t`; looks come at equal intervals. */
  look(t: number): void {
    const { products } = this.#users;
    products.forEach((product, index) => {
      const failures = this.#failures(index);
      const failed = failures - this.#seen[index]!;
      this.#seen[index] = failures;
      const tickets = Math.min(MOST_AT_ONCE, this.#count(failed / FAILURES_PER_TICKET));
      for (let i = 0; i < tickets; i++) {
        const after = DELAY_MEDIAN * Math.exp((Math.log(DELAY_P90 / DELAY_MEDIAN) / Z90) * this.#delay.normal());
        const text = phrases[this.#words.integer(phrases.length)]!;
        this.#coming.push({ t: t + Math.round(after), product: product.title, text });
      }
    });
    const due = this.#coming.filter((page) => page.t <= t).sort((one, other) => one.t - other.t);
    if (due.length === 0) return;
    this.#coming = this.#coming.filter((page) => page.t > t);
    this.pages.push(...due);
    this.#tell(t);
  }

  #failures(product: number): number {
    const { products, failures } = this.#users;
    let sum = 0;
    for (let site = 0; site < this.#clusters; site++) sum += failures[site * products.length + product]!;
    return sum;
  }

  /** A Poisson count by the gaps of its arrivals: as many draws as there are tickets, and one more. */
  #count(mean: number): number {
    let count = 0;
    for (let sum = this.#who.exponential(1); sum <= mean && count < MOST_AT_ONCE; sum += this.#who.exponential(1))
      count++;
    return count;
  }

  #tell(t: number): void {
    if (t - this.#lastMessage < SUPPORT_PAUSE) return;
    const recent = this.pages.filter((page) => page.t > t - SUPPORT_WINDOW);
    if (recent.length < WORTH_A_MESSAGE) return;
    this.#lastMessage = t;
    const titles = [...new Set(recent.map(({ product }) => product))].join(', ');
    this.messages.push({ t, text: `${recent.length} tickets in five minutes about ${titles}. Is something going on?` });
  }
}
