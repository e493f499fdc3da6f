import { memo } from 'react'
import type { PodAction, PodId } from '../../../core/pods/pod'
import { useAsk } from '../../state/use-request'
import { useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { KeepOnMenu } from './keep-on-menu'
import { runPodCommand } from '../../pod-model/pod-commands'
import { PodMenu } from './pod-menu'

/** Whether the pod can have a terminal; `not-yet`: once it runs. */
export type TerminalOffer = 'now' | 'not-yet' | 'no'

interface PodButtonsProps {
  readonly podId: PodId
  readonly name: string
  readonly terminal: TerminalOffer
  readonly canStop: boolean
  readonly canStart: boolean
  /** Whether the card itself offers it: what is idle or about to be stopped may be wanted nevertheless. */
  readonly isKeepOnOffered: boolean
  /** Whether the menu would hold anything. */
  readonly hasMenu: boolean
}

/**
 * What can be done with the pod now: what it allows itself, while nothing is on its way. Its figures change at every
 * look and these rarely do, so they are asked for one by one.
 */
export const PodButtons = memo(function PodButtons(props: PodButtonsProps) {
  const { podId, name, terminal, canStop, canStart, isKeepOnOffered, hasMenu } = props
  const parts = useWindow()
  const ask = useAsk()
  if (terminal === 'no' && !canStop && !canStart && !isKeepOnOffered && !hasMenu) return null
  const run = (kind: Extract<PodAction, 'stop' | 'start'> | 'terminal') => () =>
    ask(() => runPodCommand(parts, { id: podId, name }, { kind }))
  return (
    <footer>
      {terminal === 'now' && (
        <Button kind="primary" icon="terminal" label={`Terminal on ${name}`} onPress={run('terminal')}>
          Terminal
        </Button>
      )}
      {terminal === 'not-yet' && (
        <span className="not-yet" title="Once it runs">
          <Button kind="primary" icon="terminal" label={`Terminal on ${name}, once it runs`} isDisabled>
            Terminal
          </Button>
        </span>
      )}
      {canStop && (
        <Button icon="stop" label={`Stop ${name}`} onPress={run('stop')}>
          Stop
        </Button>
      )}
      {canStart && (
        <Button icon="start" label={`Start ${name}`} onPress={run('start')}>
          Start
        </Button>
      )}
      {isKeepOnOffered && <KeepOnMenu pod={{ id: podId, name }} />}
      {hasMenu && <PodMenu podId={podId} name={name} />}
    </footer>
  )
})
