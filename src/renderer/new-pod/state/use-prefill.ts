import { useEffect, useRef } from 'react'
import { type PodForm, usualWaitHours } from '../../../core/creation/form/pod-form'
import { noFormRules, rebuildRules } from '../../../core/creation/form/rebuild'
import { parsePodKey } from '../../../core/pods/pod'
import type { PodView } from '../../../core/view/snapshot'
import type { PrefilledForm, PrefillSource } from '../../../shared/requests/pod/create-requests'
import { localOffset } from '../../pod-model/text/keep-on-text'
import { type NewPodTarget, parseNewPodTarget } from '../../pod-model/commands/new-pod-target'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { type Draft, type DraftContent, isDraftEmpty, prefilledBy } from './draft'
import { draftStore } from './use-new-pod-state'
import { prefillText } from './prefill-text'

/**
 * Fills in the form as the page was asked to: like a pod, or like a create that found nothing free. What was typed
 * before can be brought back.
 */
export function usePrefill(): void {
  const { bridge, snapshotStore, ticker } = useWindow()
  const target = useSnapshotStore(({ pageTarget }) => pageTarget)
  const askedSerial = useRef<number | null>(null)

  useEffect(() => {
    if (target === null || target.serial === askedSerial.current) return
    askedSerial.current = target.serial
    const asked = parseNewPodTarget(target.id)
    if (asked === null) return
    void snapshotStore
      .runRequest(prefillText.couldNotFillIn, bridge.prefilledForm(sourceOf(asked)))
      .then((prefilled) => {
        // The page may have been asked for something else meanwhile.
        if (prefilled === null || askedSerial.current !== target.serial) return
        const before = draftStore.store.getState()
        const pods = snapshotStore.store.getState().podsByKey
        const pod = asked.kind === 'create' ? undefined : pods.get(asked.podKey)
        draftStore.replace(draftOf(asked, prefilled, pod, ticker.now()))
        if (!isDraftEmpty(before))
          snapshotStore.showToast('ok', prefillText.entriesReplaced, () => draftStore.replace(before))
      })
  }, [target, bridge, snapshotStore, ticker])
}

/**
 * Reads the pod that a draft is like anew, because what main says of it is not kept with the draft of a closed window.
 */
export function useSourceReading({ source, prefilled }: Draft): void {
  const { bridge } = useWindow()
  const podKey = prefilled === null && source !== null ? source.podKey : null
  useEffect(() => {
    if (podKey === null) return
    void bridge.prefilledForm({ kind: 'pod', podKey }).then((answer) => {
      const current = draftStore.store.getState()
      if (current.source?.podKey === podKey && current.prefilled === null)
        draftStore.replace({ ...current, prefilled: prefilledBy(answer) })
    })
  }, [bridge, podKey])
}

const sourceOf = (asked: NewPodTarget): PrefillSource =>
  asked.kind === 'create'
    ? { kind: 'create', accountId: asked.accountId, createId: asked.createId }
    : { kind: 'pod', podKey: asked.podKey }

function draftOf(
  asked: NewPodTarget,
  { form, replaces, ...prefilled }: PrefilledForm,
  pod: PodView | undefined,
  nowMs: number,
): DraftContent {
  if (asked.kind === 'create')
    return {
      accountId: asked.accountId,
      form: { ...form, ...(asked.isWaiting && form.whenFree === null && waiting) },
      // Read anew with the form, see `useSourceReading`.
      source: replaces === undefined ? null : { ...replaces, isRebuild: true },
      prefilled: null,
    }
  const isRebuild = asked.kind === 'rebuild'
  const rules = pod === undefined ? noFormRules : rebuildRules(pod.guard, nowMs, localOffset)
  return {
    accountId: parsePodKey(asked.podKey).accountId,
    form: { ...form, ...rules, ...(!isRebuild && { keepOn: null }) },
    source: { podKey: asked.podKey, isRebuild, isTakenOver: isRebuild },
    prefilled,
  }
}

/** The price is confirmed by the person. */
const waiting: Pick<PodForm, 'whenFree'> = { whenFree: { maxPerHourUsd: '', waitHours: usualWaitHours } }
