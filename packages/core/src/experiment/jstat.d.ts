/** The two functions of jstat that `student.ts` calls; the package brings no types of its own. */
declare module 'jstat' {
  const jStat: {
    /** The regularised incomplete beta function. */
    readonly ibeta: (x: number, a: number, b: number) => number;
    readonly studentt: { readonly inv: (p: number, degrees: number) => number };
  };
  export default jStat;
}
