import { fail, type Result } from '../../core/base/result'
import type { RequestError } from '../../shared/ipc'

/** As windows are told. */
export function inWords<T>(result: Result<T, string>): Result<T, RequestError> {
  return result.ok ? result : fail({ message: result.error })
}
