import { fail, type Result } from '../../base/result'
import type { Pod } from '../../pods/pod'
import type { HostKeyAcceptance } from '../../terminal/seen-host-key'

/** What a pod is asked for about jobs. A job's directory is created exclusively, so that it never starts twice. */
export interface JobHost {
  /**
   * Creates the job's directory and starts it, unless a job of another Podkeeper runs there. `exists`: the directory
   * was there, so that nothing was started.
   * An error with `isUnclear` leaves open whether it was started, which only reading tells. `acceptance`: of the first
   * host key that the pod shows; null: only a trusted one will do.
   */
  start(
    pod: Pod,
    job: JobLaunch,
    acceptance?: HostKeyAcceptance | null,
  ): Promise<Result<'started' | 'exists', JobHostError>>
  /** Reads what became of jobs, all of them by one command. A job without a directory is `absent`. */
  read(pod: Pod, jobIds: readonly string[]): Promise<Result<readonly JobReading[], JobHostError>>
  /** A piece of the log from a byte on, at most `maxBytes`. */
  readLog(
    pod: Pod,
    jobId: string,
    fromByte: number,
    maxBytes: number,
  ): Promise<Result<LogPiece, JobHostError>>
  /**
   * Sends TERM to the job's process group, and KILL to what is left of it after 15 s. Says what was seen. A job
   * that hasn't started can never start afterwards, and is `ended` without an exit code.
   */
  cancel(pod: Pod, jobId: string): Promise<Result<JobReading, JobHostError>>
  /** The files that a job is to bring back, with size and hash. */
  listResults(
    pod: Pod,
    jobId: string,
    globs: readonly string[],
  ): Promise<Result<readonly ResultFile[], JobHostError>>
  /**
   * Fetches one of them by direct SSH into a new file inside `folder`, whatever its name is, and checks its hash.
   * Returns the path of the file. `onProgress` has the bytes received so far.
   */
  fetchResult(
    pod: Pod,
    jobId: string,
    file: ResultFile,
    folder: string,
    onProgress?: (receivedBytes: number) => void,
  ): Promise<Result<string, JobHostError>>
}

/** How a job is started. Values of variables are secrets: they travel over standard input only. */
export interface JobLaunch {
  readonly id: string
  /** A shell command, or a whole script. Without `#!` it is run by bash where the pod has it, otherwise by sh. */
  readonly command: string
  /** Null: the folder of `files`, or the pod's volume if there are none. A relative one starts at the volume. */
  readonly workingDirectory: string | null
  readonly environment: Readonly<Record<string, string>>
  /** Files of this computer to bring along, by their name in the job's directory. Needs direct SSH. */
  readonly files: readonly { readonly name: string; readonly path: string }[]
  /** After this the job is ended on the pod itself. */
  readonly maxSeconds: number
  /** The GPUs that it may use; null: all. */
  readonly gpuIndexes: readonly number[] | null
  /** The runs of the same queue there. Beside a job of another Podkeeper, nothing is started. */
  readonly besideIds: readonly string[]
}

export type JobReading =
  | { readonly jobId: string; readonly kind: 'absent' }
  /** Prepared, and not started yet or interrupted before its start. */
  | { readonly jobId: string; readonly kind: 'prepared' }
  | {
      readonly jobId: string
      readonly kind: 'running'
      readonly startedAtS: number
      readonly heartbeatAgeS: number
    }
  /** `exitCode` by its atomic rename; null: its process is gone without one, as after a restart of the container. */
  | {
      readonly jobId: string
      readonly kind: 'ended'
      readonly exitCode: number | null
      readonly isTimedOut: boolean
      readonly startedAtS: number | null
      readonly endedAtS: number | null
    }

export interface LogPiece {
  readonly bytes: Uint8Array
  /** Of the whole log. */
  readonly sizeBytes: number
}

export interface ResultFile {
  /** Relative to the working directory. It is hostile: nothing may be written outside the chosen folder. */
  readonly name: string
  readonly sizeBytes: number
  readonly sha256: string
}

export interface JobHostError {
  /**
   * `unreachable`: nothing was sent or nothing came back; `unsupported`: needs direct SSH; `failed`: the pod refused.
   */
  readonly kind: 'unreachable' | 'unsupported' | 'failed'
  /** A sentence. */
  readonly message: string
  /** Whether the request may have had its effect. */
  readonly isUnclear: boolean
}

const cannotRun = async (): Promise<Result<never, JobHostError>> =>
  fail({ kind: 'unsupported', message: 'This program doesn’t run jobs.', isUnclear: false })

/** Of a program that runs none. */
export const noJobs: JobHost = {
  start: cannotRun,
  read: cannotRun,
  readLog: cannotRun,
  cancel: cannotRun,
  listResults: cannotRun,
  fetchResult: cannotRun,
}
