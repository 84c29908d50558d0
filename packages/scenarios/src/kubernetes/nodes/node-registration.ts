/**
 * How nodes come to be known: requests of kubelets that start, one node a row. A kubelet creates its Node object, then its
 * Lease, of which the Node must be the owner; both until they work. Where somebody else has created the object before it, it
 * reads it and writes its labels in place of that.
 *
 *   POST node --ok--------------------------------+--> known --> GET lease, GET node, POST lease --> leased
 *       '-----exists--> GET node, PATCH node -----+
 *   failed: 100 ms, doubling to 7 s                              failed: 200 ms, doubling to 7 s; GET node: an interval
 *
 * Source: kubernetes/kubernetes pkg/kubelet/kubelet_node_status.go (registerWithAPIServer, tryRegisterWithAPIServer), which
 * waits before its first try too; component-helpers apimachinery/lease/controller.go (backoffEnsureLease, ensureLease).
 */
import { type Duration, type EventType, ms, noTime, seconds, type Simulation } from '@brownout/core';
import { type DoublingBackoff, waitAfter } from '../client/backoff.ts';
import { ClientGroup } from '../client/client-group.ts';
import type { ControlPlane } from '../control-plane.ts';
import type { RequestDescription } from '../flow-control/flow-schema.ts';
import { nodeIdentity } from '../flow-control/identity.ts';
import { Status } from '../requests/api-request.ts';
import { operationNumber } from '../requests/operation.ts';

/** What registration needs of the kubelets. */
export interface RegistrationParts {
  readonly controlPlane: ControlPlane;
  /** 1 while the node object is stored. */
  readonly exists: Uint8Array;
  /** Group whose connections the kubelets use for this too. */
  readonly connections: ClientGroup;
  /** Timeout of requests for the Lease, and the time to the next try where the Node could not be read. */
  readonly leaseTimeout: Duration;
  readonly renewInterval: Duration;
  /** Whether the machine is still there. */
  readonly isUp: (node: number) => boolean;
  /** The Node object is stored, by this kubelet or by somebody before it. */
  readonly known: (node: number) => void;
  /** The Lease is stored. */
  readonly leased: (node: number) => void;
}

const Step = { createNode: 0, readNode: 1, patchNode: 2, readLease: 3, readOwner: 4, createLease: 5 } as const;
type Step = (typeof Step)[keyof typeof Step];

const REGISTRATION: DoublingBackoff = { first: ms(100), longest: seconds(7) };
const LEASE: DoublingBackoff = { first: ms(200), longest: seconds(7) };
/** The client of objects has no timeout of its own; the server's ends its requests. */
const TIMEOUT = seconds(60);
/** Node and Lease are written in the size of their updates. */
const NODE_WRITE = operationNumber('node-status-patch');
const LEASE_WRITE = operationNumber('lease-update');
const GET = operationNumber('get');

/** The registrations of the nodes of one cluster. */
export class NodeRegistration {
  readonly #parts: RegistrationParts;
  readonly #step: Uint8Array;
  readonly #failures: Uint8Array;
  /** By step: the group and the operation that it sends. */
  readonly #group: readonly number[];
  readonly #operation: readonly number[] = [NODE_WRITE, GET, NODE_WRITE, GET, GET, LEASE_WRITE];
  readonly #next: EventType;

  constructor(simulation: Simulation, name: string, parts: RegistrationParts) {
    this.#parts = parts;
    const rows = parts.exists.length;
    this.#step = new Uint8Array(rows);
    this.#failures = new Uint8Array(rows);
    const nodes = { resource: 'nodes' };
    const leases = { apiGroup: 'coordination.k8s.io', resource: 'leases', namespace: 'kube-node-lease' };
    const create = this.#join('kubelet-register', 'create', nodes, TIMEOUT);
    const read = this.#join('kubelet-register-get', 'get', nodes, TIMEOUT);
    const patch = this.#join('kubelet-register-patch', 'patch', { ...nodes, subresource: 'status' }, TIMEOUT);
    const readLease = this.#join('kubelet-lease-ensure', 'get', leases, parts.leaseTimeout);
    const createLease = this.#join('kubelet-lease-create', 'create', leases, parts.leaseTimeout);
    this.#group = [create, read, patch, readLease, read, createLease];
    this.#next = simulation.event(`${name} registration`, (node) => this.#send(node), 'arrival');
  }

  /** The kubelet of a node starts. */
  begin(node: number): void {
    this.#enter(node, Step.createNode, REGISTRATION.first);
  }

  #join(
    name: string,
    verb: string,
    what: Omit<RequestDescription, 'verb' | 'user' | 'groups'>,
    timeout: Duration,
  ): number {
    return this.#parts.controlPlane.join(
      new ClientGroup({
        name,
        describe: (node) => ({ ...nodeIdentity(`${node}`), verb, ...what }),
        timeout,
        clients: this.#parts.exists.length,
        isInside: false,
        countsForAvailability: true,
        connectionsOf: this.#parts.connections,
        onReply: (node, status, retryAfter) => this.#answered(node, status, retryAfter),
      }),
    );
  }

  #enter(node: number, step: Step, wait: Duration): void {
    this.#step[node] = step;
    this.#failures[node] = 0;
    this.#next.after(wait, node);
  }

  #send(node: number): void {
    if (!this.#parts.isUp(node)) return;
    const step = this.#step[node]!;
    this.#parts.controlPlane.send(this.#group[step]!, node, this.#operation[step]!, node, this.#failures[node]! > 0);
  }

  #answered(node: number, status: number, retryAfterSeconds: number): void {
    if (!this.#parts.isUp(node)) return;
    if (status === Status.ok) {
      this.#succeeded(node);
      return;
    }
    const failures = this.#failures[node]!;
    this.#failures[node] = Math.min(failures + 1, 255);
    if (retryAfterSeconds > 0) this.#next.after(seconds(retryAfterSeconds), node);
    else this.#next.after(this.#failed(node, failures), node);
  }

  /** What failed is begun anew, from the first request of its part on. */
  #failed(node: number, failures: number): Duration {
    const step = this.#step[node]!;
    if (step <= Step.patchNode) {
      this.#step[node] = Step.createNode;
      // The wait before the first try was the first of the series.
      return waitAfter(failures + 1, REGISTRATION);
    }
    this.#step[node] = Step.readLease;
    return step === Step.readOwner ? this.#parts.renewInterval : waitAfter(failures, LEASE);
  }

  #succeeded(node: number): void {
    switch (this.#step[node] as Step) {
      case Step.createNode:
        if (this.#parts.exists[node] === 1) this.#enter(node, Step.readNode, noTime);
        else this.#known(node);
        return;
      case Step.patchNode:
        this.#known(node);
        return;
      case Step.createLease:
        this.#parts.leased(node);
        return;
      default:
        this.#enter(node, (this.#step[node]! + 1) as Step, noTime);
    }
  }

  #known(node: number): void {
    this.#enter(node, Step.readLease, noTime);
    this.#parts.known(node);
  }
}
