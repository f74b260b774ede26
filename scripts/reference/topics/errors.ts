/**
 * Errors.
 * @module errors
 */
export { type ErrorCode, ModelFault, PrecopyError } from 'precopy';
