/**
 * How the API server labels a request in its metrics. Source: kubernetes/apiserver, pkg/endpoints/metrics/metrics.go
 * (CleanVerb, CleanScope, MonitorRequest).
 */
import type { RequestDescription } from '../flow-control/flow-schema.ts';
import { Status } from '../requests/api-request.ts';
import type { Labels } from './metric.ts';

const verbs: Readonly<Record<string, string>> = {
  create: 'POST',
  update: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
  deletecollection: 'DELETECOLLECTION',
};

const readOnlyVerbs: ReadonlySet<string> = new Set(['get', 'list', 'watch']);

/** Labels of a request but for dry_run and code. Every API in this model is version v1. */
export function requestLabels(request: RequestDescription): Labels {
  const { verb, resource, subresource = '', apiGroup = '', path = '' } = request;
  const isOfResource = resource !== undefined;
  return {
    verb: verbs[verb] ?? verb.toUpperCase(),
    group: apiGroup,
    version: isOfResource ? 'v1' : '',
    resource: resource ?? '',
    // A path stands where the subresource of a resource does.
    subresource: isOfResource ? subresource : path,
    scope: scopeOf(request),
    component: isOfResource ? 'apiserver' : '',
  };
}

/** `readOnly` or `mutating`, as in-flight requests are counted. */
export function requestKind(request: RequestDescription): 'readOnly' | 'mutating' {
  return readOnlyVerbs.has(request.verb) ? 'readOnly' : 'mutating';
}

/** HTTP code of an answer to a request; '' for what is no answer. */
export function codeOf(status: Status, { verb, subresource }: Partial<RequestDescription> = {}): string {
  switch (status) {
    case Status.ok:
      return verb === 'create' && subresource === undefined ? '201' : '200';
    case Status.tooManyRequests:
      return '429';
    case Status.unauthorized:
      return '401';
    case Status.forbidden:
      return '403';
    case Status.serverError:
      return '500';
    case Status.gatewayTimeout:
      return '504';
    default:
      return '';
  }
}

/** One object (creating one included), a namespace, or the whole cluster; '' for paths. */
function scopeOf({ verb, resource, namespace }: RequestDescription): string {
  if (resource === undefined) return '';
  const isOfMany = verb === 'list' || verb === 'watch' || verb === 'deletecollection';
  if (!isOfMany) return 'resource';
  return namespace === undefined ? 'cluster' : 'namespace';
}
