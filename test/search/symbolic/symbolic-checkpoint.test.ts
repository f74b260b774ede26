import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rmapXchg } from '../../../machines/designs/index.ts';
import { mutants } from '../../../machines/mutants/index.ts';
import { Checkpoint } from '../../../src/app/check/checkpoint.ts';
import { compile, type Exploration, runEngine } from '../../../src/index.ts';
import type { AnyDesign } from '../../../src/model/design.ts';
import type { CheckpointStore } from '../../../src/search/checkpoint-store.ts';
import type { SymbolicCheckpoint } from '../../../src/search/symbolic/symbolic-checkpoint.ts';
import { symbolicSearch } from '../../../src/search/symbolic/symbolic-search.ts';
import { MemoryCheckpoints } from '../../support/memory-checkpoints.ts';

const params = { vcpus: 1, pages: 1, loggingOn: 1 };
const mutant = mutants.find(({ id }) => id === 'rmap-xchg/fault-without-mmu-lock') as AnyDesign;

/** Searches up to some pauses; to the end by default. */
function search(
  design: AnyDesign,
  checkpoints: CheckpointStore<SymbolicCheckpoint> | undefined,
  pauses = Number.POSITIVE_INFINITY,
): Exploration {
  let left = pauses;
  const engine = symbolicSearch(compile(design, params), {}, { checkpoints });
  return runEngine(engine, () => (left-- > 0 ? undefined : 'interrupt'));
}

/** Returns what does not depend on how the search went. */
function resultOf({ verdict, states, transitions, covers, violation, untaken, symbolic }: Exploration): object {
  const { nodes, paths, checked } = symbolic ?? {};
  if (violation) return { verdict, violation: { ...violation, schedule: violation.schedule.length } };
  return { verdict, states, transitions, covers, untaken, nodes, paths, checked };
}

describe('a symbolic search that is interrupted again and again', () => {
  for (const design of [rmapXchg, mutant] as AnyDesign[]) {
    it(`has the same result: ${design.id}`, () => {
      const expected = resultOf(search(design, undefined));
      const checkpoints = new MemoryCheckpoints<SymbolicCheckpoint>();
      let found = search(design, checkpoints, 2);
      expect(found).toMatchObject({ verdict: 'inconclusive', stoppedBy: 'interrupt' });
      let interruptions = 1;
      // What is learned is learned again, so each search has to go further than the one before it.
      for (; found.verdict === 'inconclusive'; interruptions++) {
        found = search(design, checkpoints, 5 * 2 ** interruptions);
      }
      expect(resultOf(found)).toEqual(expected);
      expect(interruptions).toBeGreaterThan(2);
    });
  }
});

describe('the checkpoint file of a symbolic search', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'precopy-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const checkpointFor = (options: string): Checkpoint<SymbolicCheckpoint> =>
    new Checkpoint(folder, { program: compile(rmapXchg, params), sources: '', options }, () => {});

  it('is resumed, by this strategy only', () => {
    const first = checkpointFor('with --strategy symbolic');
    const { states } = search(rmapXchg, first, 8);
    first.release();
    expect(() => checkpointFor('')).toThrow('is of a search with --strategy symbolic');
    const second = checkpointFor('with --strategy symbolic');
    expect(search(rmapXchg, second, 1).states).toBe(states);
    second.release();
  });
});
