import type { ProviderError } from '../../core/pods/provider'

/*
 * Runpod has no status of its own for a start that finds no GPU: it answers 400, and older servers 500, in prose. Read
 * 2026-11-24: "There are not enough free GPUs on the host machine to start this pod.", "There are no longer any instances
 * available with the requested specifications. Please refresh and try again."
 */
const WORDS = [
  /\bnot enough free gpus?\b/i,
  /\bno (longer )?(any )?(free )?(gpus?|instances?|machines?|hosts?|capacity)\b.*\bavailable\b/i,
  /\b(gpus?|instances?|machines?|capacity) (is|are) not available\b/i,
  /\b(insufficient|out of|no) (gpu )?capacity\b/i,
]

/** The error of a start, told apart from other refusals where it says that no GPU is free: nothing was done. */
export function withCapacityKnown(error: ProviderError): ProviderError {
  const isAnswered =
    error.status === 400 || error.status === 409 || error.status === 500 || error.status === 503
  const saysSo = isAnswered && error.kind !== 'unreadable' && WORDS.some((words) => words.test(error.message))
  return saysSo ? { ...error, kind: 'no-capacity' } : error
}
