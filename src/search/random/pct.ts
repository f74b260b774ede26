import type { DetectionBound, Scheduler, SchedulerContext } from './scheduler.ts';

/**
 * Probabilistic concurrency testing (S. Burckhardt, P. Kothari, M. Musuvathi, S. Nagarakatte: A Randomized Scheduler with Probabilistic
 * Guarantees of Finding Bugs, ASPLOS 2010). Actors have random priorities, and the highest that can go on does. At `bugDepth - 1` random
 * steps the actor that has just gone on falls below all others. What an actor does, where it may do several things, is drawn at random; the
 * bound holds for a bug that does not depend on that.
 *
 * The paper takes it that a thread that waits is not enabled. An actor whose step has changed nothing (a write through the TLB to a page that
 * is stale already) spins, and falls below all others as well.
 */
export function pct({ program, offers, random, depth, bugDepth }: SchedulerContext): Scheduler {
  const actors = new Set(program.events.map(({ actor }) => actor)).size;
  const priorities = new Float64Array(program.actors.length);
  const changePoints = new Set<number>();
  let steps = 0;
  let nextLowPriority = 0;

  return {
    bound: boundOf(actors, depth, bugDepth),
    beginRun: () => {
      steps = 0;
      nextLowPriority = 0;
      shuffle(priorities, (size) => random.below(size));
      changePoints.clear();
      for (let n = 1; n < bugDepth; n++) changePoints.add(1 + random.below(depth));
    },
    priority: (choice) => priorities[offers.actorOf[choice]] + random.fraction(),
    onStep: (choice, before) => {
      if (changePoints.has(++steps) || isSame(before, program.state)) {
        priorities[offers.actorOf[choice]] = --nextLowPriority;
      }
    },
  };
}

function boundOf(actors: number, steps: number, bugDepth: number): DetectionBound {
  return { bugDepth, actors, steps, probability: 1 / (actors * steps ** (bugDepth - 1)) };
}

/** Puts 1 to n in random order. */
function shuffle(numbers: Float64Array, below: (size: number) => number): void {
  for (let n = 0; n < numbers.length; n++) {
    const other = below(n + 1);
    numbers[n] = numbers[other];
    numbers[other] = n + 1;
  }
}

function isSame(before: Int32Array, after: Int32Array): boolean {
  for (let n = 0; n < before.length; n++) if (before[n] !== after[n]) return false;
  return true;
}
