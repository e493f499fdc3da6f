import type { Readable, Writable } from 'node:stream'

/** A process, or what stands for one. */
export interface CliChild {
  readonly pid?: number | undefined
  readonly exitCode: number | null
  /** Throws where a command that runs in the process of the test does not handle the signal. */
  kill(signal: NodeJS.Signals): boolean
}

/** What a run gets. */
export interface CliStart {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly input: string | undefined
  readonly terminatedAt: RegExp | undefined
  /** Of a run in the process of the test. Default: there is none. */
  readonly buildFolder?: string | undefined
}

export interface StartedCli {
  readonly child: CliChild
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** Resolves to the exit code once all output was read; null: it was killed. */
  readonly closed: Promise<number | null>
  /** Ends it if it still runs. */
  readonly end: () => Promise<void>
}
