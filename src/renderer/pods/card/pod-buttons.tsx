import { memo, type ReactNode } from 'react'
import { Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover } from 'react-aria-components'
import type { PodAction, PodKey } from '../../../core/pods/pod'
import { commandText } from '../../pod-model/commands/command-text'
import { useSingleFlight } from '../../state/hooks/use-single-flight'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { commonText } from '../../ui/common-text'
import { Icon } from '../../ui/icon'
import { KeyHint } from '../../ui/labels/key-hint'
import { KeepOnMenu } from '../actions/keep-on-menu'
import { type PodCommand, podCommands, runPodCommand } from '../../pod-model/commands/pod-commands'
import { cardText } from './card-text'

interface PodButtonsProps {
  readonly podKey: PodKey
  readonly name: string
  readonly hasTerminal: boolean
  readonly canStop: boolean
  readonly canStart: boolean
  /** It was reported as idle, so that stopping it is the next thing to do. */
  readonly isStopNext: boolean
  /** Its data is out of date. */
  readonly isStale: boolean
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
      kind={isStopNext && !props.isStale ? 'primary' : 'plain'}
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
        <Button icon="terminal" shortcut="T" label={cardText.terminalOn(name)} onPress={run('terminal')}>
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

/** The less frequent commands of a pod. */
function PodMenu({ podKey, name }: { readonly podKey: PodKey; readonly name: string }) {
  return (
    <MenuTrigger>
      <Button kind="bare" icon="more" label={cardText.more(name)} />
      <Popover className="menu-popover" placement="bottom end" offset={4}>
        <PodMenuItems podKey={podKey} />
      </Popover>
    </MenuTrigger>
  )
}

interface MenuGroupProps {
  readonly label: string
  readonly items: readonly ReactNode[]
}

const MenuGroup = ({ label, items }: MenuGroupProps) =>
  items.length > 0 && (
    <MenuSection className="menu-section" aria-label={label}>
      {items}
    </MenuSection>
  )

/** A component of its own, so that it is created only when the menu opens and updates while it is open. */
function PodMenuItems({ podKey }: { readonly podKey: PodKey }) {
  const services = useWindow()
  const runOnce = useSingleFlight()
  const pod = useSnapshotStore(({ podsByKey }) => podsByKey.get(podKey))
  const nowMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  const commands = pod === undefined ? [] : podCommands(pod)
  const item = (command: PodCommand) => {
    const { id, label, icon } = commandText(command, nowMs)
    const key = command.kind === 'open' ? commonText.enterKey : null
    return (
      <MenuItem
        key={id}
        className={command.kind === 'terminate' ? 'menu-item last bad' : 'menu-item'}
        textValue={label}
        onAction={() => pod !== undefined && runOnce(() => runPodCommand(services, pod, command))}
      >
        <Icon name={icon} size={14} />
        <span className="menu-words">{label}</span>
        {key !== null && <KeyHint name={key} />}
      </MenuItem>
    )
  }
  const of = (...kinds: readonly PodCommand['kind'][]) => commands.filter(({ kind }) => kinds.includes(kind))
  const keepOn = of('keep-on', 'end-keep-on')
  return (
    <Menu className="menu" aria-label={cardText.more(pod?.name ?? '')}>
      {of('start-when-free', 'restart').map(item)}
      {keepOn.length > 0 && (
        <MenuSection className="menu-section">
          <Header className="menu-header">{cardText.keepRunning}</Header>
          {keepOn.map(item)}
        </MenuSection>
      )}
      <MenuGroup
        label={cardText.openGroup}
        items={of('open', 'logs', 'ports', 'files', 'edit-with', 'show-activity').map(item)}
      />
      <MenuGroup
        label={cardText.changeGroup}
        items={of('rules', 'edit', 'lock', 'unlock', 'like', 'rebuild').map(item)}
      />
      {of('terminate').map(item)}
    </Menu>
  )
}
