import { describe, expect, it } from 'vitest';
import { rmapXchg } from '../../../machines/designs/index.ts';
import { hashOfSources } from '../../../src/app/files/source-hash.ts';

describe('the hash of sources', () => {
  it('is the same for a built-in design in any memory model', async () => {
    const design = { ...rmapXchg, memoryModel: 'tso' as const };
    expect(await hashOfSources({ design })).toBe(await hashOfSources({ design: rmapXchg }));
  });

  it('does not exist for a design whose code precopy has not loaded: what it is made of is not known', async () => {
    const refused = expect.objectContaining({ code: 'BAD_PARAMETER', message: expect.stringContaining('checkpoint') });
    await expect(hashOfSources({ design: { ...rmapXchg, properties: [] } })).rejects.toEqual(refused);
    await expect(hashOfSources({ design: rmapXchg, file: 'design.ts' })).rejects.toEqual(refused);
  });
});
