import type { ProviderError } from '../../core/pods/provider'

/*
 * Runpod has no dedicated status for a start that finds no free GPU: it answers 400 (older servers 500) with
 * a message. Messages seen on 2026-11-24: "There are not enough free GPUs on the host machine to start this
 * pod.", "There are no longer any instances available with the requested specifications. Please refresh and
 * try again."
 */
const NO_CAPACITY_PATTERNS = [
  /\bnot enough free gpus?\b/i,
  /\b(gpus?|instances?|machines?|capacity) (is|are) not available\b/i,
  /\b(insufficient|out of|no) (gpu )?capacity\b/i,
]

const NO_HARDWARE = /\bno (longer )?(any )?(free )?(gpus?|instances?|machines?|hosts?|capacity)\b/i

/** "There are no longer any instances available". In two steps, since one pattern takes time by the square of the text. */
function isNoneAvailable(line: string): boolean {
  const found = NO_HARDWARE.exec(line)
  return found !== null && /\bavailable\b/i.test(line.slice(found.index + found[0].length))
}

/**
 * Converts the error of a failed start to `no-capacity` if its message says that no GPU is free. The start
 * had no effect in that case.
 */
export function detectNoCapacity(error: ProviderError): ProviderError {
  const hasErrorStatus =
    error.status === 400 || error.status === 409 || error.status === 500 || error.status === 503
  const isNoCapacity = hasErrorStatus && error.kind !== 'unreadable' && isNoCapacityText(error.message)
  return isNoCapacity ? { ...error, kind: 'no-capacity' } : error
}

/**
 * Whether an error says that nothing is free. After a create it counts with a 400 only: a 5xx leaves open what was
 * done.
 */
export const isNoCapacityText = (message: string): boolean =>
  NO_CAPACITY_PATTERNS.some((pattern) => pattern.test(message)) || message.split('\n').some(isNoneAvailable)
