import { rateLimitPauseMs } from '../base/time/jitter'
import type { Result } from '../base/result'
import { type Instant, longestElapsedMs, MINUTE_MS } from '../base/time/time'
import type { Pod } from '../pods/pod'
import type { ProviderError } from '../pods/provider'
import {
  candidateOf,
  type CreateIntent,
  type CreateRules,
  type CreateTry,
  toCreatePhase,
} from './create-intent'

const MAX_TRIES_KEPT = 60

/** The create after the reply to its request. 0 ≤ `random` < 1, for the pause after a 429. */
export function withCreateReply(
  create: CreateIntent,
  reply: Result<Pod | null, ProviderError>,
  now: Instant,
  rules: CreateRules,
  random = 0,
): CreateIntent {
  // A list may have shown the pod before the reply came. One request has one reply.
  if (create.phase !== 'sent' || create.isUnclear) return create
  if (reply.ok) {
    const accepted = toCreatePhase(create, 'accepted', now, null)
    return reply.value === null ? { ...accepted, isUnclear: true } : { ...accepted, podId: reply.value.id }
  }
  const { error } = reply
  switch (error.kind) {
    case 'rate-limited':
      return afterRateLimit(create, error, now, rules, random)
    case 'no-capacity':
      return tryNext(create, 'no-capacity', now, rules, error.message)
    case 'forbidden':
      return tryNext(create, 'not-allowed', now, rules, error.message)
    case 'unreachable':
    case 'unreadable':
      return {
        ...create,
        isUnclear: true,
        message: `No clear response, so Podkeeper is checking whether the pod exists. ${error.message}`,
      }
    default:
      return toFailed(create, now, error.message)
  }
}

/** The create after its present candidate certainly made no pod: the next one is due, or all were tried. */
export function tryNext(
  create: CreateIntent,
  outcome: CreateTry['outcome'],
  now: Instant,
  rules: CreateRules,
  message: string,
): CreateIntent {
  const present: CreateTry = { label: candidateOf(create).label, atMs: now.wallMs, outcome }
  const tried = { ...create, tries: [...create.tries, present].slice(-MAX_TRIES_KEPT), rateLimitedTries: 0 }
  if (create.isCalledOff) return toCreatePhase(tried, 'cancelled', now, null)
  const next = create.candidateIndex + 1
  if (next < create.plan.candidates.length)
    return {
      ...toCreatePhase(tried, 'scheduled', now, `${triesText([present])} Next: ${labelAt(create, next)}.`),
      candidateIndex: next,
      waitMs: 0,
    }
  return afterRound(tried, now, rules, message)
}

const labelAt = ({ plan }: CreateIntent, index: number): string => plan.candidates[index]?.label ?? ''

function afterRound(create: CreateIntent, now: Instant, rules: CreateRules, message: string): CreateIntent {
  const round = create.tries.slice(-create.plan.candidates.length)
  const isHopeless = round.every(({ outcome }) => outcome === 'not-allowed')
  if (isHopeless) return { ...toFailed(create, now, message), refusal: 'forbidden' }
  const text = triesText(round)
  if (create.plan.waitsForMs !== null) {
    const backoffMs = Math.round(rules.gpuRetryMs * 1.2 ** create.rounds)
    const waitMs = Math.min(backoffMs, Math.max(rules.gpuRetryMs, rules.gpuRetryMaxMs))
    return {
      ...toCreatePhase(create, 'waiting', now, text),
      candidateIndex: 0,
      rounds: create.rounds + 1,
      waitMs,
    }
  }
  const lacksCapacity = round.some(({ outcome }) => outcome === 'no-capacity')
  return { ...toFailed(create, now, text), lacksCapacity }
}

export function toFailed(create: CreateIntent, now: Instant, message: string | null): CreateIntent {
  return { ...toCreatePhase(create, 'failed', now, message), refusal: 'other' }
}

/** A 429 means that nothing was done, so it is the only request that is sent again. */
function afterRateLimit(
  create: CreateIntent,
  error: ProviderError,
  now: Instant,
  rules: CreateRules,
  random: number,
): CreateIntent {
  if (create.isCalledOff) return toCreatePhase(create, 'cancelled', now, null)
  const rateLimitedTries = create.rateLimitedTries + 1
  const waitMs = rateLimitPauseMs(rateLimitedTries, error.retryAfterMs ?? MINUTE_MS, random)
  const maxMs = create.plan.waitsForMs ?? rules.retryWindowMs
  if (longestElapsedMs(create.requestedAt, now) + waitMs > maxMs)
    return toFailed(create, now, `It was postponed for too long. ${error.message}`)
  const message = `It has to wait before it is sent again. ${error.message}`
  return { ...toCreatePhase(create, 'scheduled', now, message), waitMs, rateLimitedTries }
}

const outcomeTexts: Readonly<Record<CreateTry['outcome'], string>> = {
  'no-capacity': 'is sold out',
  'not-allowed': 'is not allowed for this account',
  'too-expensive': 'costs more than you confirmed',
}

/** "2 × H100 SXM is sold out. A100 SXM costs more than you confirmed." */
export const triesText = (tries: readonly CreateTry[]): string =>
  tries.map(({ label, outcome }) => `${label} ${outcomeTexts[outcome]}.`).join(' ')
