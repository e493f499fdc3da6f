import { fail, ok, type Result } from '../base/result'
import type { ShownEndpoint } from '../endpoints/endpoint-view'
import type { Provider } from '../pods/provider'
import { NOT_SUPPORTED, type SendableChange } from './send-change'
import { changeRefusalText } from './refusal-text'

/** Why the minimum of an endpoint can't be set to 0 as it was shown; null: it can. */
export function minimumProblem(shown: ShownEndpoint, now: ShownEndpoint | undefined): string | null {
  if (now === undefined) return 'That endpoint no longer keeps workers. Nothing was done.'
  if (now.minWorkers === 0) return 'The minimum of that endpoint is 0 already. Nothing was done.'
  if (now.minWorkers === null) return 'The minimum of that endpoint could not be read. Nothing was done.'
  return now.minWorkers === shown.minWorkers && now.name === shown.name
    ? null
    : 'The endpoint has changed, so nothing was done. Check it and try again.'
}

/**
 * Sets a minimum to 0 with one request that names nothing else, after a read that shows the endpoint as the person saw
 * it. `onZero` is called when the service shows a minimum of 0.
 */
export async function prepareMinimumChange(
  provider: Pick<Provider, 'readEndpoint' | 'setMinimumToZero'>,
  shown: ShownEndpoint,
  onZero: (earlierMinimum: number) => void,
): Promise<Result<SendableChange, string>> {
  const read = await provider.readEndpoint?.(shown.id)
  if (read === undefined) return fail(changeRefusalText.noEndpoints)
  if (!read.ok) return fail(`Nothing was done, since the endpoint could not be read: ${read.error.message}`)
  const problem = minimumProblem(shown, read.value)
  if (problem !== null) return fail(problem)
  const earlierMinimum = read.value.minWorkers ?? 0
  const see = (minWorkers: number | null): boolean => {
    if (minWorkers !== 0) return false
    onZero(earlierMinimum)
    return true
  }
  return ok({
    async send() {
      const reply = (await provider.setMinimumToZero?.(shown.id)) ?? fail(NOT_SUPPORTED)
      return reply.ok ? ok({ isShown: see(reply.value.minWorkers) }) : reply
    },
    async isSeen() {
      const now = await provider.readEndpoint?.(shown.id)
      return now?.ok === true ? see(now.value.minWorkers) : null
    },
  })
}
