import { Menu, MenuItem } from 'react-aria-components'
import { keepOnChoices } from '../../../core/pod-rules/pod-rules'
import type { PodView } from '../../../core/view/snapshot'
import { keepOnLabel } from '../../pod-model/text/keep-on-text'
import { useSingleFlight } from '../../state/hooks/use-single-flight'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { MenuButton } from '../../ui/controls/menu-button'
import { runPodCommand } from '../../pod-model/commands/pod-commands'
import { actionsText } from './actions-text'

interface KeepOnMenuProps {
  readonly pod: Pick<PodView, 'key' | 'name'>
  /** Without a border, in a row. */
  readonly isBare?: boolean
}

/** Offers how long to keep an idle pod running. */
export function KeepOnMenu({ pod, isBare = false }: KeepOnMenuProps) {
  return (
    <MenuButton
      text={actionsText.keepRunning}
      label={actionsText.keepRunningOf(pod.name)}
      isBare={isBare}
      placement="bottom start"
    >
      <KeepOnChoices pod={pod} />
    </MenuButton>
  )
}

/** A component of its own, so that it is created only when the menu opens. */
function KeepOnChoices({ pod }: Pick<KeepOnMenuProps, 'pod'>) {
  const services = useWindow()
  const runOnce = useSingleFlight()
  const nowMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  return (
    <Menu className="menu" aria-label={actionsText.keepRunningOf(pod.name)}>
      {keepOnChoices.map((choice) => (
        <MenuItem
          key={choice}
          className="menu-item"
          onAction={() => runOnce(() => runPodCommand(services, pod, { kind: 'keep-on', choice }))}
        >
          {keepOnLabel(choice, nowMs)}
        </MenuItem>
      ))}
    </Menu>
  )
}
