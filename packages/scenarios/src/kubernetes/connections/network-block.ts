/**
 * A block at the network in front of the API servers: packets from outside the control plane's own network are dropped,
 * without a word to either side. It may let the cluster's own parts through - kubelets and what runs in kube-system -,
 * who then need not all come back at one instant when the block is lifted for everybody.
 */
import type { ClientGroup } from '../client/client-group.ts';

/** Whose packets pass a block, besides those from inside. */
export type LetThrough = 'nobody' | 'system';

/** The block of one control plane; open when made. */
export class NetworkBlock {
  #isOn = false;
  #letThrough: LetThrough = 'nobody';

  /** Whether there is a block, whoever passes it. */
  get isOn(): boolean {
    return this.#isOn;
  }

  /** Whether kubelets and system pods are cut off. */
  get cutsSystem(): boolean {
    return this.#isOn && this.#letThrough === 'nobody';
  }

  /** Drops packets from now on; over a block that is there, only who passes changes. */
  block(letThrough: LetThrough): void {
    this.#isOn = true;
    this.#letThrough = letThrough;
  }

  /** Everybody passes again. */
  unblock(): void {
    this.#isOn = false;
  }

  /** Whether a group's packets are dropped. */
  cuts(group: ClientGroup): boolean {
    return this.#isOn && !group.isInside && !(group.isSystem && this.#letThrough === 'system');
  }
}
