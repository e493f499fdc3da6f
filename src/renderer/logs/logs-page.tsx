import { useEffect, useRef } from 'react'
import { isPodKey } from '../../core/pods/pod'
import { podState } from '../../core/view/pod-state'
import { podColor } from '../pod-model/pod-color'
import { useShortcuts } from '../state/shortcuts'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { BlankSlate } from '../ui/blank-slate'
import { Button } from '../ui/button'
import { LogView } from './log-view'

/** The page "Pods / NAME / Logs". */
export function LogsPage() {
  const { snapshotStore } = useWindow()
  const target = useSnapshotStore(({ pageTarget }) => pageTarget?.id ?? null)
  const podKey = target !== null && isPodKey(target) ? target : null
  const pod = useSnapshotStore(({ podsByKey }) => (podKey === null ? undefined : podsByKey.get(podKey)))
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus({ preventScroll: true }), [podKey])
  const back = (): void => snapshotStore.showPage('pods', podKey)
  useShortcuts({
    close: () => {
      if (snapshotStore.store.getState().dialog === null) back()
    },
  })
  if (podKey === null || pod === undefined)
    return (
      <section className="page" aria-label="Logs">
        <BlankSlate
          icon="page"
          title="This pod is gone"
          actions={<Button onPress={() => snapshotStore.showPage('pods')}>Show pods</Button>}
        >
          Runpod no longer lists it, or its account is not connected.
        </BlankSlate>
      </section>
    )
  const { tone, word } = podState(pod)
  return (
    <section className={`page logs-page ${podColor(pod)}`} aria-labelledby="logs-title">
      <header className="logs-head">
        <nav aria-label="Breadcrumb">
          <Button kind="bare" onPress={back}>
            Pods
          </Button>
          <span aria-hidden="true">/</span>
        </nav>
        <span className="id-bar" aria-hidden="true" />
        <h1 id="logs-title" ref={heading} tabIndex={-1}>
          <bdi>{pod.name}</bdi> <span className="logs-word">/ Logs</span>
        </h1>
        <span className={`pill ${tone}`}>{word}</span>
      </header>
      <LogView podKey={pod.key} />
    </section>
  )
}
