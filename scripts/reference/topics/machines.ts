/**
 * Machines: actions, guards and statecharts of the actors of a system.
 * @module machines
 */
export {
  type ActorArgs,
  type ActorBuilder,
  type ActorContext,
  type ActorEvent,
  type ActorNames,
  and,
  type Implementations,
  type Machine,
  type MachineBuilder,
  not,
  or,
  type SpontaneousEvent,
  type StateNode,
  type Transition,
} from 'precopy';
