/** Processor time of a process in seconds; see `processor-time.mjs`. */
export interface ProcessorTime {
  readonly ownS: number
  readonly childrenS: number
}
export function processorTime(pid?: number | 'self'): ProcessorTime | null
export function takeProcessorSecondsOfChild(): number | null
export function descendantSeconds(pid: number): number
export function grandchildrenSeconds(pid: number): number
