import { describe, expect, it } from 'vitest';
import { withCostsOf } from '../../src/app/simulate/profiles.ts';
import { defineDesign } from '../../src/model/define-design.ts';
import { expectRefusal } from '../support/misnamed-design.ts';
import { plain } from './extension.ts';

const origin = 'reasoned: one store';
const withCosts = (costs: object) => () => defineDesign({ ...plain, costs } as never);

describe('a design that brings costs', () => {
  it('gives them to its actions in a simulation, even if the profile says that they are free', () => {
    const profile = { costs: { ask: { ns: 1, origin } }, free: { actions: ['add', 'leave'], origin }, latencies: {} };
    const costs = { add: { ns: 20, origin }, 'worker.ask': { ns: 30, origin } };
    expect(withCostsOf(withCosts(costs)(), profile as never)).toMatchObject({
      costs: { ask: { ns: 1 }, add: { ns: 20 }, 'worker.ask': { ns: 30 } },
      free: { actions: ['leave'] },
    });
  });

  it.each([
    ['of no action', { ad: { ns: 1, origin } }, "costs: there is no action or posted message 'ad'"],
    ['without an origin', { add: { ns: 1 } }, 'costs, add: 1 ns of the origin undefined'],
    ['that is no time', { add: { ns: -1, origin } }, 'costs, add: -1 ns'],
    ['with an unknown key', { add: { nanoseconds: 1, origin } }, "costs, add: there is no key 'nanoseconds'"],
    ['of a message without a latency', { ASK: { ns: 1, origin } }, "no action or posted message 'ASK'"],
  ])('is refused for one %s', (_, costs, text) => {
    expectRefusal(withCosts(costs), text);
  });
});
