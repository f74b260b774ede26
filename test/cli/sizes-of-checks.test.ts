import { describe, expect, it } from 'vitest';
import { slotRemoval } from '../../machines/designs/index.ts';
import { mutants } from '../../machines/mutants/index.ts';
import { prepareJob } from '../../src/app/check/verification-job.ts';
import type { AnyDesign, CheckKind } from '../../src/model/design.ts';

const bug = (mutants as readonly AnyDesign[]).find(({ mutantOf }) => mutantOf === slotRemoval.id) as AnyDesign;

async function sizesOf(design: AnyDesign, checks: CheckKind, asked = {}): Promise<unknown> {
  const { vcpus, pages } = (await prepareJob({ design }, checks, asked)).program.params;
  return { vcpus, pages };
}

describe('where no sizes are asked for', () => {
  it('a design is proved at its larger ones', async () => {
    expect(await sizesOf(slotRemoval, 'safety')).toEqual({ vcpus: 2, pages: 2 });
  });

  it('what has to come in the end is looked for at smaller ones, and so is a bug', async () => {
    expect(await sizesOf(slotRemoval, 'liveness')).toEqual({ vcpus: 1, pages: 1 });
    expect(await sizesOf(bug, 'safety')).toEqual({ vcpus: 1, pages: 1 });
  });

  it('those that are asked for come first', async () => {
    expect(await sizesOf(slotRemoval, 'safety', { pages: 1 })).toEqual({ vcpus: 2, pages: 1 });
  });
});
