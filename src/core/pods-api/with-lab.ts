import { type ApiCall, type ApiLab, type ApiReply, errorReply, type MaybePromise } from './api-types'

/** Replies with the lab of `labId`: 400 without one, and 403 if the caller may not access it or there is none. */
export function withLab(
  answer: (lab: ApiLab, call: ApiCall) => MaybePromise<ApiReply>,
): (call: ApiCall) => MaybePromise<ApiReply> {
  return (call) => {
    const labId = call.query.get('labId')
    if (labId === null || labId === '') return errorReply(400, 'labId is required')
    const lab = call.backend.findLab(labId)
    if (lab === null || !call.backend.canAccess(lab)) return noAccess()
    return answer(lab, call)
  }
}

export const noAccess = (): ApiReply => errorReply(403, 'This key has no access to the lab')
