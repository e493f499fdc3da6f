import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { type AccountId, podKeyOf } from '../../core/pods/pod'
import type { VolumesView, VolumeView } from '../../core/view/volumes-view'
import { useSingleFlight } from '../state/hooks/use-single-flight'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { afterMenu } from '../ui/after-menu'
import { Button } from '../ui/button'
import { perMonthText, sizeText, totalPerMonthText, unusedText, volumeTableText } from './volumes-text'

interface VolumeTableProps {
  readonly accountId: AccountId
  readonly view: VolumesView
  readonly onGrow: (volume: VolumeView) => void
  readonly onRename: (volume: VolumeView) => void
}

/** The volumes of an account, the most expensive first. */
export function VolumeTable({ accountId, view, onGrow, onRename }: VolumeTableProps) {
  const volumes = [...view.volumes].sort(
    (a, b) => (b.perMonthUsd ?? Infinity) - (a.perMonthUsd ?? Infinity) || a.name.localeCompare(b.name),
  )
  return (
    <div className="table-room" role="region" aria-label={volumeTableText.label} tabIndex={0}>
      <table className="data-table">
        <thead>
          <tr>
            <th scope="col">{volumeTableText.volume}</th>
            <th scope="col" className="number size">
              {volumeTableText.size}
            </th>
            <th scope="col" className="place">
              {volumeTableText.dataCenter}
            </th>
            <th scope="col">{volumeTableText.usedBy}</th>
            <th scope="col" className="number">
              {volumeTableText.perMonth}
            </th>
            <td />
          </tr>
        </thead>
        <tbody>
          {volumes.map((volume) => (
            <tr key={volume.id}>
              <th scope="row">
                <bdi className="volume-name" title={`${volume.name} (${volume.id})`}>
                  {volume.name || volume.id}
                </bdi>
                {volume.isHighPerformance && <span className="cap"> {volumeTableText.highPerformance}</span>}
                {/* Where there is no room for their columns. */}
                <span className="cap small-facts">
                  {sizeText(volume)} · {volume.dataCenterId ?? volumeTableText.unknown}
                </span>
              </th>
              <td className="number size">{sizeText(volume)}</td>
              <td className="place dim">{volume.dataCenterId ?? volumeTableText.unknown}</td>
              <td>
                <VolumeUsers accountId={accountId} volume={volume} arePodsKnown={view.arePodsKnown} />
              </td>
              <td className="number total">{perMonthText(volume)}</td>
              <td className="volume-menu">
                <VolumeMenu accountId={accountId} volume={volume} onGrow={onGrow} onRename={onRename} />
              </td>
            </tr>
          ))}
        </tbody>
        {volumes.length > 1 && (
          <tfoot>
            <tr className="sum">
              <th scope="row">{volumeTableText.total}</th>
              <td className="size" />
              <td className="place" />
              <td />
              <td className="number">{totalPerMonthText(volumes)}</td>
              <td />
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  )
}

interface VolumeUsersProps {
  readonly accountId: AccountId
  readonly volume: VolumeView
  readonly arePodsKnown: boolean
}

/** Links to the pods that have it, or since when none has. */
function VolumeUsers({ accountId, volume, arePodsKnown }: VolumeUsersProps) {
  const { snapshotStore } = useWindow()
  const podsByKey = useSnapshotStore((state) => state.podsByKey)
  const nowMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  if (volume.podIds.length === 0)
    return <span className="dim">{unusedText(volume, arePodsKnown, nowMs)}</span>
  return (
    <span className="volume-pods">
      {volume.podIds.map((podId) => {
        const key = podKeyOf(accountId, podId)
        return (
          <AriaButton key={podId} className="text-button" onPress={() => snapshotStore.showPod(key)}>
            <bdi>{podsByKey.get(key)?.name ?? podId}</bdi>
          </AriaButton>
        )
      })}
    </span>
  )
}

interface VolumeMenuProps extends Pick<VolumeTableProps, 'accountId' | 'onGrow' | 'onRename'> {
  readonly volume: VolumeView
}

function VolumeMenu({ accountId, volume, onGrow, onRename }: VolumeMenuProps) {
  const { bridge, snapshotStore } = useWindow()
  const runOnce = useSingleFlight()
  const { id, name, sizeGb, dataCenterId } = volume
  const remove = async (): Promise<void> => {
    const change = { kind: 'delete', volume: { id, name, sizeGb, dataCenterId } } as const
    const result = await snapshotStore.runRequest(
      volumeTableText.notDeleted(name),
      bridge.changeVolume(accountId, change),
    )
    if (result !== null) snapshotStore.showToast(result.kind === 'done' ? 'ok' : 'bad', result.message)
  }
  return (
    <MenuTrigger>
      <Button kind="bare" icon="more" label={volumeTableText.moreFor(name)} />
      <Popover className="menu-popover" placement="bottom end" offset={4}>
        <Menu className="menu" aria-label={volumeTableText.moreFor(name)}>
          <MenuItem className="menu-item" onAction={() => afterMenu(() => onGrow(volume))}>
            {volumeTableText.grow}
          </MenuItem>
          <MenuItem className="menu-item" onAction={() => afterMenu(() => onRename(volume))}>
            {volumeTableText.rename}
          </MenuItem>
          <MenuItem className="menu-item bad" onAction={() => runOnce(remove)}>
            {volumeTableText.delete}
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
