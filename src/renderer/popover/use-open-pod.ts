import { useCallback, useState } from 'react'
import type { PodKey } from '../../core/pods/pod'
import type { PodSection } from '../state/arrange/arrange-pods'
import { useSnapshotStore } from '../state/window-context'
import { useVisibility } from './use-visibility'

export interface OpenPod {
  /** The pod that is opened to its card; null: none. */
  readonly openKey: PodKey | null
  readonly setOpen: (podKey: PodKey | null) => void
  /** Closes the pod that a person opened; false if there is none. */
  readonly closeChosen: () => boolean
}

/**
 * Which pod is open: the first one that needs the user, until someone opens or closes one. It stays while the order
 * changes, and is chosen anew each time the popover opens. A pod that is requested is opened.
 */
export function useOpenPod(): OpenPod {
  const sections = useSnapshotStore((state) => state.sections)
  const request = useSnapshotStore((state) => state.focusRequest)
  const [answered, setAnswered] = useState<typeof request>(null)
  const [chosen, setChosen] = useState<{ readonly podKey: PodKey | null } | null>(null)
  const [first, setFirst] = useState<PodKey | null>(null)
  useVisibility((isVisible) => {
    if (isVisible) return
    setChosen(null)
    setFirst(null)
  })
  const setOpen = useCallback((podKey: PodKey | null) => setChosen({ podKey }), [])
  const podKeys = sections.flatMap((section) => section.podKeys)
  const requested = podKeys.find((podKey) => podKey === request?.id)
  if (request !== answered && (request === null || requested !== undefined)) {
    setAnswered(request)
    if (requested !== undefined) setChosen({ podKey: requested })
  }
  const firstNow = first !== null && podKeys.includes(first) ? first : firstToOpen(sections)
  if (firstNow !== first) setFirst(firstNow)
  const isChosen = chosen !== null && (chosen.podKey === null || podKeys.includes(chosen.podKey))
  return {
    openKey: isChosen ? chosen.podKey : firstNow,
    setOpen,
    closeChosen: () => {
      if (!isChosen || chosen.podKey === null) return false
      setOpen(null)
      return true
    },
  }
}

/** The first pod that needs the user, or the only one there is. */
export function firstToOpen(sections: readonly PodSection[]): PodKey | null {
  const needsYou = sections.find(({ kind }) => kind === 'needs-you')
  const podKeys = sections.flatMap((section) => section.podKeys)
  return needsYou?.podKeys[0] ?? (podKeys.length === 1 ? podKeys[0] : undefined) ?? null
}
