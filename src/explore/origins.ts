import type { Choice } from '../model/schedule.ts';

const chunkBits = 16;
const chunkSize = 1 << chunkBits;

/** How each state was found: the number of the state before it and the choice that led here. 6 bytes a state, in order of discovery. */
export class Origins {
  private readonly before: Uint32Array[] = [];
  private readonly choices: Uint16Array[] = [];
  size = 0;

  /** `choice` is the number that `choiceNumber` gives. */
  push(before: number, choice: number): void {
    const within = this.size & (chunkSize - 1);
    if (within === 0) {
      this.before.push(new Uint32Array(chunkSize));
      this.choices.push(new Uint16Array(chunkSize));
    }
    const chunk = this.size >>> chunkBits;
    (this.before[chunk] as Uint32Array)[within] = before;
    (this.choices[chunk] as Uint16Array)[within] = choice;
    this.size++;
  }

  /** The choices that lead from the initial state, number 0, to state number `state`. */
  scheduleTo(state: number, choiceOf: (choice: number) => Choice): Choice[] {
    const schedule: Choice[] = [];
    for (let n = state; n !== 0; n = (this.before[n >>> chunkBits] as Uint32Array)[n & (chunkSize - 1)] as number) {
      schedule.push(choiceOf((this.choices[n >>> chunkBits] as Uint16Array)[n & (chunkSize - 1)] as number));
    }
    return schedule.reverse();
  }

  get bytes(): number {
    return this.before.length * chunkSize * 6;
  }
}
