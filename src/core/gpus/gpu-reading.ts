/** A process that uses a GPU, as nvidia-smi and `/proc` show it. Null: unknown. */
export interface GpuProcess {
  readonly pid: number
  /** The places of its GPUs, ascending; empty: unknown. */
  readonly gpus: readonly number[]
  /** On all of its GPUs, MiB. */
  readonly memoryMib: number | null
  readonly user: string | null
  /** Its command line, printable, on one line and without what looks like a secret. */
  readonly command: string | null
}

/** The figures of one GPU; null: nvidia-smi reports none. */
export interface LiveGpu {
  readonly index: number
  readonly name: string
  /** 0–100, over the last second or less. */
  readonly utilPercent: number | null
  readonly memoryUsedMib: number | null
  readonly memoryTotalMib: number | null
  readonly temperatureC: number | null
  readonly powerW: number | null
  readonly powerLimitW: number | null
  /** It is divided by MIG, so that it has no utilization of its own. */
  readonly isDivided: boolean
}

/** The output of nvidia-smi at one moment. See docs/product-rules.md#134-live-gpus-snippets-editors. */
export interface GpuReading {
  /** By index. */
  readonly gpus: readonly LiveGpu[]
  /** By the memory that they use, the most first; null: nvidia-smi could not list them. */
  readonly processes: readonly GpuProcess[] | null
  /** How many processes were left out, because there were too many. */
  readonly leftOutCount: number
  /** Lines that were no GPU and no process, such as an error about one of several GPUs. */
  readonly unreadLines: number
}

/** The GPU that works the most; null where no utilization is known. */
export function busiestGpu(gpus: readonly LiveGpu[]): { index: number; utilPercent: number } | null {
  let busiest: { index: number; utilPercent: number } | null = null
  for (const { index, utilPercent } of gpus)
    if (utilPercent !== null && utilPercent > (busiest?.utilPercent ?? -1)) busiest = { index, utilPercent }
  return busiest
}
