import { compile } from '../compile/program.ts';
import { Step } from '../compile/step.ts';
import type { AnyDesign } from '../model/design.ts';
import { Random } from './random.ts';

/**
 * What a step brings with it, by the arrow that it begins with: the further arrows that the same thread takes within that step, up to its last
 * operation that others can see. A call of GET_DIRTY_LOG is one step up to its request of `mmu_lock`.
 */
export type Chains = ReadonlyMap<number, readonly number[]>;

const known = new WeakMap<AnyDesign, Chains>();
const steps = 2000;

/**
 * Finds the chains of a design: it is walked through at random at one vCPU and one page, where arrows have the same numbers as at any size. Of
 * several chains the longest counts. A chain that the walk does not come by is only timed less well.
 */
export function rehearse(design: AnyDesign): Chains {
  const chains = known.get(design) ?? walk(design);
  known.set(design, chains);
  return chains;
}

function walk(design: AnyDesign): Chains {
  const program = compile(design, { vcpus: 1, pages: 1 });
  const { arrows, moves, instance } = program;
  const random = new Random(1, 0, 'rehearsal');
  const enabled = new Int32Array(program.events.length);
  const chains = new Map<number, readonly number[]>();
  program.reset();
  for (let n = 0; n < steps; n++) {
    const count = program.enabled(enabled);
    const event = count > 0 ? (enabled[random.below(count)] as number) : -1;
    const domain = program.events[event]?.domain ?? 0;
    const outcome = domain > 0 ? program.step(event, random.below(domain)) : Step.refused;
    if (count === 0 || outcome === Step.fault) program.reset();
    if (outcome !== Step.taken || moves.count < 2) continue;
    const first = moves.arrows[0] as number;
    const chain = chainOf();
    if (chain.length > (chains.get(first)?.length ?? 0)) chains.set(first, chain);
  }
  return chains;

  function chainOf(): number[] {
    const thread = new Set([moves.actors[0] as number]);
    const chain: number[] = [];
    let seen = 0;
    for (let n = 1; n < moves.count; n++) {
      const mover = moves.actors[n] as number;
      const arrow = moves.arrows[n] as number;
      const message = instance.messages[arrows[arrow]?.event ?? ''];
      if (message && thread.has(moves.senders[n] as number)) {
        if (message.ordering === 'call') thread.add(mover);
        else seen = chain.length;
      }
      if (thread.has(mover)) chain.push(arrow);
    }
    return chain.slice(0, seen);
  }
}
