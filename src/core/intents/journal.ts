import type { Intent } from './intent'
import type { Result } from '../base/result'

/** Where intents are written down before anything is sent. */
export interface Journal {
  /** On disk, fsynced, when it returns ok; a reason in words when it is not. */
  record(intent: Intent): Result<void, string>
}
