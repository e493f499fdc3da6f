import { fail, type Result } from '../../core/base/result'
import type { RequestError } from '../../shared/ipc'
import { requestText } from './state-text'

/** The answer to a request; a failure that says so where there is none. Never rejects. */
export const answerOf = <T>(request: Promise<Result<T, RequestError>>): Promise<Result<T, RequestError>> =>
  request.catch(() => fail({ message: requestText.noResponse }))
