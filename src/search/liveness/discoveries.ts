const chunkBits = 16;
const chunkSize = 1 << chunkBits;

/** How each state was found: the number of the state before it and the choice that led here. 6 bytes a state, in order of discovery. */
export class Discoveries {
  private readonly before: Uint32Array[] = [];
  private readonly choices: Uint16Array[] = [];
  size = 0;

  /** `choice` is a number as `ChoiceNumbers` gives it. */
  push(before: number, choice: number): void {
    const within = this.size & (chunkSize - 1);
    if (within === 0) {
      this.before.push(new Uint32Array(chunkSize));
      this.choices.push(new Uint16Array(chunkSize));
    }
    const chunk = this.size >>> chunkBits;
    this.before[chunk][within] = before;
    this.choices[chunk][within] = choice;
    this.size++;
  }

  /** The numbers of the choices that lead from the initial state, number 0, to state number `state`. */
  choicesTo(state: number): number[] {
    const choices: number[] = [];
    for (let n = state; n !== 0; n = this.before[n >>> chunkBits][n & (chunkSize - 1)]) {
      choices.push(this.choices[n >>> chunkBits][n & (chunkSize - 1)]);
    }
    return choices.reverse();
  }

  get bytes(): number {
    return this.before.length * chunkSize * 6;
  }
}
