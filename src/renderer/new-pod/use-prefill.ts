import { useEffect, useRef } from 'react'
import { type PodForm, usualWaitHours } from '../../core/creation/form/pod-form'
import { parsePodKey } from '../../core/pods/pod'
import type { PodView } from '../../core/view/snapshot'
import type { PrefilledForm, PrefillSource } from '../../shared/create-requests'
import { type NewPodTarget, parseNewPodTarget } from '../pod-model/new-pod-target'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { type Draft, isDraftEmpty } from './draft'
import { draftStore } from './use-new-pod-state'

/**
 * Fills in the form as the page was asked to: like a pod, or like a create that found nothing free. What was typed before
 * can be brought back.
 */
export function usePrefill(): void {
  const { bridge, snapshotStore } = useWindow()
  const target = useSnapshotStore(({ pageTarget }) => pageTarget)
  const done = useRef<number | null>(null)

  useEffect(() => {
    if (target === null || target.serial === done.current) return
    done.current = target.serial
    const asked = parseNewPodTarget(target.id)
    if (asked === null) return
    void snapshotStore
      .runRequest('Couldn’t fill in the form', bridge.prefilledForm(sourceOf(asked)))
      .then((prefilled) => {
        if (prefilled === null) return
        const before = draftStore.store.getState()
        const pods = snapshotStore.store.getState().podsByKey
        draftStore.replace(
          draftOf(asked, prefilled, asked.kind === 'create' ? undefined : pods.get(asked.podKey)),
        )
        if (!isDraftEmpty(before) && before.source === null)
          snapshotStore.showToast('ok', 'What you had entered before was replaced.', () =>
            draftStore.replace(before),
          )
      })
  }, [target, bridge, snapshotStore])

  // What main said of the other pod is not kept with the draft of a window that was closed.
  useEffect(() => {
    const { source, prefilled } = draftStore.store.getState()
    if (source === null || prefilled !== null || target !== null) return
    void bridge.prefilledForm({ kind: 'pod', podKey: source.podKey }).then((answer) => {
      const current = draftStore.store.getState()
      if (answer.ok && current.source?.podKey === source.podKey && current.prefilled === null)
        draftStore.replace({ ...current, prefilled: answer.value })
    })
    // Once, as the page opens.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [])
}

const sourceOf = (asked: NewPodTarget): PrefillSource =>
  asked.kind === 'create'
    ? { kind: 'create', accountId: asked.accountId, createId: asked.createId }
    : { kind: 'pod', podKey: asked.podKey }

function draftOf(
  asked: NewPodTarget,
  { form, ...prefilled }: PrefilledForm,
  pod: PodView | undefined,
): Draft {
  if (asked.kind === 'create')
    return {
      accountId: asked.accountId,
      form: { ...form, ...(asked.isWaiting && form.whenFree === null && waiting) },
      source: null,
      prefilled: null,
    }
  return {
    accountId: parsePodKey(asked.podKey).accountId,
    form: { ...form, ...(pod !== undefined && rulesOf(pod)) },
    source: { podKey: asked.podKey, isRebuild: asked.kind === 'rebuild' },
    prefilled,
  }
}

/** The price is confirmed by the person. */
const waiting: Pick<PodForm, 'whenFree'> = { whenFree: { maxPerHourUsd: '', waitHours: usualWaitHours } }

/** The rules of the other pod, as far as a new one can have them. A permission to lose data is asked for again. */
function rulesOf({ guard: { rules } }: PodView): Partial<PodForm> {
  return {
    isAutoStopped: rules.isAutoStopped === true,
    maxHours: rules.maxHours === undefined ? '' : String(rules.maxHours),
    monthlyBudgetUsd: rules.monthlyBudgetUsd === undefined ? '' : String(rules.monthlyBudgetUsd),
    isStoppedAtBudget: rules.atBudget === 'stop',
  }
}
