import { isEqual } from '../../cache/access-sets.ts';
import type { DetectionBound, Scheduler, SchedulerContext } from './scheduler.ts';

/**
 * Probabilistic concurrency testing, PCT (S. Burckhardt, P. Kothari, M. Musuvathi and S. Nagarakatte, A Randomized
 * Scheduler with Probabilistic Guarantees of Finding Bugs, ASPLOS 2010).
 *
 * Each actor has a random priority, and the enabled actor of the highest priority takes the next step. At d - 1 random
 * priority change points the actor that has just taken a step falls below all others. A run of k steps of n actors
 * finds a bug of depth d (one that d ordering constraints expose) with a probability of at least 1/(n k^(d-1)).
 *
 * Two things differ from the paper:
 * - An actor may have several enabled choices; one of them is drawn. The bound holds for bugs that do not depend on it.
 * - The paper assumes that a waiting thread is disabled. An actor here may spin, such as one that writes to a page
 *   whose TLB entry is stale. An actor whose step left the state unchanged therefore falls below all others.
 */
export function pct({ program, choices, random, depth, bugDepth }: SchedulerContext): Scheduler {
  const actors = new Set(program.events.map(({ actor }) => actor)).size;
  const priorities = new Float64Array(program.actors.length);
  const changePoints = new Set<number>();
  let steps = 0;
  let nextLowPriority = 0;

  return {
    bound: detectionBound(actors, depth, bugDepth),
    beginRun: () => {
      steps = 0;
      nextLowPriority = 0;
      fillWithPermutation(priorities, (size) => random.below(size));
      changePoints.clear();
      for (let n = 1; n < bugDepth; n++) changePoints.add(1 + random.below(depth));
    },
    // The fraction draws among the choices of one actor; priorities of actors differ by at least 1.
    priority: (choice) => priorities[choices.actorOf[choice]] + random.fraction(),
    onStep: (choice, before) => {
      if (changePoints.has(++steps) || isEqual(before, program.state)) {
        priorities[choices.actorOf[choice]] = --nextLowPriority;
      }
    },
  };
}

function detectionBound(actors: number, steps: number, bugDepth: number): DetectionBound {
  return { bugDepth, actors, steps, probability: 1 / (actors * steps ** (bugDepth - 1)) };
}

/** Fills an array with 1 to n in random order. */
function fillWithPermutation(numbers: Float64Array, below: (size: number) => number): void {
  for (let n = 0; n < numbers.length; n++) {
    const other = below(n + 1);
    numbers[n] = numbers[other];
    numbers[other] = n + 1;
  }
}
