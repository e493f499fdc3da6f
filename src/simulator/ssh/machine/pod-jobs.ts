import type { Machine } from './machine'

/** The jobs that run in pods now. */
export interface SimulatedJobs {
  isRunning(machine: Machine, id: string): boolean
  start(machine: Machine, job: JobCommand): void
  /** Resolves once it has ended. */
  end(machine: Machine, id: string): Promise<void>
}

export interface JobCommand {
  readonly id: string
  /** Its directory in the pod. */
  readonly directory: string
  readonly workingDirectory: string
  readonly command: string
  readonly environment: ReadonlyMap<string, string>
  readonly maxSeconds: number
}
