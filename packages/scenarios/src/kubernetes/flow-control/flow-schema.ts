/**
 * FlowSchemas as data, and whether one matches a request. Field names are those of the FlowSchema object; the matching
 * rules are those of kubernetes/apiserver, tag kubernetes-1.36.3, pkg/util/flowcontrol/rule.go.
 */

/** What the flow-control filter can see of a request. */
export interface RequestDescription {
  /** Full user name, such as `system:node:n1` or `system:serviceaccount:kube-system:coredns`. */
  readonly user: string;
  readonly groups: readonly string[];
  /** Lower case: get, list, watch, create, update, patch, delete, deletecollection, or an HTTP method's. */
  readonly verb: string;
  /** Left out for requests that name no resource, such as probes; those have a `path`. */
  readonly resource?: string;
  readonly subresource?: string;
  /** '' (the default) is the core group. */
  readonly apiGroup?: string;
  /** Left out for requests of cluster scope. */
  readonly namespace?: string;
  readonly path?: string;
}

/** Who a rule is about. `'*'` as a name means everybody of that kind. */
export type Subject =
  | { readonly kind: 'User'; readonly name: string }
  | { readonly kind: 'Group'; readonly name: string }
  | { readonly kind: 'ServiceAccount'; readonly namespace: string; readonly name: string };

/** Requests for resources; in each list a lone `'*'` means all. */
export interface ResourceRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  /** `'pods'`, or `'pods/status'` for a subresource. */
  readonly resources: readonly string[];
  /** Namespaces a namespaced request may be for; empty = none. */
  readonly namespaces: readonly string[];
  /** Whether requests of cluster scope match. */
  readonly clusterScope: boolean;
}

/** Requests for paths; a trailing `'*'` covers what is below. */
export interface NonResourceRule {
  readonly verbs: readonly string[];
  readonly nonResourceUrls: readonly string[];
}

/** Matches a request by one of the subjects to one of the rules. */
export interface PolicyRule {
  readonly subjects: readonly Subject[];
  readonly resourceRules?: readonly ResourceRule[];
  readonly nonResourceRules?: readonly NonResourceRule[];
}

/** What tells the flows of one schema apart; left out = the whole schema is one flow. */
export type DistinguisherMethod = 'ByUser' | 'ByNamespace';

/** One FlowSchema. */
export interface FlowSchema {
  readonly name: string;
  /** The schema with the lowest number that matches decides; equal numbers go by name. */
  readonly matchingPrecedence: number;
  readonly priorityLevel: string;
  readonly distinguisherMethod?: DistinguisherMethod;
  readonly rules: readonly PolicyRule[];
}

/** Whether `schema` matches `request`. */
export function matches(schema: FlowSchema, request: RequestDescription): boolean {
  return schema.rules.some(
    (rule) => rule.subjects.some((subject) => isSubject(subject, request)) && allows(rule, request),
  );
}

/** The text that tells the flow of `request` from others of the same schema. */
export function distinguisherOf(schema: FlowSchema, request: RequestDescription): string {
  if (schema.distinguisherMethod === undefined) return '';
  return schema.distinguisherMethod === 'ByUser' ? request.user : (request.namespace ?? '');
}

/** Schemas in the order they are tried: by precedence, then by name. */
export function inMatchingOrder(schemas: readonly FlowSchema[]): readonly FlowSchema[] {
  return [...schemas].sort(
    (a, b) => a.matchingPrecedence - b.matchingPrecedence || (a.name < b.name ? -1 : Number(a.name > b.name)),
  );
}

const longRunningVerbs: ReadonlySet<string> = new Set(['watch', 'proxy']);
const longRunningSubresources: ReadonlySet<string> = new Set(['attach', 'exec', 'proxy', 'log', 'portforward']);

/**
 * Whether the API server treats the request as long-running. Those bypass the in-flight limits; of them only watches
 * pass through priority and fairness, while they initialise. Source: kubernetes/kubernetes, the check kube-apiserver is
 * configured with (cmd/kube-apiserver/app).
 */
export function isLongRunning(request: RequestDescription): boolean {
  if (longRunningVerbs.has(request.verb)) return true;
  return request.resource !== undefined && longRunningSubresources.has(request.subresource ?? '');
}

function isSubject(subject: Subject, request: RequestDescription): boolean {
  if (subject.kind === 'User') return subject.name === '*' || subject.name === request.user;
  if (subject.kind === 'Group') return subject.name === '*' || request.groups.includes(subject.name);
  const account = `system:serviceaccount:${subject.namespace}:`;
  return subject.name === '*' ? request.user.startsWith(account) : request.user === account + subject.name;
}

function allows(rule: PolicyRule, request: RequestDescription): boolean {
  if (request.resource !== undefined) return rule.resourceRules?.some((one) => allowsResource(one, request)) ?? false;
  return rule.nonResourceRules?.some((one) => allowsPath(one, request)) ?? false;
}

function allowsResource(rule: ResourceRule, request: RequestDescription): boolean {
  const resource = request.subresource === undefined ? request.resource : `${request.resource}/${request.subresource}`;
  if (!has(rule.verbs, request.verb) || !has(rule.resources, resource ?? '')) return false;
  if (!has(rule.apiGroups, request.apiGroup ?? '')) return false;
  return request.namespace === undefined ? rule.clusterScope : has(rule.namespaces, request.namespace);
}

function allowsPath(rule: NonResourceRule, request: RequestDescription): boolean {
  const path = request.path ?? '';
  return has(rule.verbs, request.verb) && rule.nonResourceUrls.some((url) => covers(url, path));
}

/** A rule for `/healthz` covers `/healthz` itself and everything below it, with or without a trailing star. */
function covers(url: string, path: string): boolean {
  if (url === '*' || url === path) return true;
  const prefix = url.endsWith('*') ? url.slice(0, -1) : url;
  return path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);
}

function has(list: readonly string[], value: string): boolean {
  return (list.length === 1 && list[0] === '*') || list.includes(value);
}
