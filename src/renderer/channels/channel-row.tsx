import { useState } from 'react'
import type { ChannelView } from '../../core/channels/outbox/channel-view'
import { useSingleFlight } from '../state/hooks/use-single-flight'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Choice } from '../ui/controls/choice'
import { channelsText, channelStateText, routeOptions } from './channels-text'

interface ChannelRowProps {
  readonly channel: ChannelView
  readonly onEdit: () => void
  /** Shows a sentence below the channels. */
  readonly onMessage: (text: string) => void
}

/** One channel: where it goes, what it is doing, and which alerts it gets. */
export function ChannelRow({ channel, onEdit, onMessage }: ChannelRowProps) {
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
          <Button label={channelsText.testOf(name)} isPending={isTesting} onPress={test}>
            {channelsText.test}
          </Button>
          <Button label={channelsText.editOf(name)} onPress={onEdit}>
            {channelsText.edit}
          </Button>
        </span>
      </div>
      {status.failure !== null && channel.isOn && (
        <p className="channels-message negative" role="status">
          {status.failure}
        </p>
      )}
    </div>
  )
}
