/** What came of an input, once it has: plain data. */
import { Status, statusNames } from '../kubernetes/requests/api-request.ts';

/** A cell of a table that an API server answered with. */
export type ApiCell = string | number | boolean | null;

/** One object, by column. */
export type ApiRow = Readonly<Record<string, ApiCell>>;

/** See above. */
export interface LiveAnswer {
  /** Of the action in the log. */
  readonly id: number;
  /** When it was begun and when it ended, in seconds after the trigger. */
  readonly beganAt: number;
  readonly endedAt: number;
  /** Whether it has come off. */
  readonly ok: boolean;
  /** How its last request ended, where it sent any: a name of `statusNames`. */
  readonly status?: string;
  /** What a command-line tool would print for that, or why nothing came of it. */
  readonly error?: string;
  /** Objects that were read, as the API knew them when the last page was answered. */
  readonly rows?: readonly ApiRow[];
}

/**
 * What kubectl prints for a request that ended so (documented: kubernetes/kubectl pkg/cmd/util/helpers.go, apimachinery
 * pkg/api/errors and client-go rest/request.go; wording of 1.30). A dial that nobody answers and an answer that does not come
 * look the same here: the model tells them apart no further than the client's own deadline.
 */
const texts: Readonly<Record<Status, (subject: string) => string>> = {
  [Status.ok]: () => '',
  [Status.tooManyRequests]: () =>
    'Error from server (TooManyRequests): the server has received too many requests and has asked us to try again later',
  [Status.unauthorized]: () => 'error: You must be logged in to the server (Unauthorized)',
  [Status.serverError]: () => 'Error from server: etcdserver: request timed out',
  [Status.timedOut]: () =>
    'Unable to connect to the server: net/http: request canceled (Client.Timeout exceeded while awaiting headers)',
  [Status.refused]: () => 'The connection to the server was refused - did you specify the right host or port?',
  [Status.reset]: () => 'Unable to connect to the server: EOF',
  [Status.forbidden]: (subject) => `Error from server (Forbidden): ${subject} is forbidden`,
  [Status.gatewayTimeout]: () =>
    'Error from server (Timeout): the server was unable to return a response in the time allotted, but may still be processing the request',
};

/** The message of a request about `subject` that did not succeed. */
export function errorText(status: Status, subject: string): string {
  return texts[status](subject);
}

/** Name of a status, as series and answers call it. */
export function statusName(status: Status): string {
  return statusNames[status]!;
}
