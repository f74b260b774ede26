/** What precopy uses of jstat, which has no types of its own. */
declare module 'jstat' {
  const jstat: {
    /** The standard deviation; of a sample where `isSample`. */
    stdev(values: number[], isSample: boolean): number;
    median(values: number[]): number;
    readonly studentt: { inv(probability: number, degreesOfFreedom: number): number };
  };
  export default jstat;
}
