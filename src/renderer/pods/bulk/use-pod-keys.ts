import type { RefObject } from 'react'
import { isPodKey, type PodKey } from '../../../core/pods/pod'
import { podCommands, runPodCommand } from '../../pod-model/commands/pod-commands'
import { useShortcuts } from '../../state/shortcuts'
import { useWindow } from '../../state/window-context'

/** The prefix of the element ids of pods. */
const PREFIX = 'pod-'

interface PodKeysOptions {
  /** Shift with J or K moved to this pod. */
  readonly onExtend?: (podKey: PodKey) => void
  /** Takes the place of a stop of the pod with the focus, unless it returns false. */
  readonly onStop?: () => boolean
}

/** J and K move through the pods of `list`; S stops and T opens a terminal on the one with the focus. */
export function usePodKeys(list: RefObject<HTMLElement | null>, options: PodKeysOptions = {}): void {
  const services = useWindow()
  const { snapshotStore } = services
  const move = (step: 1 | -1, isExtending: boolean) => {
    const all = [...(list.current?.querySelectorAll<HTMLElement>(`[id^="${PREFIX}"]`) ?? [])]
    const focused = focusedPod()
    const at = focused === null ? -1 : all.indexOf(focused)
    const next = all[at === -1 ? 0 : at + step]
    if (next === undefined) return
    if (isExtending && focused !== null) options.onExtend?.(keyOf(focused))
    next.focus({ preventScroll: true })
    next.scrollIntoView({ block: 'nearest' })
    if (isExtending) options.onExtend?.(keyOf(next))
  }
  const run = (kind: 'stop' | 'terminal') => {
    const focused = focusedPod()
    const pod = focused === null ? undefined : snapshotStore.store.getState().podsByKey.get(keyOf(focused))
    if (pod === undefined || !podCommands(pod).some((command) => command.kind === kind)) return
    void runPodCommand(services, pod, { kind })
  }
  useShortcuts({
    next: ({ shiftKey }) => move(1, shiftKey),
    previous: ({ shiftKey }) => move(-1, shiftKey),
    stop: () => {
      if (options.onStop?.() !== true) run('stop')
    },
    terminal: () => run('terminal'),
  })
}

/** The element of the pod that has the focus, or in which something has. */
const focusedPod = (): HTMLElement | null =>
  document.activeElement?.closest<HTMLElement>(`[id^="${PREFIX}"]`) ?? null

const keyOf = ({ id }: HTMLElement): PodKey => id.slice(PREFIX.length) as PodKey

/** The key of the pod with the focus. */
export function focusedPodKey(): PodKey | null {
  const element = focusedPod()
  const key = element === null ? '' : keyOf(element)
  return isPodKey(key) ? key : null
}
