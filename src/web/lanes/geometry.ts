import type { Lanes } from './layout.ts';

/** Height of a row, and width of a lane, in CSS pixels. */
export const rowHeight = 22;
export const laneWidth = 118;
/** Width of the numbers of steps. */
const gutter = 44;

/** Width of a character of the text in a lane, of its bold part, and of the memory column, in CSS pixels, about. */
const textWidth = 6.7;
const boldWidth = 7.7;
export const memoryWidth = 7;

/** Returns the left edge of the memory column: behind the lanes, and behind all that is written in them. */
export const memoryColumn = (lanes: Pick<Lanes, 'actors' | 'rows'>): number =>
  lanes.rows.reduce(
    (least, { actor, event, actions }) =>
      Math.max(least, columnOf(lanes, actor) + 28 + event.length * boldWidth + actions.length * textWidth),
    gutter + lanes.actors.length * laneWidth + 8,
  );

/** Returns the left edge of the lane of an actor. */
export const columnOf = ({ actors }: Pick<Lanes, 'actors'>, actor: number): number =>
  gutter + Math.max(0, actors.indexOf(actor)) * laneWidth;
