import { useMemo } from 'react'
import type { PodKey } from '../../core/pods/pod'
import type { NextStop } from '../../core/view/stops/next-stops'
import { stopsByPod } from './stop-lanes'
import { useSettings } from '../state/hooks/use-settings'
import { useSnapshotStore } from '../state/window-context'

export const noStops: readonly NextStop[] = []

/** The next stops of each pod; empty until the settings are known. */
export function useStops(): ReadonlyMap<PodKey, readonly NextStop[]> {
  const snapshot = useSnapshotStore((state) => state.snapshot)
  const settings = useSettings()?.settings
  return useMemo(
    () => (snapshot === null || settings === undefined ? new Map() : stopsByPod(snapshot, settings)),
    [snapshot, settings],
  )
}
