import { PrecopyError } from '../../model/errors.ts';
import type { Plan, Shard } from './plan-schema.ts';

/**
 * Returns the shards that a text selects: `3/8` is the third of eight parts, whose shards are dealt round robin; else a
 * text is the beginning of the id of one shard.
 * @throws PrecopyError `BAD_PARAMETER`, `UNKNOWN_NAME`
 */
export function selectShards({ shards }: Plan, text: string): readonly Shard[] {
  const [, part, parts] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  if (part !== undefined) return partOf(shards, Number(part), Number(parts), text);
  const found = /^[0-9a-f]{4,20}$/.test(text) ? shards.filter(({ id }) => id.startsWith(text)) : [];
  if (found.length === 1) return found;
  if (found.length > 1) {
    throw new PrecopyError('UNKNOWN_NAME', `${found.length} shards begin with ${text}`, 'give more digits of one');
  }
  const remedy = 'give a part such as 3/8, or the id of a shard';
  if (/^[0-9a-f]{4,20}$/.test(text)) throw new PrecopyError('UNKNOWN_NAME', `no shard begins with ${text}`, remedy);
  throw new PrecopyError('BAD_PARAMETER', `--shard is '${text}'`, remedy);
}

function partOf(shards: readonly Shard[], part: number, parts: number, text: string): readonly Shard[] {
  if (part < 1 || part > parts) {
    throw new PrecopyError('BAD_PARAMETER', `--shard is '${text}'`, 'the parts are numbered from 1: 1/8 to 8/8');
  }
  return shards.filter((_, index) => index % parts === part - 1);
}
