import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { keepOnChoices } from '../../../core/pod-rules/pod-rules'
import type { PodView } from '../../../core/view/snapshot'
import { keepOnLabel } from '../../pod-model/keep-on-text'
import { useAsk } from '../../state/use-request'
import { useMirror, useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { runPodCommand } from '../../pod-model/pod-commands'

interface KeepOnMenuProps {
  readonly pod: Pick<PodView, 'id' | 'name'>
}

/** For how long an idle pod is wanted nevertheless. */
export function KeepOnMenu({ pod }: KeepOnMenuProps) {
  return (
    <MenuTrigger>
      <Button icon="moon" label={`Keep on ${pod.name}`}>
        Keep on
      </Button>
      <Popover className="menu-popover" placement="bottom start" offset={4}>
        <KeepOnChoices pod={pod} />
      </Popover>
    </MenuTrigger>
  )
}

/** Apart from the button, so that it is made when the menu opens. */
function KeepOnChoices({ pod }: KeepOnMenuProps) {
  const parts = useWindow()
  const ask = useAsk()
  const nowMs = useMirror(({ snapshot }) => snapshot?.atMs ?? 0)
  return (
    <Menu className="menu" aria-label={`Keep on ${pod.name}`}>
      {keepOnChoices.map((choice) => (
        <MenuItem
          key={choice}
          className="menu-item"
          onAction={() => ask(() => runPodCommand(parts, pod, { kind: 'keep-on', choice }))}
        >
          {keepOnLabel(choice, nowMs)}
        </MenuItem>
      ))}
    </Menu>
  )
}
