import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { bit, bitmap, counter, queue } from '../../src/model/declare.ts';
import { StateBuilder } from '../../src/model/state-builder.ts';
import { Layout } from '../../src/model/state-layout.ts';

const page = readFileSync(new URL('../../docs/concepts.md', import.meta.url), 'utf8');

/** Returns the names of a row of the table, by what they do to memory. */
function rowOf(cell: string): Record<string, string[]> {
  const row = page.split('\n').find((line) => line.startsWith(`| \`${cell}\``)) as string;
  const [, , ...columns] = row
    .split('|')
    .map((column) => [...column.matchAll(/`(\w+)`/g)].map(([, name = '']) => name));
  const [load = [], store = [], rmw = []] = columns;
  return { load, store, rmw };
}

it.each(Object.entries({ bit: bit(), counter: counter(3), bitmap: bitmap(4), queue: queue(2, 4) }))(
  'docs/concepts.md has all operations of a %s, each as what it does to memory',
  (name, spec) => {
    const builder = new StateBuilder([], undefined, new Layout());
    const placed = builder.place(name, 'shared', spec as never);
    builder.build();
    const { kinds } = placed().plain as { kinds: Readonly<Record<string, string>> };
    const byKind = (kind: string): string[] => Object.keys(kinds).filter((one) => kinds[one] === kind);
    expect(rowOf(name)).toEqual({ load: byKind('load'), store: byKind('store'), rmw: byKind('rmw') });
  },
);
