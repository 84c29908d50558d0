/**
 * Documents are checked by zod, which would otherwise find out by trying whether it may compile its checks; the policy of the
 * page forbids that, and the browser would report each try. Imported before anything that imports zod.
 */
(globalThis as { __zod_globalConfig?: { jitless?: boolean } }).__zod_globalConfig = { jitless: true };
