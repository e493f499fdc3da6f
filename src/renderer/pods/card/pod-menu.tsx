import { Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover } from 'react-aria-components'
import type { PodKey } from '../../../core/pods/pod'
import { useSingleFlight } from '../../state/hooks/use-single-flight'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { type PodCommand, podCommands, runPodCommand } from '../../pod-model/commands/pod-commands'
import { commandText } from '../../pod-model/commands/command-text'
import { cardText } from './card-text'

/** The less frequent commands of a pod. */
export function PodMenu({ podKey, name }: { readonly podKey: PodKey; readonly name: string }) {
  return (
    <MenuTrigger>
      <Button kind="bare" icon="more" label={cardText.more(name)} />
      <Popover className="menu-popover" placement="bottom end" offset={4}>
        <PodMenuItems podKey={podKey} />
      </Popover>
    </MenuTrigger>
  )
}

/** A component of its own, so that it is created only when the menu opens and updates while it is open. */
function PodMenuItems({ podKey }: { readonly podKey: PodKey }) {
  const services = useWindow()
  const runOnce = useSingleFlight()
  const pod = useSnapshotStore(({ podsByKey }) => podsByKey.get(podKey))
  const nowMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  const commands = pod === undefined ? [] : podCommands(pod)
  const item = (command: PodCommand) => {
    const { id, label } = commandText(command, nowMs)
    return (
      <MenuItem
        key={id}
        className={command.kind === 'terminate' ? 'menu-item bad' : 'menu-item'}
        onAction={() => pod !== undefined && runOnce(() => runPodCommand(services, pod, command))}
      >
        {label}
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
      {of('open', 'logs', 'ports', 'files', 'edit-with', 'rules', 'edit', 'lock', 'unlock').map(item)}
      {of('like', 'rebuild', 'show-activity').map(item)}
      {of('terminate').map(item)}
    </Menu>
  )
}
