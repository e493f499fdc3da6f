import { expect, test } from 'vitest'
import type { AlertKey } from '../../../src/core/alerts/alert'
import {
  connectNotifier,
  type ConnectNotifierOptions,
} from '../../../src/main/notifications/connect-notifier'

function clicked(key: Partial<AlertKey>): readonly unknown[] {
  const shown: unknown[] = []
  let click: (clickedKey: AlertKey) => void = () => {}
  connectNotifier({
    notifier: { onClick: (listener: typeof click) => (click = listener), onPress: () => {} },
    windows: {
      showPopover: () => shown.push('popover'),
      showMain: (page: string, about: string | null) => shown.push([page, about]),
    },
    showTerminalOf: () => false,
  } as unknown as ConnectNotifierOptions)
  click({ kind: 'idle', accountId: 'a', podId: null, episode: '1', ...key })
  return shown
}

test('a click on the reminders of what is left over opens Clean up, one on a pod’s alert the pod, others the pods', () => {
  expect(clicked({ kind: 'clean-up' })).toEqual([['clean-up', null]])
  expect(clicked({ kind: 'idle-reminder', episode: 'unused/3' })).toEqual([['clean-up', null]])
  expect(clicked({ kind: 'idle-reminder', podId: 'p', episode: '2/1' })).toEqual([['pod', 'a/p']])
  expect(clicked({ kind: 'budget' })).toEqual(['popover'])
})
