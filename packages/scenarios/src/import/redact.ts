/**
 * Other names for what is somebody's own: namespaces, service accounts, DaemonSets, users, clients, schemas and levels. The same
 * name gets the same new one everywhere; what every cluster has keeps its name. File names are not touched.
 */
import type { FlowSchemaDocument } from '../scenario/flow-control-schema.ts';
import type { AuditPart } from './audit-log.ts';
import type { Evidence } from './evidence.ts';

const knownNamespaces = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];
const knownClients = /^(kube-[a-z-]+|kubelet|kubectl|coredns|cloud-controller-manager|cluster-autoscaler)(\/|$)/;
const knownUsers = /^system:(?!serviceaccount:)/;
const knownGroups = /^system:(?!serviceaccounts:)/;

/** Gives out new names. */
class Names {
  readonly #by = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  of(kind: string, name: string): string {
    const id = `${kind}\u0000${name}`;
    const known = this.#by.get(id);
    if (known !== undefined) return known;
    const number = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, number);
    const fresh = `${kind}-${number}`;
    this.#by.set(id, fresh);
    return fresh;
  }

  namespace(name: string): string {
    return name === '*' || knownNamespaces.includes(name) ? name : this.of('namespace', name);
  }

  account(namespace: string, name: string): string {
    return name === '*' || namespace === 'kube-system' || name === 'default' ? name : this.of('account', name);
  }

  user(name: string): string {
    if (name === '*' || knownUsers.test(name)) return name;
    const [, namespace, account] = /^system:serviceaccount:([^:]*):(.*)$/.exec(name) ?? [];
    if (namespace === undefined) return this.of('user', name);
    return `system:serviceaccount:${this.namespace(namespace)}:${this.account(namespace, account!)}`;
  }

  group(name: string): string {
    if (name === '*' || knownGroups.test(name)) return name;
    const [, namespace] = /^system:serviceaccounts:(.*)$/.exec(name) ?? [];
    return namespace === undefined ? this.of('group', name) : `system:serviceaccounts:${this.namespace(namespace)}`;
  }
}

/** The same evidence under other names; `keeps` says which schemas and levels every cluster has. */
export function redacted(evidence: Evidence, keeps: (kind: 'schema' | 'level', name: string) => boolean): Evidence {
  const names = new Names();
  const level = (name: string): string => (keeps('level', name) ? name : names.of('level', name));
  const { nodes, pods, daemonSets, flowSchemas, priorityLevels, audit } = evidence;
  return {
    ...evidence,
    ...(nodes && {
      nodes: { ...nodes, value: nodes.value.map((node) => ({ ...node, name: names.of('node', node.name) })) },
    }),
    ...(pods && {
      pods: {
        ...pods,
        value: pods.value.map((pod) => ({
          ...pod,
          namespace: names.namespace(pod.namespace),
          serviceAccount: pod.serviceAccount && names.account(pod.namespace, pod.serviceAccount),
          node: pod.node && names.of('node', pod.node),
        })),
      },
    }),
    ...(daemonSets && {
      daemonSets: {
        ...daemonSets,
        value: daemonSets.value.map((one) => ({
          namespace: names.namespace(one.namespace),
          name: one.namespace === 'kube-system' ? one.name : names.of('agent', one.name),
          serviceAccount: names.account(one.namespace, one.serviceAccount),
        })),
      },
    }),
    ...(flowSchemas && {
      flowSchemas: { ...flowSchemas, value: flowSchemas.value.map((one) => schemaOf(one, names, level, keeps)) },
    }),
    ...(priorityLevels && {
      priorityLevels: {
        ...priorityLevels,
        value: priorityLevels.value.map((one) => ({ ...one, metadata: { name: level(one.metadata.name) } })),
      },
    }),
    ...(audit && { audit: auditOf(audit, names) }),
  } as Evidence;
}

function schemaOf(
  schema: FlowSchemaDocument,
  names: Names,
  level: (name: string) => string,
  keeps: (kind: 'schema' | 'level', name: string) => boolean,
): FlowSchemaDocument {
  const { name } = schema.metadata;
  return {
    metadata: { name: keeps('schema', name) ? name : names.of('schema', name) },
    spec: {
      ...schema.spec,
      priorityLevelConfiguration: { name: level(schema.spec.priorityLevelConfiguration.name) },
      rules: (schema.spec.rules ?? []).map((rule) => ({
        ...rule,
        subjects: rule.subjects.map((subject) => {
          if (subject.kind === 'User') return { ...subject, user: { name: names.user(subject.user.name) } };
          if (subject.kind === 'Group') return { ...subject, group: { name: names.group(subject.group.name) } };
          const { namespace, name: account } = subject.serviceAccount;
          const renamed = { namespace: names.namespace(namespace), name: names.account(namespace, account) };
          return { ...subject, serviceAccount: renamed };
        }),
        ...(rule.resourceRules && {
          resourceRules: rule.resourceRules.map((one) => ({
            ...one,
            ...(one.namespaces && { namespaces: one.namespaces.map((namespace) => names.namespace(namespace)) }),
          })),
        }),
      })),
    },
  };
}

function auditOf(audit: AuditPart, names: Names): AuditPart {
  return {
    ...audit,
    groups: audit.groups.map((group) => ({
      ...group,
      userAgent: knownClients.test(group.userAgent)
        ? group.userAgent.split('/', 1)[0]!
        : names.of('client', group.userAgent),
      user: names.user(group.user),
    })),
  };
}
