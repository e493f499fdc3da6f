import { useState } from 'react'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { trayPlace, unseenAdvice } from './desktop-text'
import { useFocusedHeading } from './use-focused-heading'

type Test = 'none' | 'sending' | 'asked' | 'seen' | 'unseen' | 'failed'

/** Whether a notification arrives, and where the icon is. */
export function DoneStep({ onDone }: { readonly onDone: () => void }) {
  const { bridge, mirror } = useWindow()
  const [test, setTest] = useState<Test>('none')
  const heading = useFocusedHeading()
  const send = async (): Promise<void> => {
    if (test === 'sending') return
    setTest('sending')
    const delivery = await mirror.report('No notification was sent', bridge.sendTestNotification())
    setTest(delivery === null ? 'none' : delivery === 'shown' ? 'asked' : 'failed')
  }
  return (
    <>
      <h2 ref={heading} tabIndex={-1}>
        Done
      </h2>
      <p>{trayPlace()}</p>
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
        {testWords(test)}
      </p>
      <div className="actions ends">
        <Button kind="primary" onPress={onDone}>
          Show my pods
        </Button>
      </div>
    </>
  )
}

function testWords(test: Test): string {
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
      return unseenAdvice()
    case 'failed':
      return `This system took none. ${unseenAdvice()}`
  }
}
