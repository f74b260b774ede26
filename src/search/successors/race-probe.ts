import type { Program } from '../../compile/program.ts';
import type { EnabledChoices } from './enabled-choices.ts';

/**
 * Looks for races for owned memory along schedules, without trying every choice of every state. It remembers which
 * choices have accessed owned memory. After a step that does, it tries in the state before the step those of other
 * actors that were seen to conflict with it.
 */
export class RaceProbe {
  /** by choice: the sets of accesses that it was seen to make */
  private readonly seen: Set<number>[] = [];
  /** by set of accesses: the choices that were seen to make accesses in conflict with it */
  private readonly rivals: Set<number>[] = [];

  constructor(
    private readonly program: Program,
    private readonly choices: EnabledChoices,
  ) {}

  /**
   * Returns why the state before the last step was a race, and moves the program there. Otherwise the state remains;
   * the last step is undefined.
   * @param choice id of the choice that was taken
   */
  raceBefore(choice: number, before: Int32Array): string | undefined {
    const { program, choices, rivals } = this;
    const accesses = program.ownedAccesses();
    if (accesses === 0) return undefined;
    this.remember(choice, accesses);
    if (rivals[accesses].size === 0) return undefined;
    const after = Int32Array.from(program.state);
    program.state.set(before);
    choices.refresh();
    const enabled = new Set(choices.ids.subarray(0, choices.count));
    for (const rival of rivals[accesses]) {
      if (!enabled.has(rival) || choices.actorOf[rival] === choices.actorOf[choice]) continue;
      choices.take(rival);
      program.state.set(before);
      const others = program.ownedAccesses();
      if (others === 0) continue;
      this.remember(rival, others);
      if (program.ownedSets.conflict(accesses, others)) return program.ownedRace();
    }
    program.state.set(after);
    return undefined;
  }

  private remember(choice: number, accesses: number): void {
    const { seen, rivals, program } = this;
    seen[choice] ??= new Set();
    if (seen[choice].has(accesses)) return;
    seen[choice].add(accesses);
    if (rivals[accesses] === undefined) {
      rivals[accesses] = new Set();
      seen.forEach((sets, other) => {
        for (const set of sets) if (program.ownedSets.conflict(accesses, set)) rivals[accesses].add(other);
      });
    }
    rivals.forEach((all, set) => {
      if (program.ownedSets.conflict(accesses, set)) all.add(choice);
    });
  }
}
