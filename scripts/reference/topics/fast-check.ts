/**
 * `precopy/fast-check`: arbitraries and properties.
 * @module fast-check
 */
export * from 'precopy/fast-check';
