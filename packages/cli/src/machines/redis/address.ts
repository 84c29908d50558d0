import { InputError } from '../../input-error.ts';

/** Where Redis is, as typed: `redis://[user][:password]@host[:port][/db]`, or `rediss://` for TLS. */

/** An address that was read. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Number of the database; default 0. */
  readonly db: number;
  readonly hasTls: boolean;
  /** For people: the address without its password. */
  readonly shown: string;
}

/** The address that was asked for: typed, or `BROWNOUT_REDIS`, which no list of processes shows. */
export function redisUrlOf(
  typed: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const url = typed ?? environment['BROWNOUT_REDIS'];
  return url === '' ? undefined : url;
}

/** Port of Redis where none is named. */
const defaultPort = 6379;

/** Reads an address. Throws `InputError`, whose message never holds what was typed: there may be a password in it. */
export function readRedisAddress(text: string): RedisAddress {
  const expected = '--redis: expected redis://[user[:password]@]host[:port][/db], or rediss:// for TLS';
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new InputError(`${expected}; what was given is no URL (not shown, it may hold a password)`);
  }
  if (url.protocol !== 'redis:' && url.protocol !== 'rediss:') {
    throw new InputError(`${expected}; got one that begins with ${url.protocol}`);
  }
  const db = /^\/?(\d{0,4})$/.exec(url.pathname)?.[1];
  if (url.hostname === '' || db === undefined || url.search !== '' || url.hash !== '') {
    throw new InputError(`${expected}, without anything after the number of the database`);
  }
  const [username, password] = [url.username, url.password].map(decoded);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = url.port === '' ? defaultPort : Number(url.port);
  const user = `${url.username}${password === undefined ? '' : ':***'}`;
  return {
    host,
    port,
    username,
    password,
    db: Number(db),
    hasTls: url.protocol === 'rediss:',
    shown: `${url.protocol}//${user === '' ? '' : `${user}@`}${url.hostname}:${port}${db === '' ? '' : `/${db}`}`,
  };
}

function decoded(text: string): string | undefined {
  if (text === '') return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
