import { useEffect, useRef, useState } from 'react'
import type { TransfersView, TransferView } from '../../core/files/files-view'
import type { PodKey } from '../../core/pods/pod'
import { shareStructure } from '../state/share-structure'
import { useWindow } from '../state/window-context'
import { transferPageText } from './files-text'

/** All transfers from the main process, the newest first; null until they arrive. */
export function useTransfers(): readonly TransferView[] | null {
  const { bridge, snapshotStore } = useWindow()
  const [view, setView] = useState<TransfersView | null>(null)
  useEffect(() => {
    const take = (next: TransfersView) =>
      setView((known) =>
        known !== null && next.revision < known.revision ? known : shareStructure(known, next),
      )
    const unsubscribe = bridge.on('transfers', take)
    void snapshotStore.runRequest(transferPageText.couldNotRead, bridge.transfers()).then((initial) => {
      if (initial !== null) take(initial)
    })
    return unsubscribe
  }, [bridge, snapshotStore])
  return view?.transfers ?? null
}

/** Calls back once a transfer of the pod begins. */
export function useOnNewTransfer(
  transfers: readonly TransferView[] | null,
  podKey: PodKey | undefined,
  onNew: () => void,
): void {
  const known = useRef<ReadonlySet<string> | null>(null)
  useEffect(() => {
    if (transfers === null) return
    const before = known.current
    known.current = new Set(transfers.map(({ id }) => id))
    if (before !== null && transfers.some((one) => one.podKey === podKey && !before.has(one.id))) onNew()
  })
}
