import type { Environment } from '../../core/pods/pod-request'
import { apiErrorText, kindOfStatus, type ResponseError } from '../http/response'
import { visibleText } from '../http/text'

/** Long enough that a part of a secret is recognized, short enough that a cut one is. */
const PART_CHARS = 6
const MAX_TEXT_CHARS = 10_000

/**
 * Replaces the server's words on an error by `what` ("Hubify refused to create the pod") where they repeat a value of
 * the environment or a part of one.
 */
export function hideEnvironment(environment: Environment, what: string) {
  return (status: number, json: unknown): ResponseError | null => {
    const text = visibleText(apiErrorText(json).slice(0, MAX_TEXT_CHARS))
    const repeats = Object.values(environment).some((value) => holdsPartOf(text, value))
    if (!repeats) return null
    return { kind: kindOfStatus(status), message: `${what} (HTTP ${status}).` }
  }
}

function holdsPartOf(text: string, value: string): boolean {
  const visible = visibleText(value)
  if (visible.length <= PART_CHARS) return visible !== '' && text.includes(visible)
  for (let start = 0; start + PART_CHARS <= Math.min(visible.length, MAX_TEXT_CHARS); start += 1)
    if (text.includes(visible.slice(start, start + PART_CHARS))) return true
  return false
}
