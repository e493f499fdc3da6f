import type { AuditEntry } from '../audit-log/audit-log'
import { sentence } from '../alerts/alert-text'
import type { PendingAlert } from '../alerts/alert'
import { formatDuration } from '../base/text/format'
import { MINUTE_MS } from '../base/time/time'
import { shortName } from '../pods/pod-name'
import { candidateOf, type CreateIntent } from './create-intent'

/*
 * What the activity log, alerts and notices say about a create. They have the names of variables at most, never their
 * values.
 */

/** The entry for a create that changed, at `atMs` (Unix ms); null where it repeats one. */
export function createEntry(create: CreateIntent, atMs: number): AuditEntry | null {
  const { accountId, podId, plan, phase, rounds } = create
  // Tries every minute for hours would bury everything else.
  const isRepeated = rounds > 1 && (phase === 'waiting' || phase === 'sent' || phase === 'scheduled')
  if (isRepeated) return null
  return {
    atMs,
    accountId,
    podId,
    podName: plan.name,
    kind: 'intent',
    what: `create ${phase}`,
    ...entryText(create),
    createId: create.id,
  }
}

function entryText(create: CreateIntent): Pick<AuditEntry, 'text' | 'tone'> {
  const { plan, phase, message, tries, isFromCommandLine, isUnclear } = create
  const { name } = plan
  const why = message === null ? '' : ` ${message}`
  switch (phase) {
    case 'scheduled': {
      if (tries.length > 0 || message !== null)
        return { text: `The creation of ${name} continues.${why}`, tone: 'plain' }
      const labels = plan.candidates.map(({ label }) => label).join(', ')
      const text =
        plan.tokenName !== undefined
          ? `The API token ${plan.tokenName} requested the pod ${name}: ${labels}.`
          : `${plan.personName ?? 'You'} requested the pod ${name}${isFromCommandLine ? ' on the command line' : ''}: ${labels}.`
      return { text, tone: 'plain' }
    }
    case 'waiting':
      return { text: `The creation of ${name} is waiting for capacity.${why}`, tone: 'plain' }
    case 'sent':
      return {
        text: `The creation of ${name} with ${candidateOf(create).label} was sent.${why}`,
        tone: isUnclear ? 'warning' : 'plain',
      }
    case 'accepted':
      return { text: `The creation of ${name} was accepted.`, tone: 'plain' }
    case 'observed':
      return { text: `${name} was created.${why}`, tone: message === null ? 'good' : 'warning' }
    case 'cancelled':
      return message === null
        ? { text: `The creation of ${name} was undone.`, tone: 'plain' }
        : { text: message, tone: 'warning' }
    case 'failed':
      return { text: `${name} was not created.${why}`, tone: 'bad' }
    case 'did-not-happen':
      return { text: `${name} was not created.${why}`, tone: 'bad' }
  }
}

/** What only a notice says of a create: why it was canceled, and a second pod. Null: nothing. */
export function createNotice({ phase, message, extraPodId, plan, podId }: CreateIntent): string | null {
  if (extraPodId !== null)
    return `Two pods were created by one request for ${plan.name}: ${podId ?? 'one'} and ${extraPodId}. Both cost money; terminate one of them.`
  return phase === 'cancelled' ? message : null
}

/** An outcome this soon after the request is a response to the user. */
const RESPONSE_WINDOW_MS = 30 * MINUTE_MS
const MAX_NAME_IN_TITLE = 60

/** The alert about the outcome of a create; null for one that is no news. */
export function createAlert(create: CreateIntent): PendingAlert | null {
  const { id, accountId, podId, plan, phase, message, requestedAt, phaseAt, lacksCapacity } = create
  const name = shortName(plan.name, MAX_NAME_IN_TITLE)
  const common = { podName: plan.name, isCritical: false, buttons: [] } as const
  const tookMs = Math.abs(phaseAt.wallMs - requestedAt.wallMs)
  if (phase === 'observed') {
    if (plan.waitsForMs === null && message === null) return null
    const price = message === null ? '' : ` ${sentence(message)}`
    return {
      ...common,
      key: { kind: 'gpu-free', accountId, podId, episode: id },
      title: `${name} was created`,
      body: `It took ${formatDuration(tookMs)}. It costs money from now on, and Podkeeper is watching it.${price}`,
      tone: message === null ? 'good' : 'warning',
    }
  }
  const isCancelledForReason = phase === 'cancelled' && message !== null
  if (phase !== 'failed' && phase !== 'did-not-happen' && !isCancelledForReason) return null
  const hint = lacksCapacity ? ' Podkeeper can create it when one is free.' : ''
  return {
    ...common,
    key: { kind: 'action-ended', accountId, podId: null, episode: id },
    title: `${name} was not created`,
    body: `${sentence(message ?? 'The service gave no reason')}${hint}`,
    tone: 'bad',
    ...(tookMs < RESPONSE_WINDOW_MS && { isResponseToUser: true }),
  }
}
