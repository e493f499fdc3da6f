import { useState } from 'react'
import { settingRowId } from '../state/setting-row-id'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { type NotificationTest, notificationTestText, testNotificationText } from './settings-text'

/** Sends a notification, since alerts are useless if nobody sees them. */
export function TestNotification() {
  const { bridge, snapshotStore } = useWindow()
  const [result, setResult] = useState<NotificationTest>('none')
  const send = async (): Promise<void> => {
    if (result === 'sending') return
    setResult('sending')
    const delivery = await snapshotStore.runRequest(
      testNotificationText.notSent,
      bridge.sendTestNotification(),
    )
    setResult(delivery === null ? 'none' : delivery === 'shown' ? 'sent' : 'failed')
  }
  return (
    <div
      className="setting-row"
      id={settingRowId('test-notification')}
      role="group"
      aria-label={testNotificationText.title}
    >
      <div className="setting">
        <span className="label-like">{testNotificationText.title}</span>
        <span slot="description" role="status">
          {notificationTestText(result)}
        </span>
        <span className="controls">
          {result === 'sent' && (
            <>
              <Button onPress={() => setResult('seen')}>{testNotificationText.seen}</Button>
              <Button onPress={() => setResult('unseen')}>{testNotificationText.unseen}</Button>
            </>
          )}
          <Button onPress={() => void send()}>
            {result === 'none' ? testNotificationText.send : testNotificationText.sendAgain}
          </Button>
        </span>
      </div>
    </div>
  )
}
