import { Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover } from 'react-aria-components'
import type { PodId } from '../../core/pod'
import { keepOnLabel } from '../guard/keep-on-words'
import { useAsk } from '../state/use-ask'
import { useMirror, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { podCommands, runPodCommand, type PodCommand } from './pod-commands'

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
  const commands = pod === undefined ? [] : podCommands(pod)
  const item = (command: PodCommand) => {
    const { label, tone } = wordsOf(command)
    return (
      <MenuItem
        key={label}
        className={`menu-item ${tone}`}
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
      {of('restart').map(item)}
      {keepOn.length > 0 && (
        <MenuSection className="menu-section">
          <Header className="menu-header">Keep on</Header>
          {keepOn.map(item)}
        </MenuSection>
      )}
      {of('terminate').map(item)}
    </Menu>
  )
}

/** What an item is called below its heading, and whether it destroys. */
function wordsOf(command: PodCommand): { readonly label: string; readonly tone: string } {
  switch (command.kind) {
    case 'stop':
      return { label: 'Stop', tone: '' }
    case 'start':
      return { label: 'Start', tone: '' }
    case 'restart':
      return { label: 'Restart', tone: '' }
    case 'terminate':
      return { label: 'Terminate…', tone: 'bad' }
    case 'keep-on':
      return { label: keepOnLabel(command.choice), tone: '' }
    case 'end-keep-on':
      return { label: 'No longer keep on', tone: '' }
  }
}
