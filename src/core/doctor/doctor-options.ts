import type { Clock } from '../base/time/clock'
import type { RawLogLine } from '../pods/pod-logs'
import type { ObservedReply, Provider } from '../pods/provider'
import type { DoctorLine } from './doctor-line'

/** How many keys of this computer the account has. */
export interface KeyComparison {
  /** Keys of this computer that can be used. */
  readonly usable: number
  /** Those of them that the account has. */
  readonly matching: number
  /** Those that can't be compared before a passphrase is typed. */
  readonly cantTell: number
}

export interface DoctorOptions {
  readonly provider: Provider
  /** For display. */
  readonly providerName: string
  readonly clock: Clock
  /** Leaves out what takes minutes. */
  readonly isQuick: boolean
  readonly compareKeys: (registered: readonly string[]) => Promise<KeyComparison>
  /** What is checked of this computer, in order. */
  readonly computerChecks: readonly (() => Promise<DoctorLine>)[]
  /** Each answer as it is found. */
  readonly onLine: (line: DoctorLine) => void
  /** What takes long now, as a sentence without a full stop; null: nothing. */
  readonly onProgress: (text: string | null) => void
  /** Each reply, for a recording. */
  readonly onReply?: (reply: ObservedReply) => void
  readonly onLogLines?: (lines: readonly RawLogLine[]) => void
}
