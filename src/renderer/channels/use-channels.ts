import { useEffect, useState } from 'react'
import type { ChannelsView } from '../../core/channels/outbox/channel-view'
import { useWindow } from '../state/window-context'
import { channelsText } from './channels-text'

/** The channels from the main process; null until they arrive. */
export function useChannels(): ChannelsView | null {
  const { bridge, snapshotStore } = useWindow()
  const [view, setView] = useState<ChannelsView | null>(null)
  useEffect(() => {
    let isMounted = true
    const unsubscribe = bridge.on('channels', setView)
    void snapshotStore.runRequest(channelsText.couldNotRead, bridge.channels()).then((initial) => {
      if (isMounted && initial !== null) setView((known) => known ?? initial)
    })
    return () => {
      isMounted = false
      unsubscribe()
    }
  }, [bridge, snapshotStore])
  return view
}
