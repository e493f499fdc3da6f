import type { AlertKey, PendingAlert } from '../alerts/alert'
import type { AuditLog } from '../audit-log/audit-log'
import { fail, ok, type Result } from '../base/result'
import type { Clock } from '../base/time/clock'
import { elapsedMs, type Instant, MINUTE_MS, SECOND_MS } from '../base/time/time'
import type { CreateIntent } from '../creation/create-intent'
import { isOpen } from '../intents/intent'
import type { AccountId, Pod, PodId } from '../pods/pod'
import { plainName } from '../pods/pod-name'
import type { Settings } from '../settings/settings'
import {
  type Appearance,
  isFirstList,
  type KnownPods,
  type KnownPodStore,
  SEVERAL_PODS,
  SEVERAL_WITHIN_MS,
  UNWATCHED_AFTER_MS,
  withListed,
  withoutOver,
  withoutRecognized,
} from './known-pods'
import { appearanceAlertText, recognitionText } from './unrecognized-text'

/**
 * A pod counts as appeared once lists at least this far apart show it: by then another account that knows it, such as a
 * lab, has been listed, too.
 */
const SETTLE_MS = 90 * SECOND_MS
/** How long the time of the last list in the store may lag behind. */
const SAVE_EVERY_MS = 5 * MINUTE_MS

export interface RecognitionContext {
  readonly accountId: AccountId
  readonly clock: Pick<Clock, 'now'>
  readonly settings: () => Settings
  readonly auditLog: Pick<AuditLog, 'record'>
  /** Absent: no pod is ever called new. */
  readonly knownPods?: KnownPodStore
}

export interface RecognitionParts {
  readonly service: string
  /** All that are not known to be gone. */
  readonly pods: () => readonly Pod[]
  readonly creates: () => readonly CreateIntent[]
  /** Whether another account of this program shows the same pod, and judges it. */
  readonly isJudgedElsewhere: (podId: PodId) => boolean
  readonly onChange: () => void
}

/** When a pod appeared that nobody recognized yet. */
export type UnrecognizedPod = Pick<Appearance, 'atMs' | 'unwatchedSinceMs'>

/** Notices pods that this installation did not create. See docs/product-rules.md#65-pods-created-elsewhere. */
export interface PodRecognition {
  /** Called after each list that was taken in, when the creates have adopted their pods. */
  onList(list: { readonly listed: readonly Pod[]; readonly isComplete: boolean; readonly at: Instant }): void
  /** Those that hold now. */
  alerts(): readonly PendingAlert[]
  readonly viewOf: (pod: Pod) => UnrecognizedPod | null
  readonly requests: RecognitionRequests
}

export interface RecognitionRequests {
  /** The person says that the pod is theirs. */
  recognizePod(podId: PodId): Result<void, string>
  /** The same of all pods of an alert. False: it is over. */
  recognizeAppearance(key: AlertKey): boolean
}

interface Candidate {
  readonly firstSeen: Instant
  readonly unwatchedSinceMs: number | null
}

export function createPodRecognition(context: RecognitionContext, parts: RecognitionParts): PodRecognition {
  const { accountId, clock, settings, auditLog, knownPods: store } = context
  /** Null: not read yet, or nothing is known. */
  let known: KnownPods | null = null
  let isLoaded = false
  let savedAtMs = Number.NEGATIVE_INFINITY
  const candidates = new Map<PodId, Candidate>()

  function keep(next: KnownPods): void {
    const isDue =
      next.appearances !== known?.appearances ||
      Object.keys(next.pods).some((id) => known?.pods[id] === undefined) ||
      Math.abs(next.listedAtMs - savedAtMs) >= SAVE_EVERY_MS
    known = next
    if (!isDue) return
    store?.save(next)
    savedAtMs = next.listedAtMs
  }

  const isCreatedHere = (pod: Pod): boolean =>
    parts
      .creates()
      .some(
        ({ podId, extraPodId, runId }) => podId === pod.id || extraPodId === pod.id || runId === pod.runId,
      )

  /** A create whose pod is not known yet may have made it, where pods don't name their request. */
  const mayBeCreatedHere = (pod: Pod): boolean =>
    parts
      .creates()
      .some(
        (create) =>
          isOpen(create) &&
          create.sentAt !== null &&
          create.podId === null &&
          (pod.isEnvironmentHidden === true || create.earlierPodIds !== null),
      )

  /** The pods of the list that are new, and seen for long enough. */
  function settled(listed: readonly Pod[], before: KnownPods, at: Instant): readonly Pod[] {
    const pauseMs = Math.abs(at.wallMs - before.listedAtMs)
    const unwatchedSinceMs = pauseMs > UNWATCHED_AFTER_MS ? before.listedAtMs : null
    const fresh = listed.filter(({ id }) => before.pods[id] === undefined)
    for (const { id } of fresh)
      if (!candidates.has(id)) candidates.set(id, { firstSeen: at, unwatchedSinceMs })
    return fresh.filter((pod) => {
      const candidate = candidates.get(pod.id)
      return (
        isKnownAsOurs(pod) ||
        (candidate !== undefined && elapsedMs(candidate.firstSeen, at) >= SETTLE_MS && !mayBeCreatedHere(pod))
      )
    })
  }

  const isKnownAsOurs = (pod: Pod): boolean => isCreatedHere(pod) || parts.isJudgedElsewhere(pod.id)

  function appeared(pods: readonly Pod[], before: KnownPods, at: Instant): readonly Appearance[] {
    const sinceOf = ({ id }: Pod): number | null => candidates.get(id)?.unwatchedSinceMs ?? null
    return [...new Set(pods.map(sinceOf))].map((unwatchedSinceMs) => {
      const group = pods.filter((pod) => sinceOf(pod) === unwatchedSinceMs)
      const podIds = group.map(({ id }) => id)
      const recent = before.appearances.filter((one) => isOfGroup(one, at.wallMs))
      const origins = new Set([...group, ...podsOf(recent)].map(({ id, clusterId }) => clusterId ?? id))
      const isCritical = unwatchedSinceMs === null && origins.size >= SEVERAL_PODS
      return {
        episode: `${podIds[0]} ${at.wallMs}`,
        atMs: at.wallMs,
        unwatchedSinceMs,
        isCritical,
        alertPodId: isCritical || podIds.length > 1 ? null : (podIds[0] ?? null),
        podIds,
      }
    })
  }

  const podsOf = (appearances: readonly Appearance[]): readonly Pod[] => {
    const ids = new Set(appearances.flatMap(({ podIds }) => podIds))
    return parts.pods().filter(({ id }) => ids.has(id))
  }

  function onList(list: Parameters<PodRecognition['onList']>[0]): void {
    if (store?.mayWrite() !== true) {
      isLoaded = false
      candidates.clear()
      return
    }
    if (!isLoaded) known = store.load()
    isLoaded = true
    const { listed, at } = list
    const nowMs = at.wallMs
    const ids = listed.map(({ id }) => id)
    // Nobody is asked about the pods of a first list, of a server's account, or where that is turned off.
    const isSilent = store.isWatchedByServer() || !settings().hasUnrecognizedPodAlerts
    if (known === null || isFirstList(known, nowMs) || isSilent) {
      candidates.clear()
      if (known === null && !list.isComplete) return
      keep(withListed({ listedAtMs: nowMs, pods: known?.pods ?? {}, appearances: [] }, ids, nowMs))
      return
    }
    const isListed = new Set(ids)
    for (const id of candidates.keys()) if (!isListed.has(id)) candidates.delete(id)
    const found = settled(listed, known, at)
    const existing = new Set(parts.pods().map(({ id }) => id))
    const over = withoutOver(known.appearances, (id) => !existing.has(id), nowMs)
    const added = appeared(
      found.filter((pod) => !isKnownAsOurs(pod)),
      known,
      at,
    )
    const isSame = added.length === 0 && JSON.stringify(over) === JSON.stringify(known.appearances)
    const foundIds = new Set(found.map(({ id }) => id))
    for (const id of foundIds) candidates.delete(id)
    const before = known.pods
    const countedIds = ids.filter((id) => before[id] !== undefined || foundIds.has(id))
    const appearances = isSame ? known.appearances : [...over, ...added]
    keep(withListed({ ...known, appearances }, countedIds, nowMs))
  }

  function alertOf(one: Appearance, nowMs: number): readonly PendingAlert[] {
    const group = known?.appearances.filter((other) => isOfGroup(other, one.atMs)) ?? []
    const pods = podsOf(one.isCritical ? group : [one])
    if (podsOf([one]).length === 0) return []
    return [
      {
        key: { kind: 'unrecognized-pods', accountId, podId: one.alertPodId, episode: one.episode },
        podName: pods.find(({ id }) => id === one.alertPodId)?.name ?? null,
        isCritical: one.isCritical,
        buttons: ['was-me'],
        ...appearanceAlertText(one, pods, { service: parts.service, nowMs }),
      },
    ]
  }

  function recognize(isRecognized: (podId: PodId, one: Appearance) => boolean): boolean {
    if (known === null || store?.mayWrite() !== true) return false
    const names = new Map(parts.pods().map(({ id, name }) => [id, name]))
    const recognized = known.appearances.flatMap((one) => one.podIds.filter((id) => isRecognized(id, one)))
    if (recognized.length === 0) return false
    for (const podId of recognized)
      auditLog.record({
        atMs: clock.now().wallMs,
        accountId,
        podId,
        podName: names.get(podId) ?? null,
        kind: 'rule',
        what: 'recognized',
        text: recognitionText.recognized(plainName(names.get(podId) ?? podId)),
        tone: 'plain',
      })
    keep({ ...known, appearances: withoutRecognized(known.appearances, isRecognized) })
    parts.onChange()
    return true
  }

  return {
    onList,
    alerts() {
      const nowMs = clock.now().wallMs
      return isLoaded ? (known?.appearances ?? []).flatMap((one) => alertOf(one, nowMs)) : []
    },
    viewOf({ id }) {
      const one = isLoaded ? known?.appearances.find(({ podIds }) => podIds.includes(id)) : undefined
      return one === undefined ? null : { atMs: one.atMs, unwatchedSinceMs: one.unwatchedSinceMs }
    },
    requests: {
      recognizePod: (podId) =>
        recognize((id) => id === podId) ? ok(undefined) : fail(recognitionText.notAsked),
      recognizeAppearance: (key) =>
        key.accountId === accountId && recognize((_, one) => one.episode === key.episode),
    },
  }
}

/** Whether it was observed, while the account was watched, within the minutes before. */
const isOfGroup = ({ atMs, unwatchedSinceMs }: Appearance, beforeMs: number): boolean =>
  unwatchedSinceMs === null && atMs <= beforeMs && beforeMs - atMs <= SEVERAL_WITHIN_MS
