import { useEffect, useState } from 'react'
import type { PodKey } from '../../core/pods/pod'
import type { PodPortsView, PortsView } from '../../core/ports/ports-view'
import type { PodView } from '../../core/view/snapshot'
import { shareStructure } from '../state/share-structure'
import { useWindow } from '../state/window-context'
import { portsPageText } from './ports-text'

export interface KnownPorts {
  readonly canHaveOwnAddress: boolean
  readonly pods: ReadonlyMap<PodKey, PodPortsView>
}

/** The ports of all pods from the main process; null until they arrive. */
export function usePorts(): KnownPorts | null {
  const { bridge, snapshotStore } = useWindow()
  const [view, setView] = useState<PortsView | null>(null)
  useEffect(() => {
    const take = (next: PortsView) =>
      setView((known) =>
        known !== null && next.revision < known.revision ? known : shareStructure(known, next),
      )
    const unsubscribe = bridge.on('ports', take)
    void snapshotStore.runRequest(portsPageText.couldNotRead, bridge.ports()).then((initial) => {
      if (initial !== null) take(initial)
    })
    return unsubscribe
  }, [bridge, snapshotStore])
  return (
    view && {
      canHaveOwnAddress: view.canHaveOwnAddress,
      pods: new Map(view.pods.map((pod) => [pod.podKey, pod])),
    }
  )
}

/** The ports that the pod publishes over HTTP, read once in each run of the pod that is scrolled to. */
export function usePublishedPorts(
  { key, phase, startedAtMs }: PodView,
  element: { readonly current: Element | null },
): readonly number[] {
  const { bridge } = useWindow()
  const isSeen = useIsSeen(element)
  const run = `${key} ${startedAtMs}`
  const [read, setRead] = useState<{ readonly run: string; readonly ports: readonly number[] } | null>(null)
  const isWanted = isSeen && phase === 'running' && read?.run !== run
  useEffect(() => {
    if (!isWanted) return undefined
    let isActive = true
    void bridge
      .podDetails(key)
      .catch(() => null)
      .then((answer) => {
        const published = answer?.ok === true ? (answer.value.ports ?? []) : []
        const ports = published.flatMap((port) => /^(\d{1,5})\/http$/.exec(port)?.[1] ?? []).map(Number)
        if (isActive) setRead({ run, ports })
      })
    return () => {
      isActive = false
    }
  }, [bridge, key, run, isWanted])
  return phase === 'running' && read?.run === run ? read.ports : []
}

/** Whether the element was ever in view. */
function useIsSeen(element: { readonly current: Element | null }): boolean {
  const [isSeen, setSeen] = useState(false)
  useEffect(() => {
    if (element.current === null || isSeen) return undefined
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true)
    })
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [element, isSeen])
  return isSeen
}
