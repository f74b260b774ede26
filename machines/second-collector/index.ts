/** A second thread that takes the log: the KVM system with a display refresh, and what its designs are made of. */
export { display } from './display.ts';
export { calledByTwo } from './get-dirty-log.ts';
export { migrationBesideDisplay } from './migration.ts';
export { bql, type KvmWithSecondCollector, kvmWithSecondCollector } from './system.ts';
