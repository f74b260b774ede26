/**
 * The types of cells, and how a system declares them. A method is one access to memory: a load, a store, or one atomic
 * read-modify-write, as the table in docs/concepts.md says. Registers that hold a
 * number or a truth value are read and assigned like variables: `my.gfn += 1`.
 * @module cells
 */
export {
  actor,
  actorQueue,
  actorSet,
  type Bit,
  type Bitmap,
  type BitmapOptions,
  bit,
  bitmap,
  type CellSpec,
  type Counter,
  counter,
  index,
  type Queue,
  queue,
} from 'precopy';
