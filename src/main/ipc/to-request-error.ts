import { fail, type Result } from '../../core/base/result'
import type { RequestError } from '../../shared/ipc'

/** Converts an error to the format that windows receive. */
export function toRequestError<T>(result: Result<T, string>): Result<T, RequestError> {
  return result.ok ? result : fail({ message: result.error })
}
