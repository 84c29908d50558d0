/**
 * Pods behind headless Services move, die and are scaled: the address of a name is another from then on. The API hears of it
 * by a status that the new pod's kubelet writes and a slice that a controller writes; until both are stored, and CoreDNS has
 * seen them, the name is answered with an address where nobody is. Mechanism D5. Names of Services with a virtual address
 * never change.
 *
 *   pod moves --> kubelet: PATCH pod --> controller: PUT slice --> stored --watch--> CoreDNS
 */
import { type Duration, type EventType, seconds, type Simulation, type Stream } from '@brownout/core';
import { ClientGroup } from '../client/client-group.ts';
import type { ControlPlane } from '../control-plane.ts';
import { ControllerClient } from '../controllers/controller-client.ts';
import { nodeIdentity } from '../flow-control/identity.ts';
import { operationNumber } from '../requests/operation.ts';
import { Status } from '../requests/api-request.ts';
import type { NameRecords } from './name-records.ts';

/** How often addresses change. */
export interface AddressChurnOptions {
  /** Changes a second in the whole cluster. */
  readonly changesPerSecond: number;
  readonly nodes: number;
}

/** Kubelets and controllers try again after this long (status manager's sync period; assumed for the slice). */
const AGAIN = seconds(10);
const POD_PATCH = operationNumber('object-update');

/** The changes of one cluster. */
export class AddressChurn {
  readonly #options: AddressChurnOptions;
  readonly #records: NameRecords;
  readonly #controlPlane: ControlPlane;
  readonly #stream: Stream;
  readonly #change: EventType;
  readonly #again: EventType;
  readonly #sliceAgain: EventType;
  readonly #group: number;
  readonly #client: ControllerClient;
  /** Value of each name now, and the node that last wrote for it. */
  readonly #value: Int32Array;
  readonly #node: Int32Array;
  #changes = 0;

  constructor(
    simulation: Simulation,
    name: string,
    options: AddressChurnOptions,
    parts: { readonly records: NameRecords; readonly controlPlane: ControlPlane },
  ) {
    const { records, controlPlane } = parts;
    if (!(options.changesPerSecond > 0)) {
      throw new RangeError(`address churn: changesPerSecond must be > 0, got ${options.changesPerSecond}`);
    }
    if (records.headlessCount === 0)
      throw new RangeError('address churn: expected names of headless Services, got none');
    this.#options = options;
    this.#records = records;
    this.#controlPlane = controlPlane;
    this.#stream = simulation.streams.get(`${name}/address churn`);
    this.#value = new Int32Array(records.count);
    this.#node = new Int32Array(records.count);
    this.#group = controlPlane.join(
      new ClientGroup({
        name: 'moved-pod-status',
        describe: (node) => ({ ...nodeIdentity(`${node}`), verb: 'patch', resource: 'pods', subresource: 'status' }),
        timeout: seconds(60),
        clients: options.nodes,
        isInside: false,
        countsForAvailability: true,
        onReply: (subject, status) => this.#reported(subject, status),
      }),
    );
    const slices = { name: 'moved-pod-slice', resource: 'endpointslices' };
    this.#client = new ControllerClient(simulation, controlPlane, slices, (_purpose, subject, status) =>
      this.#stored(subject, status),
    );
    this.#change = simulation.event(`${name} address changes`, () => this.#move());
    this.#again = simulation.event(`${name} moved pod status`, (subject) => this.#report(subject));
    this.#sliceAgain = simulation.event(`${name} moved pod slice`, (subject) => this.#write(subject));
    this.#schedule();
  }

  /** Changes so far, known to the API or not. */
  get changes(): number {
    return this.#changes;
  }

  #schedule(): void {
    const gap = this.#stream.exponential(seconds(1) / this.#options.changesPerSecond);
    this.#change.after(Math.round(gap) as Duration);
  }

  #move(): void {
    this.#schedule();
    const { count, headlessCount } = this.#records;
    const name = count - headlessCount + this.#stream.integer(headlessCount);
    this.#changes++;
    this.#value[name]!++;
    this.#node[name] = this.#stream.integer(this.#options.nodes);
    this.#records.move(name, this.#value[name]!);
    this.#report(name);
  }

  #report(name: number): void {
    this.#controlPlane.send(this.#group, this.#node[name]!, POD_PATCH, name);
  }

  #reported(name: number, status: number): void {
    if (status === Status.ok) this.#write(name);
    else this.#again.after(AGAIN, name);
  }

  #write(name: number): void {
    this.#client.write(POD_PATCH, 0, name);
  }

  /** The slice says what is true when it is stored: controllers write from what they see last. */
  #stored(name: number, status: Status): void {
    if (status === Status.ok) this.#records.change(name, this.#value[name]!);
    else this.#sliceAgain.after(AGAIN, name);
  }
}
