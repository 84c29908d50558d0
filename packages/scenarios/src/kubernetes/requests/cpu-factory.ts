import type { SharedProcessor, Simulation } from '@brownout/core';

/** Makes the processor of one process of a control plane. */
export type CpuFactory = (
  simulation: Simulation,
  options: { readonly name: string; readonly cores: number; readonly onServed: (job: number) => void },
) => SharedProcessor;
