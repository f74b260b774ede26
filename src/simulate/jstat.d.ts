/** Types of the functions of jstat that precopy uses; the package has none. */
declare module 'jstat' {
  const jstat: {
    /** The standard deviation; of a sample where `isSample`. */
    stdev(values: number[], isSample: boolean): number;
    median(values: number[]): number;
    readonly studentt: { inv(probability: number, degreesOfFreedom: number): number };
  };
  export default jstat;
}
