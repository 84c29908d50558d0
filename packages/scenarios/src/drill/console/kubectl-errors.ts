/**
 * What kubectl prints when a request comes to nothing. Which of these it is, is decided by how the request ended in the model;
 * the wording is that of kubectl and client-go (kubernetes/kubectl pkg/cmd/util/helpers.go, apimachinery pkg/api/errors,
 * client-go rest/request.go; 1.30).
 */

/** A request as messages name it. */
export interface KubectlRequest {
  /** `get`, `delete`, `patch`, `create`. */
  readonly verb: string;
  /** `nodes`, `daemonsets.apps`. */
  readonly resource: string;
  /** Who asks, as the API server knows them. */
  readonly user: string;
  /** Address of the API. */
  readonly host: string;
}

/** The message for a status by its name (`statusNames`); an unknown one is said as it is. */
export function kubectlError(status: string, { verb, resource, user, host }: KubectlRequest): string {
  const group = resource.includes('.') ? resource.slice(resource.indexOf('.') + 1) : '';
  switch (status) {
    case 'too-many-requests':
      return `Error from server (TooManyRequests): the server has received too many requests and has asked us to try again later (${verb} ${resource})`;
    case 'unauthorized':
      return 'error: You must be logged in to the server (Unauthorized)';
    case 'server-error':
      return 'Error from server: etcdserver: request timed out';
    case 'timed-out':
      return `Unable to connect to the server: net/http: request canceled (Client.Timeout exceeded while awaiting headers)`;
    case 'refused':
      return `The connection to the server ${host} was refused - did you specify the right host or port?`;
    case 'reset':
      return 'Unable to connect to the server: EOF';
    case 'forbidden':
      return `Error from server (Forbidden): ${resource} is forbidden: User "${user}" cannot ${verb} resource "${resource.split('.')[0]!}" in API group "${group}"`;
    case 'gateway-timeout':
      return `Error from server (Timeout): the server was unable to return a response in the time allotted, but may still be processing requests (${verb} ${resource})`;
    default:
      return `error: the request ended with ${status}`;
  }
}
