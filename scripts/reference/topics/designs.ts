/**
 * Designs and mutants.
 * @module designs
 */
export { type AnyDesign, type Design, defineDesign, defineMutant, type Mutation, type Source } from 'precopy';
