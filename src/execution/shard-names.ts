/** What shards leave for the end of a step, by name. */

/** The name of what a shard leaves. */
export const shardName = (shard: number, name: string): string => `shard ${shard}/${name}`;

/** For each table whose gradient is made of rows: how many rows a shard left, and 0 where it left the whole table. */
export type IdCounts = Readonly<Record<string, number>>;
