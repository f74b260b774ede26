import { describe, expect, it } from 'vitest';
import { designs, freePageHints, rmapXchg, slotRemoval } from '../../../machines/designs/index.ts';
import { mutants } from '../../../machines/mutants/index.ts';
import { prepareJobs } from '../../../src/app/check/check-plan.ts';
import type { AnyDesign, CheckKind } from '../../../src/model/design.ts';

const bug = (mutants as readonly AnyDesign[]).find(({ mutantOf }) => mutantOf === slotRemoval.id) as AnyDesign;

async function paramsOf(design: AnyDesign, checks: CheckKind, params = {}): Promise<unknown> {
  const [job] = await prepareJobs({ design }, { checks, params });
  const { vcpus, pages } = job?.program.params ?? {};
  return { vcpus, pages };
}

describe('the default params of a check', () => {
  it('are the larger ones for safety', async () => {
    expect(await paramsOf(slotRemoval, 'safety')).toEqual({ vcpus: 2, pages: 2 });
  });

  it('are smaller for liveness where a design says so, and for a mutant', async () => {
    expect(await paramsOf(freePageHints, 'safety')).toEqual({ vcpus: 2, pages: 2 });
    expect(await paramsOf(freePageHints, 'liveness')).toEqual({ vcpus: 2, pages: 1 });
    expect(await paramsOf(bug, 'safety')).toEqual({ vcpus: 1, pages: 1 });
  });

  it('have a second size for safety, with two words, where the first has one', async () => {
    const jobs = await prepareJobs({ design: rmapXchg }, {});
    const words = ({ pages, bitsPerWord }: Readonly<Record<string, number>>): number =>
      Math.ceil((pages as number) / (bitsPerWord as number));
    expect(jobs.map(({ checks, program }) => [checks, words(program.params)])).toEqual([
      ['safety', 1],
      ['safety', 2],
      ['liveness', 1],
    ]);
    expect(await prepareJobs({ design: rmapXchg }, { params: { vcpus: 1 } })).toHaveLength(2);
  });

  it('of every shipped design have two words at some size of a safety check', async () => {
    const oneWord: string[] = [];
    for (const design of designs) {
      const jobs = await prepareJobs({ design }, { checks: 'safety' });
      if (!jobs.some(({ program: { params } }) => (params['pages'] as number) > (params['bitsPerWord'] as number)))
        oneWord.push(design.id);
    }
    // Its sibling late-flush-two-collectors has two words. Here they take over 3 million states with one vCPU.
    expect(oneWord).toEqual(['unlocked-flush']);
  });

  it('are overridden by given params', async () => {
    expect(await paramsOf(slotRemoval, 'safety', { pages: 1 })).toEqual({ vcpus: 2, pages: 1 });
  });
});
