import { describe, expect, it } from 'vitest';
import { readRedisAddress, redisUrlOf } from './address.ts';

describe('the address of Redis', () => {
  it('is read with user, password, port, database and TLS, and shown without the password', () => {
    expect(readRedisAddress('rediss://me:p%40ss%2Fword@cache.example:6380/3')).toEqual({
      host: 'cache.example',
      port: 6380,
      username: 'me',
      password: 'p@ss/word',
      db: 3,
      hasTls: true,
      shown: 'rediss://me:***@cache.example:6380/3',
    });
    expect(readRedisAddress('redis://:secret@[::1]')).toMatchObject({
      host: '::1',
      port: 6379,
      shown: 'redis://:***@[::1]:6379',
    });
    expect(readRedisAddress('redis://localhost').shown).toBe('redis://localhost:6379');
  });

  it.each([
    ['localhost:6379', /begins with localhost:/],
    ['http://:secret@localhost', /begins with http:/],
    ['redis://:secret@', /./],
    ['redis://:secret@host/notanumber', /number of the database/],
    ['redis://:secret@host?tls=1', /number of the database/],
    ['secret', /no URL/],
  ])('%s is refused without being repeated', (text, message) => {
    expect(() => readRedisAddress(text)).toThrow(message);
    expect(() => readRedisAddress(text)).not.toThrow(/secret/);
  });

  it('is the one that was typed, or that of the environment', () => {
    expect(redisUrlOf('redis://a', { BROWNOUT_REDIS: 'redis://b' })).toBe('redis://a');
    expect(redisUrlOf(undefined, { BROWNOUT_REDIS: 'redis://b' })).toBe('redis://b');
    expect(redisUrlOf(undefined, { BROWNOUT_REDIS: '' })).toBeUndefined();
  });
});
