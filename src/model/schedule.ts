/** One choice: the number of an event of the program, and which payload of its domain. */
export interface Choice {
  readonly event: number;
  readonly payload: number;
}
