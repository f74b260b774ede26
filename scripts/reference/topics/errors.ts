/**
 * Errors.
 * @module errors
 */
export { ModelFault, PrecopyError } from 'precopy';
