/** How the processor of one process of a control plane is made. */
import {
  createProcessor,
  createRoundRobin,
  type Duration,
  type SharedProcessor,
  type Simulation,
} from '@brownout/core';

/** Makes the processor of one process of a control plane. */
export type CpuFactory = (
  simulation: Simulation,
  options: { readonly name: string; readonly cores: number; readonly onServed: (job: number) => void },
) => SharedProcessor;

/** The factory that the options name; else cores shared ideally, or in turns of so long. */
export function cpuFactoryOf(options: {
  readonly createCpu?: CpuFactory;
  readonly schedulingQuantum?: Duration;
}): CpuFactory {
  const { createCpu, schedulingQuantum: quantum } = options;
  if (createCpu !== undefined) return createCpu;
  return quantum === undefined
    ? createProcessor
    : (simulation, cpu) => createRoundRobin(simulation, { ...cpu, quantum });
}
