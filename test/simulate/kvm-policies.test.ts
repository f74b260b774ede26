import { expect, it } from 'vitest';
import { designs, rmapXchg } from '../../machines/designs/index.ts';
import { kvm, kvmThread, vcpu } from '../../machines/index.ts';
import { Periodic } from '../../src/clock/basic-policies.ts';
import { compile } from '../../src/compile/compile.ts';
import { type AnyDesign, defineDesign } from '../../src/index.ts';
import { kvmPolicies } from '../../src/simulate/kvm-policies.ts';
import { realisticParams } from '../../src/simulate/realistic-params.ts';

const never = new Periodic(-1, Number.POSITIVE_INFINITY);

function policiesOf(design: AnyDesign) {
  const withVcpusOnly = { ...design, params: { ...design.params, hostWriters: 0, devices: 0 } };
  const program = compile(withVcpusOnly, realisticParams(withVcpusOnly, 4096, { vcpus: 1 }));
  return kvmPolicies(program, { guests: [never], migration: never, rounds: never, isLockContended: () => false });
}

it('knows each spontaneous event of the shipped designs', () => {
  for (const design of designs as readonly AnyDesign[]) expect(() => policiesOf(design)).not.toThrow();
});

it('refuses an event that an extension adds to the vCPU, which would never happen', () => {
  const withCalls = kvm.extend({ name: 'calls' });
  const thread = withCalls.extendActor(kvmThread, { events: { HYPERCALL: { optional: true } } });
  const callingVcpu = vcpu.as(thread).extend({
    states: {
      inGuest: { on: { HYPERCALL: { actions: 'leaveGuestMode', target: 'calling' } } },
      calling: { on: { STEP: { actions: 'enterGuestMode', target: 'inGuest' } } },
    },
  });
  const machines = { ...rmapXchg.machines, vcpu: callingVcpu };
  const calls = defineDesign({ ...rmapXchg, id: 'calls', title: 'with hypercalls', system: withCalls, machines });
  expect(() => policiesOf(calls)).toThrow('no policy for HYPERCALL of vcpu0');
});
