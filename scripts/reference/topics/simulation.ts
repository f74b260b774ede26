/**
 * Results and observers of simulation runs.
 * @module simulation
 */
export type { DesignFigures, Distribution, DistributionName, Round, RunObserver, SimulatorObserver } from 'precopy';
