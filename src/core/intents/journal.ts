import type { Intent } from './intent'
import type { Result } from '../base/result'

/** Persists intents before anything is sent. */
export interface Journal {
  /** Ok means that it is on disk, fsynced; the error is a sentence. */
  record(intent: Intent): Result<void, string>
}
