import { minutes, ms, seconds, type Duration } from '@brownout/core';

/**
 * The time constants of priority and fairness. They are compiled into the API server, not flags; they are options here
 * so that a study can ask what they do.
 */
export interface FlowControlTiming {
  /** How often the levels exchange seats. */
  readonly borrowingPeriod: Duration;
  /** Share of the demand envelope that survives a period of lower demand: a half-life of five minutes. */
  readonly demandDecay: number;
  /** Service time assumed for a request until its own is known. It was 60 s in Kubernetes 1.20 to 1.22. */
  readonly expectedServiceTime: Duration;
  /** A request may wait this share of its own timeout. */
  readonly waitShare: number;
  /** No request waits longer than this, however long its timeout. */
  readonly longestWait: Duration;
}

/**
 * The constants of the real one. Source: kubernetes/apiserver, tag kubernetes-1.36.3: pkg/util/flowcontrol/
 * apf_controller.go (first two), fairqueuing/queueset/queueset.go (third), pkg/server/filters/priority-and-fairness.go.
 */
export const defaultFlowControlTiming: FlowControlTiming = {
  borrowingPeriod: seconds(10),
  demandDecay: 0.977,
  expectedServiceTime: ms(3),
  waitShare: 0.25,
  longestWait: minutes(1),
};

/** Merges `changes` into the defaults. Throws RangeError in the name of `owner` on a value that makes no sense. */
export function checkedTiming(owner: string, changes: Partial<FlowControlTiming>): FlowControlTiming {
  const timing = { ...defaultFlowControlTiming, ...changes };
  const { demandDecay, waitShare } = timing;
  if (!(demandDecay >= 0 && demandDecay < 1)) {
    throw new RangeError(`${owner}: demandDecay must be in [0, 1), got ${demandDecay}`);
  }
  if (!(waitShare > 0 && waitShare <= 1))
    throw new RangeError(`${owner}: waitShare must be in (0, 1], got ${waitShare}`);
  for (const name of ['borrowingPeriod', 'expectedServiceTime', 'longestWait'] as const) {
    if (!(timing[name] > 0 && timing[name] < Infinity)) {
      throw new RangeError(`${owner}: ${name} must be a finite duration above 0, got ${timing[name]}`);
    }
  }
  return timing;
}
