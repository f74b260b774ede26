import { describe, expect, it } from 'vitest';
import design from '../../examples/protect-outside-lock.ts';
import { startOfLog } from '../../properties/covers.ts';
import { explore } from '../support/explore.ts';

describe('a design that does not exist: protection after mmu_lock is released', () => {
  it('loses no write', () => {
    const { verdict, states, covers } = explore(design, { vcpus: 2, pages: 1, loggingOn: 1 });
    expect(verdict).toBe('holds');
    expect(states).toBe(26_669);
    const missed = covers.flatMap(({ id, hit }) => (hit ? [] : [id]));
    expect(missed).toEqual(startOfLog.map(({ id }) => id));
  });
});
