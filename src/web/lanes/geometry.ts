import type { Lanes } from './layout.ts';

/** Height of a row, and width of a lane, in CSS pixels. */
export const rowHeight = 22;
export const laneWidth = 118;
/** Width of the numbers of steps. */
const gutter = 44;

/** Returns the left edge of the lane of an actor. */
export const columnOf = ({ actors }: Pick<Lanes, 'actors'>, actor: number): number =>
  gutter + Math.max(0, actors.indexOf(actor)) * laneWidth;
