import * as v from 'valibot'
import type { LogLine } from '../../../core/logs/log-line'
import type { PodKey } from '../../../core/pods/pod'
import { MAX_LOG_PART_CHARS } from '../limits'
import { podKeySchema, unixMsSchema } from '../field-schemas'

/** After which line reading goes on. */
export interface LogPosition {
  readonly id: string | null
  /** Unix ms. */
  readonly atMs: number | null
}

/** A file that a log is being saved to. */
export interface LogFile {
  readonly fileId: number
  readonly path: string
}

/** The part of the contract for logs. */
export interface LogRequests {
  /**
   * Follows a pod's log and sends its lines to the main window, until `closeLog`. Null `after`: from its last lines on.
   * Returns the id of the view, which the lines carry.
   */
  openLog: (podKey: PodKey, after: LogPosition | null) => number
  closeLog: (viewId: number) => void
  /** Acknowledges that this many more lines were taken. */
  ackLog: (viewId: number, lines: number) => void
  /** Asks for a file with the system's dialog; null when canceled. Its content follows in parts. */
  chooseLogFile: (podKey: PodKey) => LogFile | null
  appendToLogFile: (fileId: number, text: string) => void
  /** Puts the file in its place; or, unless it is complete, leaves everything as it was. */
  finishLogFile: (fileId: number, isComplete: boolean) => void
}

/** Where a view stands, as windows show it. */
export type LogViewState =
  | { readonly kind: 'opening' }
  | { readonly kind: 'live'; readonly areSecretsHidden: boolean }
  | { readonly kind: 'waiting'; readonly untilMs: number; readonly why: string | null }
  | { readonly kind: 'failed'; readonly why: string }

export interface LogUpdate {
  readonly viewId: number
  readonly lines: readonly LogLine[]
  /** Lines that could not be read. */
  readonly leftOutCount: number
  /** Absent: it is as before. */
  readonly state?: LogViewState
}

/** Main reads no further while so many lines are not acknowledged. */
export const MAX_UNACKNOWLEDGED_LINES = 20_000

const whole = v.pipe(v.number(), v.integer(), v.minValue(0))

export const logRequestSchemas = {
  openLog: v.tuple([
    podKeySchema,
    v.nullable(
      v.strictObject({
        id: v.nullable(v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,200}$/))),
        atMs: v.nullable(unixMsSchema),
      }),
    ),
  ]),
  closeLog: v.tuple([whole]),
  ackLog: v.tuple([whole, v.pipe(whole, v.maxValue(2 * MAX_UNACKNOWLEDGED_LINES))]),
  chooseLogFile: v.tuple([podKeySchema]),
  appendToLogFile: v.tuple([whole, v.pipe(v.string(), v.maxLength(MAX_LOG_PART_CHARS))]),
  finishLogFile: v.tuple([whole, v.boolean()]),
} satisfies { [K in keyof LogRequests]: v.GenericSchema<unknown, Parameters<LogRequests[K]>> }
