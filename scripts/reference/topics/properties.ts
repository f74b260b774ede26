/**
 * Properties, the view of a state that they get, and the step that a cover gets.
 * @module properties
 */
export type { Properties, Property, Step, View } from 'precopy';
