import { describe, expect, it } from 'vitest';
import { refuseUnsoundWithLiveness } from '../../src/search/reductions.ts';

describe('a reduction that is not sound with liveness', () => {
  it('is refused, and named', () => {
    expect(() => refuseUnsoundWithLiveness(['symmetry', 'partial-order'])).toThrow(
      expect.objectContaining({
        code: 'NOT_SOUND',
        message: expect.stringMatching(/^symmetry is not sound with liveness: .*; partial-order is not sound/),
      }),
    );
  });

  it('is all that is refused', () => {
    expect(() => refuseUnsoundWithLiveness([])).not.toThrow();
  });
});
