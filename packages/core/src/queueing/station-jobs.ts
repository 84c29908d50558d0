import { noEvent } from '../simulation.ts';
import { grownFloat64, grownUint8, initialPlaces, placesFor } from './columns.ts';

/** Where a job is. Interrupted jobs wait like others, but their service has begun: they have no patience to lose. */
export const outside = 0;
export const waiting = 1;
export const serving = 2;
export const interrupted = 3;

/** What a station knows about each job, by job number. The columns are replaced when they grow: do not keep them. */
export class StationJobs {
  state: Uint8Array = new Uint8Array(initialPlaces);
  /** Service time still owed when the job next starts. */
  owed: Float64Array = new Float64Array(initialPlaces);
  arrivedAt: Float64Array = new Float64Array(initialPlaces);
  startedAt: Float64Array = new Float64Array(initialPlaces);
  /** Event of a job: the end of its patience while it waits, its departure while it is served. */
  event: Float64Array = new Float64Array(initialPlaces).fill(noEvent);

  /**
   * Makes room for `job` and returns the number of places. Throws RangeError in the name of `owner` when it is inside.
   */
  makeRoom(owner: string, job: number): number {
    if (this.state[job]! > outside) throw new RangeError(`${owner}: job ${job} is already inside`);
    const places = placesFor(owner, job, this.state.length);
    this.state = grownUint8(this.state, places);
    this.owed = grownFloat64(this.owed, places, 0);
    this.arrivedAt = grownFloat64(this.arrivedAt, places, 0);
    this.startedAt = grownFloat64(this.startedAt, places, 0);
    this.event = grownFloat64(this.event, places, noEvent);
    return places;
  }

  /** Jobs in service, by number. */
  inService(): number[] {
    const jobs: number[] = [];
    for (let job = 0; job < this.state.length; job++) if (this.state[job] === serving) jobs.push(job);
    return jobs;
  }

  /** Counts who is inside, job by job. */
  countInside(): number {
    let inside = 0;
    for (const state of this.state) if (state !== outside) inside++;
    return inside;
  }
}
