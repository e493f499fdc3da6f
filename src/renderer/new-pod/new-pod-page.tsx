import './new-pod.css'
import { useEffect, useMemo, useRef } from 'react'
import { useStore } from 'zustand'
import type { Snapshot } from '../../core/view/snapshot'
import { BlankSlate } from '../ui/blank-slate'
import { Button } from '../ui/button'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { draftIn, emptyDraft } from './state/draft'
import type { CloudAccount } from './state/new-pod-context'
import { NewPodForm } from './new-pod-form'
import { draftStore } from './state/use-new-pod-state'
import { usePrefill } from './state/use-prefill'
import { useSourceName } from './state/use-source-name'
import { newPodText, pageTitle } from './new-pod-text'

/** A new pod: what to run on, what to run, and what it costs. See docs/product-rules.md#111-the-form. */
export function NewPodPage() {
  const { navigate } = useWindow()
  usePrefill()
  const snapshot = useSnapshotStore(({ wholeSnapshot }) => wholeSnapshot)
  const shownAccountId = useSnapshotStore((state) => state.shownAccountId)
  const stored = useStore(draftStore.store)
  const draftAccountId = stored.accountId
  useWithoutUsedDraft(snapshot)
  const accounts = useMemo(() => cloudAccounts(snapshot), [snapshot])
  const chosen =
    accounts.find(({ id }) => id === draftAccountId) ??
    accounts.find(({ id }) => id === shownAccountId) ??
    accounts[0]
  const draft = chosen === undefined ? emptyDraft : draftIn(stored, chosen.id)
  const sourceName = useSourceName(draft)
  const title = pageTitle(draft.source?.isRebuild === true ? sourceName : null)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  if (snapshot === null) return null
  return (
    <section className="page new-pod" aria-label={title}>
      <h1 ref={heading} className="unseen" tabIndex={-1}>
        {title}
      </h1>
      {chosen === undefined ? (
        <BlankSlate
          icon="pods"
          title={newPodText.noAccount}
          actions={
            <Button onPress={() => navigate('settings', 'accounts')}>{newPodText.manageAccounts}</Button>
          }
        >
          {newPodText.noAccountHelp}
        </BlankSlate>
      ) : (
        <NewPodForm
          key={chosen.id}
          accountId={chosen.id}
          accounts={accounts}
          onAccount={(accountId) => draftStore.replace({ ...draftStore.store.getState(), accountId })}
          onReset={() => draftStore.replace({ ...emptyDraft, accountId: chosen.id })}
        />
      )}
    </section>
  )
}

/** A draft that became a pod is back where its removal was not written, as after a crash or a closed window. */
function useWithoutUsedDraft(snapshot: Snapshot | null): void {
  const draftId = useStore(draftStore.store, (draft) => draft.id)
  const isUsed = snapshot?.creates?.some((create) => create.draftId === draftId) === true
  useEffect(() => {
    const { accountId } = draftStore.store.getState()
    if (isUsed) draftStore.replace({ ...emptyDraft, accountId })
  }, [isUsed])
}

/** The accounts in which pods can be created here: those of the cloud that are watched. */
function cloudAccounts(snapshot: Snapshot | null): readonly CloudAccount[] {
  return (snapshot?.accounts ?? []).flatMap(({ entry, account }) =>
    entry.lab === undefined && !entry.isPaused && account !== null
      ? [{ id: entry.id, name: entry.name }]
      : [],
  )
}
