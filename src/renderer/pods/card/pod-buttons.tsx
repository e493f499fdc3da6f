import { memo } from 'react'
import type { PodAction, PodKey } from '../../../core/pods/pod'
import { useSingleFlight } from '../../state/use-single-flight'
import { useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { KeepOnMenu } from './keep-on-menu'
import { runPodCommand } from '../../pod-model/pod-commands'
import { PodMenu } from './pod-menu'

/** Whether a terminal is possible; `not-yet`: once the pod runs. */
export type TerminalOffer = 'now' | 'not-yet' | 'no'

interface PodButtonsProps {
  readonly podKey: PodKey
  readonly name: string
  readonly terminal: TerminalOffer
  readonly canStop: boolean
  readonly canStart: boolean
  /** Whether the card offers "Keep on" directly: the pod is idle or about to be stopped. */
  readonly isKeepOnOffered: boolean
  /** Whether the menu would have any entries. */
  readonly hasMenu: boolean
}

/**
 * The actions available for the pod. Takes each condition as its own prop so that `memo` works: the pod's
 * figures change with every poll, these conditions rarely do.
 */
export const PodButtons = memo(function PodButtons(props: PodButtonsProps) {
  const { podKey, name, terminal, canStop, canStart, isKeepOnOffered, hasMenu } = props
  const services = useWindow()
  const runOnce = useSingleFlight()
  if (terminal === 'no' && !canStop && !canStart && !isKeepOnOffered && !hasMenu) return null
  const run = (kind: Extract<PodAction, 'stop' | 'start'> | 'terminal') => () =>
    runOnce(() => runPodCommand(services, { key: podKey, name }, { kind }))
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
      {isKeepOnOffered && <KeepOnMenu pod={{ key: podKey, name }} />}
      {hasMenu && <PodMenu podKey={podKey} name={name} />}
    </footer>
  )
})
