import { useRef } from 'react'
import type { PodView } from '../../core/snapshot'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { isOpen } from './intent-words'

/** What can be done with the pod now: what it allows itself, while nothing is on its way. */
export function PodButtons({ pod }: { readonly pod: PodView }) {
  const { bridge, mirror } = useWindow()
  const isAsked = useRef(false)
  if (isOpen(pod.intent)) return null
  const canStop = pod.actions.includes('stop') && pod.isLocked !== true
  const canStart = pod.actions.includes('start')
  if (!canStop && !canStart) return null

  const ask = async (what: string, request: () => ReturnType<typeof bridge.stopPod>) => {
    if (isAsked.current) return
    isAsked.current = true
    await mirror.report(what, request())
    isAsked.current = false
  }
  return (
    <footer>
      {canStop && (
        <Button
          icon="stop"
          label={`Stop ${pod.name}`}
          onPress={() => void ask(`${pod.name} was not stopped`, () => bridge.stopPod(pod.id))}
        >
          Stop
        </Button>
      )}
      {canStart && (
        <Button
          icon="start"
          label={`Start ${pod.name}`}
          onPress={() => void ask(`${pod.name} was not started`, () => bridge.startPod(pod.id))}
        >
          Start
        </Button>
      )}
    </footer>
  )
}
