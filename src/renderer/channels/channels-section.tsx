import './channels.css'
import { useState } from 'react'
import { Menu, MenuItem } from 'react-aria-components'
import { type ChannelKind, channelKinds } from '../../core/channels/channel'
import { channelKindNames } from '../../core/channels/outbox/channel-text'
import { settingRowId } from '../state/setting-row-id'
import { useSingleFlight } from '../state/hooks/use-single-flight'
import { useWindow } from '../state/window-context'
import { MenuButton } from '../ui/controls/menu-button'
import { ChannelDialog } from './channel-dialog'
import { ChannelRow } from './channel-row'
import { channelsText } from './channels-text'
import { useChannels } from './use-channels'

/** The channels, what they are doing, and a button that adds one. */
export function ChannelsSection() {
  const { bridge, snapshotStore } = useWindow()
  const view = useChannels()
  const runOnce = useSingleFlight()
  const [statusMessage, setStatusMessage] = useState('')
  const [editedId, setEditedId] = useState<string | null>(null)
  const channels = view?.channels ?? []
  const add = (kind: ChannelKind) =>
    runOnce(() => snapshotStore.runRequest(channelsText.couldNotAdd, bridge.addChannel(kind)))
  return (
    <div id={settingRowId('channels')} className="channels" tabIndex={-1}>
      {channels.map((channel) => (
        <ChannelRow
          key={channel.id}
          channel={channel}
          onEdit={() => setEditedId(channel.id)}
          onMessage={setStatusMessage}
        />
      ))}
      <div className="setting-row">
        <div className="setting">
          <span className="label-like">{channelsText.title}</span>
          <span slot="description">
            {channels.length === 0 ? channelsText.none : channelsText.acceptedCounts}
          </span>
          <span className="controls">
            <MenuButton text={channelsText.add} placement="bottom end">
              <Menu
                className="menu"
                aria-label={channelsText.addTo}
                onAction={(key) => {
                  const kind = channelKinds.find((each) => each === key)
                  if (kind !== undefined) add(kind)
                }}
              >
                {channelKinds.map((kind) => (
                  <MenuItem key={kind} id={kind} className="menu-item">
                    {channelKindNames[kind]}
                  </MenuItem>
                ))}
              </Menu>
            </MenuButton>
          </span>
        </div>
        <p className="channels-message" role="status">
          {statusMessage}
        </p>
        {view?.problem != null && (
          <p className="channels-message negative" role="alert">
            {view.problem}
          </p>
        )}
      </div>
      {editedId !== null && (
        <ChannelDialog
          channel={channels.find(({ id }) => id === editedId) ?? null}
          onClose={() => setEditedId(null)}
        />
      )}
    </div>
  )
}
