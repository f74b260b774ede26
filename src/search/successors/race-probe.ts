import type { Program } from '../../compile/program.ts';
import type { EnabledChoices } from './enabled-choices.ts';

/**
 * Looks for races for owned memory along schedules, without trying every choice of every state. It remembers which
 * choices have accessed owned memory. After a step that does, it tries in the state before the step those of other
 * actors that were seen to conflict with it.
 */
export class RaceProbe {
  /** by choice: the sets of accesses that it was seen to make */
  private readonly seen = new Map<number, Set<number>>();

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
    const { program, choices } = this;
    const accesses = program.ownedAccesses();
    if (accesses === 0) return undefined;
    const rivals = this.rivalsOf(choice, accesses);
    this.remember(choice, accesses);
    if (rivals.length === 0) return undefined;
    const after = Int32Array.from(program.state);
    program.state.set(before);
    choices.refresh();
    const enabled = new Set(choices.ids.subarray(0, choices.count));
    for (const rival of rivals) {
      if (!enabled.has(rival)) continue;
      choices.take(rival);
      program.state.set(before);
      const others = program.ownedAccesses();
      this.remember(rival, others);
      if (program.ownedSets.conflict(accesses, others)) return program.ownedRace();
    }
    program.state.set(after);
    return undefined;
  }

  private rivalsOf(choice: number, accesses: number): number[] {
    const { program, choices } = this;
    return [...this.seen].flatMap(([other, sets]) =>
      choices.actorOf[other] !== choices.actorOf[choice] &&
      [...sets].some((one) => program.ownedSets.conflict(accesses, one))
        ? [other]
        : [],
    );
  }

  private remember(choice: number, accesses: number): void {
    const sets = this.seen.get(choice) ?? new Set();
    sets.add(accesses);
    this.seen.set(choice, sets);
  }
}
