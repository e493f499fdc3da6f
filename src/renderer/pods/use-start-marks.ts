import { useEffect } from 'react'
import { useSnapshotStore } from '../state/window-context'

/** Marks that the benchmark of the start reads: that pods are drawn, and that those of the first list are. */
export function useStartMarks(): void {
  const areListed = useSnapshotStore(
    ({ snapshot }) => snapshot?.pods.every(({ isFromLastRun }) => isFromLastRun !== true) ?? false,
  )
  useEffect(() => void performance.mark('podkeeper:pods-drawn'), [])
  useEffect(() => {
    if (areListed) performance.mark('podkeeper:pods-listed')
  }, [areListed])
}
