/** simjs 2.0.3, which ships without types and as a script for a page: it hangs itself on `window`. */

/** A timer that was set. */
export interface Request {
  done(callback: (argument: number) => void, context?: object, argument?: readonly number[]): this;
  cancel(): void;
}

/** Something that sets timers. */
export interface Entity {
  setTimer(duration: number): Request;
}

/** The clock and its heap. */
export interface Sim {
  time(): number;
  addEntity(type: new () => Entity): Entity;
  simulate(endTime: number): boolean;
}

interface SimJs {
  readonly Sim: new () => Sim;
  readonly Entity: new () => Entity;
}

const page: { Sim?: SimJs } = {};
Object.assign(globalThis, { window: page });
await import('simjs' as string);
if (page.Sim === undefined) throw new Error('simjs: expected the package to set window.Sim');

const { Sim: Simulation, Entity: BaseEntity } = page.Sim;

/** An entity that does nothing by itself: the workloads set its timers. */
class Clock extends BaseEntity {
  start(): void {}
}

/** A simulation and the entity that sets its timers. */
export function createSimJs(): { readonly simulation: Sim; readonly clock: Entity } {
  const simulation = new Simulation();
  return { simulation, clock: simulation.addEntity(Clock) };
}
