import { describe, expect, it } from 'vitest';
import { slotRemoval } from '../../../machines/designs/index.ts';
import { mutants } from '../../../machines/mutants/index.ts';
import { prepareJob } from '../../../src/app/check/verification-job.ts';
import type { AnyDesign, CheckKind } from '../../../src/model/design.ts';

const bug = (mutants as readonly AnyDesign[]).find(({ mutantOf }) => mutantOf === slotRemoval.id) as AnyDesign;

async function paramsOf(design: AnyDesign, checks: CheckKind, asked = {}): Promise<unknown> {
  const { vcpus, pages } = (await prepareJob({ design }, checks, asked)).program.params;
  return { vcpus, pages };
}

describe('the default params of a check', () => {
  it('are the larger ones for safety', async () => {
    expect(await paramsOf(slotRemoval, 'safety')).toEqual({ vcpus: 2, pages: 2 });
  });

  it('are smaller for liveness, and for a mutant', async () => {
    expect(await paramsOf(slotRemoval, 'liveness')).toEqual({ vcpus: 1, pages: 1 });
    expect(await paramsOf(bug, 'safety')).toEqual({ vcpus: 1, pages: 1 });
  });

  it('are overridden by given params', async () => {
    expect(await paramsOf(slotRemoval, 'safety', { pages: 1 })).toEqual({ vcpus: 2, pages: 1 });
  });
});
