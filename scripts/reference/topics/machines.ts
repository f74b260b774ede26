/**
 * Machines: actions, guards and statecharts of the actors of a system.
 * @module machines
 */
export { and, type Implementations, type Machine, not, or } from 'precopy';
