import { useState } from 'react'
import { settingRowId } from '../state/setting-row-id'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { missingNotificationText } from './desktop-text'

type Result = 'none' | 'sending' | 'sent' | 'seen' | 'unseen' | 'failed'

/** Sends a notification, since alerts are useless if nobody sees them. */
export function TestNotification() {
  const { bridge, snapshotStore } = useWindow()
  const [result, setResult] = useState<Result>('none')
  const send = async (): Promise<void> => {
    if (result === 'sending') return
    setResult('sending')
    const delivery = await snapshotStore.runRequest('No notification was sent', bridge.sendTestNotification())
    setResult(delivery === null ? 'none' : delivery === 'shown' ? 'sent' : 'failed')
  }
  return (
    <div
      className="setting-row"
      id={settingRowId('test-notification')}
      role="group"
      aria-label="Test notification"
    >
      <div className="setting">
        <span className="label-like">Test notification</span>
        <span slot="description" role="status">
          {resultText(result)}
        </span>
        <span className="controls">
          {result === 'sent' && (
            <>
              <Button onPress={() => setResult('seen')}>I saw it</Button>
              <Button onPress={() => setResult('unseen')}>I didn’t</Button>
            </>
          )}
          <Button onPress={() => void send()}>{result === 'none' ? 'Send' : 'Send again'}</Button>
        </span>
      </div>
    </div>
  )
}

function resultText(result: Result): string {
  switch (result) {
    case 'none':
      return 'See whether your system shows alerts'
    case 'sending':
      return 'Sending…'
    case 'sent':
      return 'Sent. Did you see it?'
    case 'seen':
      return 'Good. Alerts will look like this'
    case 'unseen':
      return missingNotificationText()
    case 'failed':
      return `Your system rejected the notification. ${missingNotificationText()}`
  }
}
