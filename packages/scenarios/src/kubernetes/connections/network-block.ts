/**
 * A block at the network in front of the API servers: packets from outside the control plane's own network are dropped,
 * without a word to either side. It may let the cluster's own parts through - kubelets and what runs in kube-system -,
 * who then need not all come back at one instant when the block is lifted for everybody.
 *
 * Operators may block, and a fault may: neither takes back what the other does.
 */
import type { ClientGroup } from '../client/client-group.ts';

/** Whose packets pass a block, besides those from inside. */
export type LetThrough = 'nobody' | 'system';

/** Who passes a block: whom it names, else whom the cluster's document lets through, else nobody. */
export function whoPasses(
  asked: LetThrough | undefined,
  { blockLetsThrough = 'nobody' }: { readonly blockLetsThrough?: LetThrough },
): LetThrough {
  return asked ?? blockLetsThrough;
}

/** Whose block it is. */
export type BlockedBy = 'operators' | 'fault';

/** The block of one control plane; open when made. */
export class NetworkBlock {
  readonly #blocks: Record<BlockedBy, LetThrough | undefined> = { operators: undefined, fault: undefined };
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

  /** Whether somebody has a block there. */
  isBy(by: BlockedBy): boolean {
    return this.#blocks[by] !== undefined;
  }

  /** Somebody drops packets from now on; over a block of the same, only who passes changes. */
  block(letThrough: LetThrough, by: BlockedBy): void {
    this.#blocks[by] = letThrough;
    this.#combine();
  }

  /** Somebody lets everybody pass again. */
  unblock(by: BlockedBy): void {
    this.#blocks[by] = undefined;
    this.#combine();
  }

  /** Whether a group's packets are dropped. */
  cuts(group: ClientGroup): boolean {
    return this.#isOn && !group.isInside && !(group.isSystem && this.#letThrough === 'system');
  }

  /** Who passes both passes. */
  #combine(): void {
    const blocks = Object.values(this.#blocks);
    this.#isOn = blocks.some((one) => one !== undefined);
    this.#letThrough = blocks.includes('nobody') ? 'nobody' : 'system';
  }
}
