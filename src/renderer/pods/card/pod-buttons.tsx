import { memo } from 'react'
import type { PodAction, PodKey } from '../../../core/pods/pod'
import { useSingleFlight } from '../../state/hooks/use-single-flight'
import { useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { KeepOnMenu } from '../actions/keep-on-menu'
import { runPodCommand } from '../../pod-model/commands/pod-commands'
import { PodMenu } from './pod-menu'
import { cardText } from './card-text'

interface PodButtonsProps {
  readonly podKey: PodKey
  readonly name: string
  readonly hasTerminal: boolean
  readonly canStop: boolean
  readonly canStart: boolean
  /** It was reported as idle, so that stopping it is the next thing to do. */
  readonly isStopNext: boolean
  /** Nothing would certainly survive a stop, which the app's own window then asks about. */
  readonly wouldLoseData: boolean
  /** Whether the card offers "Keep running" directly: the pod is idle or about to be stopped. */
  readonly isKeepOnOffered: boolean
  /** Whether the menu would have any entries. */
  readonly hasMenu: boolean
}

/**
 * The actions available for the pod, at most one of them primary. Takes each condition as its own prop so that `memo`
 * works: the pod's figures change with every poll, these conditions rarely do.
 */
export const PodButtons = memo(function PodButtons(props: PodButtonsProps) {
  const { podKey, name, hasTerminal, canStop, canStart, isStopNext, isKeepOnOffered, hasMenu } = props
  const services = useWindow()
  const runOnce = useSingleFlight()
  const run = (kind: Extract<PodAction, 'stop' | 'start'> | 'terminal') => () =>
    runOnce(() => runPodCommand(services, { key: podKey, name }, { kind }))
  const stopButton = canStop && (
    <Button
      kind={isStopNext ? 'primary' : 'plain'}
      icon="stop"
      label={isStopNext ? cardText.stopIdlePod(name) : cardText.stopPod(name)}
      onPress={run('stop')}
    >
      {isStopNext ? cardText.stopIdle : cardText.stop}
      {props.wouldLoseData && '…'}
    </Button>
  )
  return (
    <footer className={isKeepOnOffered ? 'full' : undefined}>
      {isStopNext && stopButton}
      {isStopNext && isKeepOnOffered && <KeepOnMenu pod={{ key: podKey, name }} />}
      {hasTerminal && (
        <Button icon="terminal" label={cardText.terminalOn(name)} onPress={run('terminal')}>
          <span className="roomy">{cardText.terminal}</span>
        </Button>
      )}
      {!isStopNext && stopButton}
      {canStart && (
        <Button icon="start" label={cardText.startPod(name)} onPress={run('start')}>
          {cardText.start}
        </Button>
      )}
      {!isStopNext && isKeepOnOffered && <KeepOnMenu pod={{ key: podKey, name }} />}
      {hasMenu && <PodMenu podKey={podKey} name={name} />}
    </footer>
  )
})
