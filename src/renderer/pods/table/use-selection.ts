import { useState } from 'react'
import type { PodKey } from '../../../core/pods/pod'
import { podsBetween, type TableRow } from './table-rows'

export interface PodSelection {
  /** Those that are still shown. */
  readonly selected: ReadonlySet<PodKey>
  readonly toggle: (podKey: PodKey) => void
  /** Selects everything between the pod that was selected last and this one. */
  readonly extendTo: (podKey: PodKey) => void
  readonly selectAll: () => void
  readonly clear: () => void
}

/** The selected pods among `rows`. A pod that is filtered away is not selected any more. */
export function useSelection(rows: readonly TableRow[]): PodSelection {
  const [chosen, setChosen] = useState<ReadonlySet<PodKey>>(new Set())
  const [anchor, setAnchor] = useState<PodKey | null>(null)
  const shown = rows.flatMap((row) => (row.kind === 'pod' ? [row.id] : []))
  const selected = new Set(shown.filter((podKey) => chosen.has(podKey)))
  return {
    selected,
    toggle: (podKey) => {
      const next = new Set(selected)
      if (!next.delete(podKey)) next.add(podKey)
      setChosen(next)
      setAnchor(podKey)
    },
    extendTo: (podKey) => {
      setChosen(new Set([...selected, ...podsBetween(rows, anchor, podKey)]))
      if (anchor === null) setAnchor(podKey)
    },
    selectAll: () => setChosen(new Set(shown)),
    clear: () => {
      setChosen(new Set())
      setAnchor(null)
    },
  }
}
