import { useEffect, useState } from 'react'
import type { CleanUpView } from '../../core/clean-up/clean-up-view'
import type { AccountId } from '../../core/pods/pod'
import { partOf, type Snapshot } from '../../core/view/snapshot'
import { answerOf } from '../state/answer-of'
import { useSnapshotStore, useWindow } from '../state/window-context'

interface CleanUpState {
  readonly view: CleanUpView | null
  readonly problem: string | null
  readonly reload: () => void
}

/** What an account may have left over: read when it is shown, and again when its pods or volumes change. */
export function useCleanUp(accountId: AccountId): CleanUpState {
  const { bridge } = useWindow()
  const listed = useSnapshotStore(({ snapshot }) => listedText(snapshot, accountId))
  const [state, setState] = useState<Omit<CleanUpState, 'reload'>>({ view: null, problem: null })
  const [readCount, setReadCount] = useState(0)
  useEffect(() => {
    // What fails is in the answer about the volumes.
    void bridge.refreshVolumes(accountId).catch(() => undefined)
  }, [bridge, accountId, readCount])
  useEffect(() => {
    let isActive = true
    void answerOf(bridge.cleanUp(accountId)).then((answer) => {
      if (!isActive) return
      setState(({ view }) =>
        answer.ok ? { view: answer.value, problem: null } : { view, problem: answer.error.message },
      )
    })
    return () => {
      isActive = false
    }
  }, [bridge, accountId, listed, readCount])
  return { ...state, reload: () => setReadCount((count) => count + 1) }
}

/** All that the answer depends on of what the window knows, as text. */
function listedText(snapshot: Snapshot | null, accountId: AccountId): string {
  if (snapshot === null) return ''
  const part = partOf(snapshot, accountId)
  const { volumes, connection, isListPartial } = part ?? snapshot
  return JSON.stringify([
    connection.kind,
    isListPartial,
    snapshot.pods.flatMap((pod) => (pod.accountId === accountId ? [[pod.id, pod.name, pod.phase]] : [])),
    volumes && [volumes.problem, volumes.readAtMs === null, volumes.arePodsKnown],
    volumes?.volumes.map(({ id, name, sizeGb, podIds }) => [id, name, sizeGb, podIds]),
  ])
}
