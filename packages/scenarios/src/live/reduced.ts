/**
 * The smaller model of a document, for the first answer to a what-if: the whole takes a minute, and nobody waits a minute to
 * see whether a slider was worth moving. How it is made smaller is said in scenario/reduction.ts, how well it agrees in
 * docs/validation/reduced-model.md. What comes out of it is labelled, and replaced by the exact run when that is there.
 */
import type { Scenario, ScenarioDocument } from '../scenario/document.ts';
import { parseScenario } from '../scenario/parse.ts';
import { reducedScenario } from '../scenario/reduction.ts';

/** A smaller model, and what to say about it. */
export interface ReducedModel {
  /** The document with its section `reduction`; the document itself where it is small enough as it is. */
  readonly document: ScenarioDocument;
  /** Nodes that each node stands for; 1 = this is the whole, and its answer exact. */
  readonly factor: number;
  /** Nodes that are simulated, and nodes of the whole. */
  readonly nodes: number;
  readonly nodesOfWhole: number;
  /** One line for whoever reads its results. */
  readonly label: string;
  /** What it cannot show, sentence by sentence; empty for the whole. */
  readonly losses: readonly string[];
}

/** How small. */
export interface ReducedOptions {
  /**
   * Simulated nodes times hours that may be left; default 3,500, a run of about two seconds on one core (measured,
   * docs/validation/reduced-model.md).
   */
  readonly nodeHours?: number;
}

/** Default of `nodeHours`. */
export const reducedNodeHours = 3500;

/**
 * An API server is never less than this part of one: with the usual 600 seats it then has room for the LISTs of ten seats that
 * a level of it may run at once in ones, not in fractions.
 */
const MOST_OF_A_SERVER = 8;

/** Documents that would become less than this much smaller are run as they are. */
const LEAST_FACTOR = 1.5;

/** Makes the smaller model. Throws `DocumentError` for a document that is not valid. */
export function reduced(document: ScenarioDocument, options: ReducedOptions = {}): ReducedModel {
  const scenario = parseScenario(document, String(document.id));
  const nodesOfWhole = nodesOf(scenario);
  const factor = reductionFactor(scenario, options);
  if (factor === 1) {
    const label = `The whole model: ${nodesOfWhole} nodes are few enough.`;
    return { document, factor, nodes: nodesOfWhole, nodesOfWhole, label, losses: [] };
  }
  const nodes = nodesOf(reducedScenario({ ...scenario, reduction: { factor } }));
  return {
    document: { ...document, reduction: { factor } },
    factor,
    nodes,
    nodesOfWhole,
    label: `First answer from a smaller model: ${nodes} nodes stand for ${nodesOfWhole}.`,
    losses: reductionLosses,
  };
}

/** Nodes that each node has to stand for, in tenths; 1 = none has to. */
export function reductionFactor(
  { clusters, horizon }: Pick<Scenario, 'clusters' | 'horizon'>,
  { nodeHours = reducedNodeHours }: ReducedOptions = {},
): number {
  const nodes = clusters.reduce((sum, cluster) => sum + cluster.nodes, 0);
  const perServer = clusters.reduce((sum, cluster) => sum + cluster.nodes / cluster.apiServers.replicas, 0);
  const wanted = (nodes * (horizon.end - horizon.start)) / 3_600_000_000 / nodeHours;
  const factor = Math.min(wanted, (MOST_OF_A_SERVER * nodes) / perServer);
  return factor < LEAST_FACTOR ? 1 : Math.ceil(factor * 10) / 10;
}

/** What a smaller model cannot show. */
const reductionLosses: readonly string[] = [
  'One API server and one etcd member stand for all of a cluster, unless single ones are lost or added: no load moves from a server that dies to those that live.',
  'Everything comes in lumps: a cluster is up or down as a whole, so errors of users jump where many servers would average them out.',
  'A node, a DNS instance or a service that is counted in ones is counted in at least one: small clusters weigh more than they do.',
  'What grows with the square of the nodes, such as telling every watcher of every change, is too small.',
  'Limits that are written as counts - nodes not ready, requests a second - are those of the whole and are met later.',
];

function nodesOf({ clusters }: Scenario): number {
  return clusters.reduce((sum, { nodes }) => sum + nodes, 0);
}
