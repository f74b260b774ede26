import { expect, it } from 'vitest';
import { confirmCounterexample } from '../../src/live/confirm-counterexample.ts';
import { toy } from '../support/toys.ts';

const design = toy({ states: { s: { on: { E: { actions: 'setA' } } } } });
const schedule = [{ event: 0, payload: 0 }];

it('a violation that live actors do not show is an internal error, not a verdict', () => {
  const claim = (): unknown => confirmCounterexample(design, {}, { property: 'dark', schedule });
  expect(claim).toThrow(/the search found that .* violates dark at step 1, but live actors violate nothing/);
  expect(claim).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
});

it('a schedule that live actors cannot take is an internal error', () => {
  const claim = (): unknown =>
    confirmCounterexample(design, {}, { property: 'dark', schedule: [{ event: 7, payload: 0 }] });
  expect(claim).toThrow(/but live actors fail: .*is not enabled here/s);
});
