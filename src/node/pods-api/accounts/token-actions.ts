import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Result } from '../../../core/base/result'
import { SECOND_MS } from '../../../core/base/time/time'
import { type Intent, isOpen } from '../../../core/intents/intent'
import type { ApiOutcome, ApiRefusal } from '../../../core/pods-api/api-types'
import type { PowerAction } from '../../../core/pods/pod'
import type { ControlRefusal } from '../../control/control-requests'
import type { ApiPodDetails } from '../../../core/pods-api/account-details'
import type { ApiGuardWish, ApiKeepOn, ApiPodRules } from '../../../core/pods-api/api-schemas'
import type { ServerRefusal } from '../../servers/ask-keeper'
import type { ServerOperations } from '../../servers/server-operations'
import { changedRulesText } from '../../../core/pods-api/access/token-pod-changes'
import type { Holder } from './holder'
import { documentIdOf, type FoundApiPod, rulesBody, type ServedAccount } from './served-account'
import { serveText } from './serve-text'

/** How long a reply waits for the end of an action, which goes on after that. */
const SETTLE_MS = 10 * SECOND_MS

interface Refused {
  readonly ok: false
  readonly refusal: ApiRefusal
  /** It may have been done all the same. */
  readonly isUnclear?: true
}

export const refused = (status: number, message: string): Refused => ({
  ok: false,
  refusal: { status, message },
})

/** Nothing was done, and it may be asked again soon. */
export const refusedForNow = (status: number, message: string): Refused => ({
  ok: false,
  refusal: { status, message, mayRetry: true },
})

/** The reply if the program or server that acts did not do what it was asked. */
export function toRefusal(refusal: ControlRefusal | ServerRefusal): Refused {
  const { code, message } = refusal
  switch (code) {
    case 'failed':
      return refused(409, message)
    case 'rejected':
      return refusedForNow(429, message)
    case 'lost':
      // A server has said what is to be looked at.
      return { ...refused(503, 'isLost' in refusal ? message : serveText.lost), isUnclear: true }
    case 'unreachable':
    case 'other-account':
      return refusedForNow(503, message)
  }
}

/** How far an action came while its reply waited. */
export type ActionProgress =
  | { readonly kind: 'done' }
  /** It goes on. */
  | { readonly kind: 'under-way' }
  | (Refused & { readonly kind?: undefined })

/** Whose request it is, and about what. */
interface RecordTarget {
  readonly accountId: string
  readonly podId: string | null
  readonly tokenName: string
}

interface TokenTarget extends RecordTarget {
  readonly podId: string
  readonly podName: string
}

/** Carries out a request once it is in the activity log here, also what a server does and logs under our own name. */
export async function afterRecord<T>(
  holder: Holder,
  { accountId, podId, tokenName }: RecordTarget,
  text: string,
  request: () => Promise<Result<T, ControlRefusal | ServerRefusal>>,
): Promise<Result<T, ControlRefusal | ServerRefusal>> {
  const recorded = await holder.ask(accountId, (requests) => requests.recordRequest(tokenName, text, podId))
  return recorded.ok ? request() : recorded
}

/** Acts in the name of a token, and waits a few seconds for what becomes of it. */
export async function actForToken(
  holder: Holder,
  target: TokenTarget,
  action: PowerAction,
): Promise<ActionProgress> {
  const { accountId, podId, podName, tokenName } = target
  const keeper = action === 'restart' ? null : holder.keeperOf(accountId)
  if (keeper !== null && action !== 'restart') {
    const text = serveText.asked.act(action, podName)
    const asked = await afterRecord(holder, target, text, () => keeper.act(podId, action))
    return asked.ok ? { kind: asked.value.isOver ? 'done' : 'under-way' } : toRefusal(asked.error)
  }
  let last: Intent | null = null
  let settle = (): void => {}
  const settled = new Promise<void>((resolve) => (settle = resolve))
  const reply: Result<void, ControlRefusal> = await holder.ask(
    accountId,
    (requests) => requests.actForToken(podId, action, tokenName),
    {
      onIntent(intent) {
        if (intent.podId !== podId || intent.action !== action) return
        last = intent
        if (intent.phase === 'accepted' || !isOpen(intent)) settle()
      },
    },
    Promise.race([settled, wait(SETTLE_MS, undefined, { ref: false })]),
  )
  if (!reply.ok) return toRefusal(reply.error)
  const seen = last as Intent | null
  switch (seen?.phase) {
    case 'accepted':
    case 'observed':
      return { kind: 'done' }
    case 'failed':
    case 'cancelled':
    case 'did-not-happen':
      return refused(409, seen.message ?? serveText.didNotHappen(action))
    default:
      return { kind: 'under-way' }
  }
}

/** Keeps a pod running, or ends that, in the name of a token. */
export async function keepOnForToken(
  holder: Holder,
  target: TokenTarget,
  choice: ApiKeepOn,
): Promise<Result<void, ControlRefusal | ServerRefusal>> {
  const { accountId, podId, podName } = target
  const keeper = holder.keeperOf(accountId)
  const wanted = choice === 'off' ? null : choice
  const text = wanted === null ? serveText.asked.endKeepOn(podName) : serveText.asked.keepOn(podName)
  return afterRecord<void>(holder, target, text, async () =>
    keeper === null
      ? holder.ask(accountId, (requests) => requests.keepOn(podId, wanted))
      : keeper.keepOn(podId, wanted),
  )
}

/** Rules and guards of pods, in the name of a token. */
export function createPodChanges(
  holder: Holder,
  tokenName: string,
  podAfter: (account: ServedAccount, podId: string) => Promise<ApiPodDetails | null>,
) {
  async function guard({ account, pod }: FoundApiPod): Promise<ApiOutcome> {
    const read = await holder.ask(account.id, (requests) => requests.podGuard(pod.id))
    if (!read.ok) return toRefusal(read.error)
    const podId = documentIdOf(account, pod)
    return done({ podId, ...(read.value.guard ?? { state: 'none', others: [] }) })
  }

  async function rulesThere(
    account: ServedAccount,
    pod: ApiPodDetails,
    keeper: ServerOperations,
  ): Promise<ApiOutcome> {
    const read = await keeper.podRules(pod.id)
    return read.ok ? done({ ...read.value, podId: documentIdOf(account, pod) }) : toRefusal(read.error)
  }

  return {
    async rules({ account, pod }: FoundApiPod): Promise<ApiOutcome> {
      const keeper = holder.keeperOf(account.id)
      if (keeper === null) return done(rulesBody(account, pod))
      return rulesThere(account, pod, keeper)
    },
    async changeRules({ account, pod }: FoundApiPod, changes: ApiPodRules): Promise<ApiOutcome> {
      const keeper = holder.keeperOf(account.id)
      if (keeper !== null) {
        const target = { accountId: account.id, podId: pod.id, podName: pod.name, tokenName }
        const text = changedRulesText(pod.name)
        const asked = await afterRecord(holder, target, text, () => keeper.changePodRules(pod.id, changes))
        return asked.ok ? rulesThere(account, pod, keeper) : toRefusal(asked.error)
      }
      const changed = await holder.ask(account.id, (requests) =>
        requests.changeRulesForToken(pod.id, changes, tokenName),
      )
      if (!changed.ok) return toRefusal(changed.error)
      return done(rulesBody(account, (await podAfter(account, pod.id)) ?? pod))
    },
    guard,
    async changeGuard(found: FoundApiPod, change: ApiGuardWish): Promise<ApiOutcome> {
      const { account, pod } = found
      if (holder.keeperOf(account.id) !== null) return refused(409, serveText.guardAtServer)
      const changed = await holder.ask(account.id, (requests) =>
        requests.changeGuardForToken(pod.id, change, tokenName),
      )
      return changed.ok ? guard(found) : toRefusal(changed.error)
    },
  }
}

/** An id that cannot be guessed. */
export const newConfirmationId = (): string => `conf_${randomUUID()}`

export const done = (value: unknown, status = 200): ApiOutcome => ({ ok: true, status, value })
