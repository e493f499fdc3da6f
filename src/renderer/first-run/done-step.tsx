import { useState } from 'react'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { missingNotificationText, trayLocationText } from './desktop-text'
import { useFocusedHeading } from './use-focused-heading'

type NotificationTest = 'none' | 'sending' | 'asked' | 'seen' | 'unseen' | 'failed'

/** Sends a test notification and says where the tray icon is. */
export function DoneStep({ onDone }: { readonly onDone: () => void }) {
  const { bridge, snapshotStore } = useWindow()
  const [test, setTest] = useState<NotificationTest>('none')
  const heading = useFocusedHeading()
  const send = async (): Promise<void> => {
    if (test === 'sending') return
    setTest('sending')
    const delivery = await snapshotStore.runRequest('No notification was sent', bridge.sendTestNotification())
    setTest(delivery === null ? 'none' : delivery === 'shown' ? 'asked' : 'failed')
  }
  return (
    <>
      <h2 ref={heading} tabIndex={-1}>
        Done
      </h2>
      <p>{trayLocationText()}</p>
      <p>An alert is worth nothing when nobody sees it. Try one:</p>
      <div className="actions">
        <Button onPress={() => void send()}>
          {test === 'none' || test === 'sending' ? 'Send a test notification' : 'Send another'}
        </Button>
        {test === 'asked' && (
          <>
            <Button onPress={() => setTest('seen')}>I saw it</Button>
            <Button onPress={() => setTest('unseen')}>I did not</Button>
          </>
        )}
      </div>
      <p
        className={`verdict ${test === 'seen' ? 'accepted' : test === 'failed' ? 'refused' : ''}`}
        role="status"
      >
        {notificationTestText(test)}
      </p>
      <div className="actions ends">
        <Button kind="primary" onPress={onDone}>
          Show my pods
        </Button>
      </div>
    </>
  )
}

function notificationTestText(test: NotificationTest): string {
  switch (test) {
    case 'none':
      return ''
    case 'sending':
      return 'Sending…'
    case 'asked':
      return 'The system took it. Did you see it?'
    case 'seen':
      return 'Good: that is how an idle pod is told of.'
    case 'unseen':
      return missingNotificationText()
    case 'failed':
      return `This system took none. ${missingNotificationText()}`
  }
}
