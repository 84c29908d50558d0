/** What a replay is asked to meet: our own tolerance around published facts, stated before the first comparison. */

/** One acceptance band. It holds when the median over the runs lies inside; both ends belong to it. */
export interface AcceptanceBand {
  /** Short and unique, such as `2-peak`. */
  readonly id: string;
  /** What is asked, for people. */
  readonly title: string;
  /** Which runs it is about: the incident as it was, or roll-back through the API as the only recovery. */
  readonly runs: 'as-it-was' | 'roll-back-only';
  /** Name of the measure; `null` in a run means that it never came, and ranks last. */
  readonly measure: string;
  /** Subtracted from the measure before it is judged, in its unit; default 0. */
  readonly origin?: number;
  /** Ends of the band, in the unit of the measure: seconds, or shares from 0 to 1. May be infinite. */
  readonly from: number;
  readonly to: number;
  /** How it is shown: seconds as minutes, shares as percent, or percentage points. */
  readonly shownAs: 'minutes' | 'percent' | 'points';
  /** The published figure, in the unit of the measure after subtraction of the origin; left out when there is none. */
  readonly published?: number;
  /** True where people's times decide, which are priors: then the band tests the priors as much as the model. */
  readonly isCalibrated?: boolean;
}
