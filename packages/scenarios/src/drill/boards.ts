/** What is on each board, and what of it a trainee has: by roles, and by what the difficulty leaves. */
import type { MetricName, MetricReference } from '../operations/monitoring/metric-catalogue.ts';
import type { Scenario } from '../scenario/document.ts';
import type { Difficulty } from './difficulty.ts';
import { type BoardId, boardIds, type DrillRole } from './roles.ts';

/** One panel of a board. */
export interface PanelDefinition extends MetricReference {
  readonly title: string;
}

/** One board. */
export interface BoardDefinition {
  readonly id: BoardId;
  readonly title: string;
  readonly panels: readonly PanelDefinition[];
}

const panel = (metric: MetricName, title: string): PanelDefinition => ({ metric, title });

const fixed: Readonly<Record<Exclude<BoardId, 'users'>, Omit<BoardDefinition, 'id'>>> = {
  overview: {
    title: 'All clusters',
    panels: [
      panel('apiserver_request_error_ratio', 'API requests that fail'),
      panel('apiserver_up_share', 'API servers up'),
      panel('nodes_not_ready', 'Nodes not ready'),
      panel('daemonset_ready_share', 'Agents ready'),
    ],
  },
  'api-servers': {
    title: 'API servers',
    panels: [
      panel('apiserver_cpu_share', 'CPU of the busiest'),
      panel('apiserver_memory_share', 'Memory of the largest'),
      panel('apiserver_up_share', 'Up'),
      panel('apiserver_oom_kills_per_second', 'Killed for memory'),
      panel('apiserver_429_per_second', 'Answers 429'),
      panel('apiserver_5xx_per_second', 'Answers 5xx'),
      panel('apiserver_seats_in_use_share', 'Seats in use'),
      panel('apiserver_current_inqueue_requests', 'Requests in queues'),
    ],
  },
  latency: {
    title: 'API latency',
    panels: [
      panel('apiserver_get_latency_p99_seconds', 'GET, p99'),
      panel('apiserver_list_latency_p99_seconds', 'LIST, p99'),
      panel('apiserver_write_latency_p99_seconds', 'Writes, p99'),
      panel('apiserver_queue_wait_p99_seconds', 'Wait for a seat, p99'),
    ],
  },
  etcd: {
    title: 'etcd',
    panels: [
      panel('etcd_cpu_share', 'CPU of the busiest member'),
      panel('etcd_memory_share', 'Memory of the largest member'),
      panel('etcd_server_has_leader', 'Has a leader'),
      panel('etcd_server_proposals_pending', 'Writes that wait'),
      panel('etcd_wal_fsync_p99_seconds', 'fsync, p99'),
      panel('etcd_db_quota_share', 'Database, of its quota'),
    ],
  },
  nodes: {
    title: 'Nodes',
    panels: [
      panel('nodes_not_ready', 'Not ready'),
      panel('node_lease_age_seconds', 'Oldest lease'),
      panel('daemonset_ready_share', 'Agents ready'),
    ],
  },
  dns: { title: 'Names', panels: [panel('dns_failure_share', 'Lookups that fail')] },
  agent: {
    title: 'The agent of the last rollout',
    panels: [
      panel('daemonset_ready_share', 'Pods ready'),
      panel('agent_cpu_cores', 'CPU of one agent'),
      panel('agent_request_error_ratio', 'Its requests that fail'),
    ],
  },
};

/** Metrics of etcd that only some documents have. */
const needsRaft: readonly MetricName[] = ['etcd_server_proposals_pending', 'etcd_wal_fsync_p99_seconds'];
const needsQuota: readonly MetricName[] = ['etcd_db_quota_share'];

/** What whoever planned the rollout looked at: that the new thing itself is well. */
const ofRollout: readonly MetricName[] = ['daemonset_ready_share', 'agent_cpu_cores'];

/** All boards of a scenario. A panel that can never show anything there is left out. */
export function boardsOf(
  scenario: Scenario,
  has: { readonly raft: boolean; readonly quota: boolean },
): BoardDefinition[] {
  const isThere = ({ metric }: PanelDefinition): boolean =>
    (has.raft || !needsRaft.includes(metric)) && (has.quota || !needsQuota.includes(metric));
  const { products } = scenario.users;
  const users: BoardDefinition = {
    id: 'users',
    title: 'Users, at the edge',
    panels: [
      panel('user_error_share', 'User requests that fail'),
      ...(products.length < 2
        ? []
        : products.map(({ id, title }) => ({ ...panel('user_error_share', title), product: id }))),
    ],
  };
  return boardIds.map((id) =>
    id === 'users' ? users : { id, title: fixed[id].title, panels: fixed[id].panels.filter(isThere) },
  );
}

/** The boards somebody with these roles has. */
export function boardsFor(
  all: readonly BoardDefinition[],
  roles: readonly DrillRole[],
  difficulty: Difficulty,
  scenario: Scenario,
): BoardDefinition[] {
  const wanted = new Set(roles.flatMap(({ boards }) => boards));
  const watched = new Set<MetricName>(['user_error_share', 'apiserver_request_error_ratio', ...ofRollout]);
  for (const { metric } of scenario.operators.alerts ?? []) watched.add(metric);
  return all
    .filter(({ id }) => wanted.has(id))
    .map((board) =>
      difficulty.dashboards === 'role'
        ? board
        : { ...board, panels: board.panels.filter(({ metric }) => watched.has(metric)) },
    )
    .filter(({ panels }) => panels.length > 0);
}
