/** Metrics of priority and fairness. Source: kubernetes/apiserver, pkg/util/flowcontrol/metrics/metrics.go. */
import type { MetricDefinition } from './metric.ts';

const source = 'kubernetes/apiserver, pkg/util/flowcontrol/metrics/metrics.go';
const level = ['priority_level'] as const;
const schema = ['priority_level', 'flow_schema'] as const;
const durations = [0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30] as const;

type Row = readonly [name: string, type: 'counter' | 'gauge', labels: readonly string[], help: string];

const filled: readonly Row[] = [
  ['nominal_limit_seats', 'gauge', level, 'Seats of the level by its shares.'],
  ['lower_limit_seats', 'gauge', level, 'Seats left when all that can be lent is lent.'],
  ['upper_limit_seats', 'gauge', level, 'Seats when all that can be borrowed is borrowed.'],
  ['current_limit_seats', 'gauge', level, 'Seats the level may use now.'],
  ['demand_seats_high_watermark', 'gauge', level, 'Most seats wanted at once in the last period of borrowing.'],
  ['demand_seats_smoothed', 'gauge', level, 'Slowly falling envelope of the seats wanted.'],
  ['rejected_requests_total', 'counter', [...schema, 'reason'], 'Requests answered 429.'],
  ['dispatched_requests_total', 'counter', schema, 'Requests that got their seats.'],
  ['current_executing_requests', 'gauge', schema, 'Requests being executed.'],
  ['current_executing_seats', 'gauge', schema, 'Seats of requests being executed.'],
  ['current_inqueue_requests', 'gauge', schema, 'Requests waiting in queues.'],
  ['current_inqueue_seats', 'gauge', schema, 'Seats of requests waiting in queues.'],
];

const unfilled: readonly Row[] = [
  ['demand_seats_average', 'gauge', level, 'Mean of the seats wanted in the last period of borrowing.'],
  ['demand_seats_stdev', 'gauge', level, 'Standard deviation of the seats wanted in the last period.'],
  ['target_seats', 'gauge', level, 'Seats that borrowing aims for.'],
  ['seat_fair_frac', 'gauge', [], 'Factor by which targets are cut so that they fit.'],
];

const simplifications: Readonly<Record<string, string>> = {
  current_executing_seats: 'seats that are held after the answer are not counted',
};

const row =
  (isFilled: boolean) =>
  ([name, type, labels, help]: Row): MetricDefinition => ({
    name: `apiserver_flowcontrol_${name}`,
    type,
    help,
    labels,
    source,
    isFilled,
    ...(simplifications[name] === undefined ? {} : { simplification: simplifications[name] }),
  });

/** All of them, those that this model fills first. */
export const flowControlMetrics: readonly MetricDefinition[] = [
  ...filled.map(row(true)),
  {
    name: 'apiserver_flowcontrol_request_wait_duration_seconds',
    type: 'histogram',
    help: 'Time in queues; execute tells whether a seat came of it.',
    labels: [...schema, 'execute'],
    buckets: durations,
    source,
    isFilled: true,
  },
  {
    name: 'apiserver_flowcontrol_request_execution_seconds',
    type: 'histogram',
    help: 'Time with seats.',
    labels: [...schema, 'type'],
    buckets: durations,
    source,
    isFilled: true,
  },
  {
    name: 'apiserver_flowcontrol_work_estimated_seats',
    type: 'histogram',
    help: 'Seats that requests were estimated to take.',
    labels: schema,
    buckets: [1, 2, 4, 10],
    change: { since: '1.34', buckets: [1, 2, 4, 8, 16, 32, 64, 100] },
    source,
    isFilled: true,
  },
  ...unfilled.map(row(false)),
];
