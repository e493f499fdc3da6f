import './channels.css'
import { useState } from 'react'
import { Menu, MenuItem } from 'react-aria-components'
import { type ChannelKind, channelKinds, isUnpaired } from '../../core/channels/channel'
import { channelKindNames } from '../../core/channels/outbox/channel-text'
import type { ChannelsView, ChannelView } from '../../core/channels/outbox/outbox-ports'
import type { Bridge } from '../../shared/ipc'
import { usePushedView } from '../state/hooks/use-pushed-view'
import { settingRowId } from '../state/setting-row-id'
import { useSingleFlight } from '../state/hooks/use-single-flight'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Choice } from '../ui/controls/choice'
import { MenuButton } from '../ui/controls/menu-button'
import { ChannelDialog } from './channel-dialog'
import { channelStateText, channelsText, routeOptions } from './channels-text'

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

const read = (bridge: Bridge) => bridge.channels()

/** The channels from the main process; null until they arrive. */
const useChannels = (): ChannelsView | null => usePushedView('channels', read, channelsText.couldNotRead)

interface ChannelRowProps {
  readonly channel: ChannelView
  readonly onEdit: () => void
  /** Shows a sentence below the channels. */
  readonly onMessage: (text: string) => void
}

/** One channel: where it goes, what it is doing, and which alerts it gets. */
function ChannelRow({ channel, onEdit, onMessage }: ChannelRowProps) {
  const { bridge, snapshotStore } = useWindow()
  const runOnce = useSingleFlight()
  const [isTesting, setTesting] = useState(false)
  const { id, name, route, status } = channel
  const test = () =>
    runOnce(async () => {
      setTesting(true)
      onMessage(channelsText.testing(name))
      const tested = await snapshotStore.runRequest(channelsText.couldNotTest, bridge.testChannel(id))
      setTesting(false)
      onMessage(tested === null ? '' : channelsText.tested(name, tested.isAccepted, tested.answer))
    })
  return (
    <div className="setting-row channel" role="group" aria-label={channelsText.channel(name)}>
      <div className="setting">
        <span className="label-like">
          <bdi>{name}</bdi>
        </span>
        <span slot="description">{channelStateText(channel)}</span>
        <span className="controls">
          <Choice
            label={channelsText.alertsOf(name)}
            prefix={channelsText.send}
            options={routeOptions}
            chosen={route}
            onChoose={(chosen) =>
              runOnce(() =>
                snapshotStore.runRequest(
                  channelsText.couldNotChange,
                  bridge.changeChannel(id, { route: chosen }),
                ),
              )
            }
          />
          {isUnpaired(channel) ? (
            <Button
              label={channelsText.pairOf(name)}
              onPress={() =>
                runOnce(() => snapshotStore.runRequest(channelsText.couldNotPair, bridge.pairChannel(id)))
              }
            >
              {channelsText.pair}
            </Button>
          ) : (
            <Button label={channelsText.testOf(name)} isPending={isTesting} onPress={test}>
              {channelsText.test}
            </Button>
          )}
          <Button label={channelsText.editOf(name)} onPress={onEdit}>
            {channelsText.edit}
          </Button>
        </span>
      </div>
      {channel.isOn &&
        [status.failure, channel.phoneStatus?.failure ?? null].map(
          (failure, index) =>
            failure !== null && (
              <p key={index} className="channels-message negative" role="status">
                {failure}
              </p>
            ),
        )}
    </div>
  )
}
