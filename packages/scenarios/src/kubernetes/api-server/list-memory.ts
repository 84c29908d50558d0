/** When a LIST has the memory that its operation costs, on API servers and on etcd: all of it from the start, or as it works. */
export const listMemories = ['at-once', 'as-it-works'] as const;

/** One of `listMemories`. */
export type ListMemory = (typeof listMemories)[number];
