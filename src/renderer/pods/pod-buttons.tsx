import { memo, useRef } from 'react'
import type { PodId } from '../../core/pod'
import type { PodView } from '../../core/snapshot'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'

interface PodButtonsProps {
  readonly podId: PodId
  readonly name: string
  readonly actions: PodView['actions']
}

/**
 * What can be done with the pod now: what it allows itself, while nothing is on its way. Its figures change at every
 * look and these rarely do, so they are asked for one by one.
 */
export const PodButtons = memo(function PodButtons({ podId, name, actions }: PodButtonsProps) {
  const { bridge, mirror } = useWindow()
  const isAsked = useRef(false)
  const canStop = actions.includes('stop')
  const canStart = actions.includes('start')
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
          label={`Stop ${name}`}
          onPress={() => void ask(`${name} was not stopped`, () => bridge.stopPod(podId))}
        >
          Stop
        </Button>
      )}
      {canStart && (
        <Button
          icon="start"
          label={`Start ${name}`}
          onPress={() => void ask(`${name} was not started`, () => bridge.startPod(podId))}
        >
          Start
        </Button>
      )}
    </footer>
  )
})
