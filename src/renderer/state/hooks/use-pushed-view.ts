import { useEffect, useState } from 'react'
import type { Result } from '../../../core/base/result'
import type { Bridge, Events, RequestError } from '../../../shared/ipc'
import { useWindow } from '../window-context'

/**
 * A view that the main process sends whenever it changes; null until it arrives. `read` asks for it at first, and
 * stays the same function; `couldNotRead` is the title of its failure.
 */
export function usePushedView<K extends 'settings' | 'channels'>(
  name: K,
  read: (bridge: Bridge) => Promise<Result<Events[K], RequestError>>,
  couldNotRead: string,
): Events[K] | null {
  const { bridge, snapshotStore } = useWindow()
  const [view, setView] = useState<Events[K] | null>(null)
  useEffect(() => {
    let isMounted = true
    const unsubscribe = bridge.on(name, (next) => setView(next))
    void snapshotStore.runRequest(couldNotRead, read(bridge)).then((initial) => {
      if (isMounted && initial !== null) setView((known) => known ?? initial)
    })
    return () => {
      isMounted = false
      unsubscribe()
    }
  }, [bridge, snapshotStore, name, read, couldNotRead])
  return view
}
