import type { AccountPart } from '../../core/view/snapshot'
import { toSentence } from '../messages/connection-text'
import { useSingleFlight } from '../state/hooks/use-single-flight'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { serverRowsText } from './server-rows-text'

interface ServerRowsProps {
  readonly part: AccountPart
  /** Shows a sentence below the accounts. */
  readonly onMessage: (text: string) => void
}

/** Which server keeps the account, and what connects and disconnects it. */
export function ServerRows({ part: { entry, obstacles }, onMessage }: ServerRowsProps) {
  const { bridge, snapshotStore } = useWindow()
  const runOnce = useSingleFlight()
  const { id, name } = entry
  const server = obstacles.find(({ code }) => code === 'server-keeps' || code === 'server-lost')
  const connect = () =>
    runOnce(async () => {
      onMessage('')
      const isDone = await snapshotStore.runRequest(serverRowsText.notConnected, bridge.connectServer(id))
      if (isDone === true) onMessage(serverRowsText.connected(name))
    })
  const disconnect = () =>
    runOnce(async () => {
      onMessage('')
      const isDone = await snapshotStore.runRequest(
        serverRowsText.notDisconnected,
        bridge.disconnectServer(id),
      )
      if (isDone === true) onMessage(serverRowsText.disconnected(name))
    })
  return (
    <>
      <p>
        {server === undefined ? (
          serverRowsText.none
        ) : (
          <>
            <span className={server.severity === 'critical' ? 'negative' : undefined}>
              {toSentence(server.why)}
            </span>{' '}
            {server.help}
          </>
        )}
      </p>
      <div className="actions">
        {server === undefined ? (
          <Button label={serverRowsText.connectOf(name)} onPress={connect}>
            {serverRowsText.connect}
          </Button>
        ) : (
          <Button label={serverRowsText.disconnectOf(name)} onPress={disconnect}>
            {serverRowsText.disconnect}
          </Button>
        )}
      </div>
    </>
  )
}
