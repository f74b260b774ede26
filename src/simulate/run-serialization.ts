import { Histogram } from '../clock/histogram.ts';
import type { RunFigures } from './run-figures.ts';

/** The figures of a run as plain data, which can be posted to another thread. */
export interface SerializedRun {
  readonly figures: Omit<RunFigures, HistogramName | 'holdNs' | 'waitNs'>;
  readonly histograms: Readonly<Record<HistogramName, string>>;
  readonly holdNs: readonly string[];
  readonly waitNs: readonly string[];
}
type HistogramName = 'vcpuWriteNs' | 'getDirtyLogNs' | 'clearDirtyLogNs';

/** Converts a run to plain data. */
export function serializeRun({
  vcpuWriteNs,
  getDirtyLogNs,
  clearDirtyLogNs,
  holdNs,
  waitNs,
  ...figures
}: RunFigures): SerializedRun {
  return {
    figures,
    histograms: {
      vcpuWriteNs: vcpuWriteNs.encode(),
      getDirtyLogNs: getDirtyLogNs.encode(),
      clearDirtyLogNs: clearDirtyLogNs.encode(),
    },
    holdNs: holdNs.map((one) => one.encode()),
    waitNs: waitNs.map((one) => one.encode()),
  };
}

/** Restores a run from `serializeRun`. */
export function deserializeRun({ figures, histograms, holdNs, waitNs }: SerializedRun): RunFigures {
  const decode = (text: string): Histogram => Histogram.decode(text);
  return {
    ...figures,
    vcpuWriteNs: decode(histograms.vcpuWriteNs),
    getDirtyLogNs: decode(histograms.getDirtyLogNs),
    clearDirtyLogNs: decode(histograms.clearDirtyLogNs),
    holdNs: holdNs.map(decode),
    waitNs: waitNs.map(decode),
  };
}
