import { formatMoment, formatRemaining, formatUsdPerHour } from '../../../core/base/text/format'
import { isOpen } from '../../../core/intents/intent'
import type { CreateTry } from '../../../core/creation/create-intent'
import type { CreateView } from '../../../core/creation/create-view'
import { podKeyOf } from '../../../core/pods/pod'

/* What windows say of a create, until its pod is there. See docs/product-rules.md#113-the-create-intent. */

/** The creates that no pod shows yet, oldest first. */
export const openCreates = (
  creates: readonly CreateView[] | undefined,
  podsByKey: ReadonlyMap<string, unknown>,
): readonly CreateView[] =>
  (creates ?? []).filter(
    (create) =>
      isOpen(create) && (create.podId === null || !podsByKey.has(podKeyOf(create.accountId, create.podId))),
  )

/** The pill of its card. */
export function createStateWord(create: CreateView): string {
  if (create.isUnclear) return 'Checking'
  if (create.podId !== null || create.phase === 'accepted') return 'Accepted'
  return create.isWaitingForCapacity ? 'Waiting for a GPU' : 'Requesting'
}

/** What happens now, and what will, as sentences. `nowMs`: Unix ms. */
export function createStateText(create: CreateView, nowMs: number): string {
  const { candidate, phase, isUnclear, podId, message, nextTryAtMs, expiresAtMs, maxPerHourUsd } = create
  if (isUnclear)
    return [
      message ?? `The request for ${candidate} got no clear answer.`,
      'Podkeeper looks for the pod and sends nothing else until it knows.',
    ].join(' ')
  if (podId !== null || phase === 'accepted') return 'Runpod accepted it. The pod appears with the next list.'
  if (create.isWaitingForCapacity) {
    const next =
      nextTryAtMs === null || nextTryAtMs <= nowMs ? 'now' : `in ${formatRemaining(nextTryAtMs - nowMs)}`
    const limits = [
      ...(expiresAtMs === null ? [] : [`until ${formatMoment(expiresAtMs, { nowMs })}`]),
      ...(maxPerHourUsd === null ? [] : [`at up to ${formatUsdPerHour(maxPerHourUsd)}`]),
    ].join(', ')
    return `No GPU is available. Trying again ${next}${limits === '' ? '' : `, ${limits}`}.`
  }
  if (phase === 'sent') return `Asking Runpod for ${candidate}…`
  const delayed = nextTryAtMs !== null && nextTryAtMs > nowMs
  return `${message === null ? '' : `${message} `}${delayed ? `Asking for ${candidate} in ${formatRemaining(nextTryAtMs - nowMs)}.` : `Asking for ${candidate}…`}`
}

/** What is tried now, or when next, in a few words: "A100 SXM, choice 2 of 3". `nowMs`: Unix ms. */
export function createTryText(create: CreateView, nowMs: number): string {
  const { candidate, candidates, podId, phase, isUnclear, nextTryAtMs } = create
  if (isUnclear) return `Looking for the pod with ${candidate}`
  if (podId !== null || phase === 'accepted') return `${candidate}, in the next list`
  const index = candidates.findIndex(({ label }) => label === candidate)
  const choice =
    candidates.length > 1 ? `${candidate}, choice ${index + 1} of ${candidates.length}` : candidate
  if (nextTryAtMs === null || nextTryAtMs <= nowMs) return choice
  return `Next try in ${formatRemaining(nextTryAtMs - nowMs)}: ${choice}`
}

const outcomes: Readonly<Record<CreateTry['outcome'], string>> = {
  'no-capacity': 'sold out',
  'not-allowed': 'not allowed for your key',
  'too-expensive': 'too expensive now',
}

/** "2 × H100 SXM: sold out": what became of each choice, once each, the last outcome. */
export function triesText({ tries }: CreateView): readonly string[] {
  const last = new Map(tries.map(({ label, outcome }) => [label, outcome]))
  return [...last].map(([label, outcome]) => `${label}: ${outcomes[outcome]}`)
}

/** A message about how a create ended. */
export interface CreateOutcomeMessage {
  readonly create: CreateView
  readonly kind: 'created' | 'canceled' | 'not-created' | 'replaced'
  readonly title: string
  /** Empty: nothing more. */
  readonly body: string
}

/** How long an outcome that needs nobody is shown, ms. */
const DONE_SHOWN_MS = 6_000

/** How it ended, while that is to be shown; null: it did not end, or the end was seen. Unix ms. */
export function createOutcome(create: CreateView, nowMs: number): CreateOutcomeMessage | null {
  const { name, phase, message, atMs, isUnclear } = create
  const isRecent = nowMs - atMs < DONE_SHOWN_MS
  switch (phase) {
    case 'observed':
      return isRecent ? { create, kind: 'created', title: `${name} was created`, body: message ?? '' } : null
    case 'cancelled':
      if (message !== null)
        return { create, kind: 'not-created', title: `${name} was not created`, body: message }
      return isRecent
        ? { create, kind: 'canceled', title: `Creation canceled: ${name}`, body: 'Nothing was created.' }
        : null
    case 'failed':
      return { create, kind: 'not-created', title: `${name} was not created`, body: message ?? '' }
    case 'did-not-happen':
      return isUnclear
        ? {
            create,
            kind: 'not-created',
            title: `No pod of ${name} was seen`,
            body: `${message ?? ''} Podkeeper keeps looking for it.`.trim(),
          }
        : { create, kind: 'not-created', title: `${name} was not created`, body: message ?? '' }
    default:
      return null
  }
}
