import { Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover } from 'react-aria-components'
import type { PodId } from '../../../core/pods/pod'
import { useAsk } from '../../state/use-request'
import { useMirror, useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { commandWords, type PodCommand, podCommands, runPodCommand } from '../../pod-model/pod-commands'

/** What is done with a pod now and then. */
export function PodMenu({ podId, name }: { readonly podId: PodId; readonly name: string }) {
  return (
    <MenuTrigger>
      <Button kind="bare" icon="more" label={`More for ${name}`} />
      <Popover className="menu-popover" placement="bottom end" offset={4}>
        <PodMenuItems podId={podId} />
      </Popover>
    </MenuTrigger>
  )
}

/** Apart from the button, so that it is made when the menu opens, and follows the pod while it is open. */
function PodMenuItems({ podId }: { readonly podId: PodId }) {
  const parts = useWindow()
  const ask = useAsk()
  const pod = useMirror(({ podsById }) => podsById.get(podId))
  const nowMs = useMirror(({ snapshot }) => snapshot?.atMs ?? 0)
  const commands = pod === undefined ? [] : podCommands(pod)
  const item = (command: PodCommand) => {
    const { id, label } = commandWords(command, nowMs)
    return (
      <MenuItem
        key={id}
        className={command.kind === 'terminate' ? 'menu-item bad' : 'menu-item'}
        onAction={() => pod !== undefined && ask(() => runPodCommand(parts, pod, command))}
      >
        {label}
      </MenuItem>
    )
  }
  const of = (...kinds: readonly PodCommand['kind'][]) => commands.filter(({ kind }) => kinds.includes(kind))
  const keepOn = of('keep-on', 'end-keep-on')
  return (
    <Menu className="menu" aria-label={`More for ${pod?.name ?? ''}`}>
      {of('start-when-free', 'restart').map(item)}
      {keepOn.length > 0 && (
        <MenuSection className="menu-section">
          <Header className="menu-header">Keep on</Header>
          {keepOn.map(item)}
        </MenuSection>
      )}
      {of('rules', 'show-activity').map(item)}
      {of('terminate').map(item)}
    </Menu>
  )
}
