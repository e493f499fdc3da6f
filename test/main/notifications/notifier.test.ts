import { expect, test } from 'vitest'
import type { Alert, AlertKey } from '../../../src/core/alerts/alert'
import type {
  NotificationChannel,
  NotificationContent,
  NotificationEvent,
} from '../../../src/main/notifications/notification'
import { createNotifier, MAX_VISIBLE } from '../../../src/main/notifications/notifier'

interface Shown {
  readonly content: NotificationContent
  readonly hear: (event: NotificationEvent) => void
  withdrawals: number
}

/** A channel that accepts everything or nothing. */
function channelThat(takes: boolean) {
  const shown: Shown[] = []
  const channel: NotificationChannel = {
    async show(content, hear) {
      const one = { content, hear, withdrawals: 0 }
      shown.push(one)
      return takes ? { withdraw: () => (one.withdrawals += 1) } : null
    },
  }
  return { channel, shown }
}

function rig(...channels: NotificationChannel[]) {
  const clicks: AlertKey[] = []
  const presses: [string | null, string][] = []
  const notifier = createNotifier({
    channels,
    onClick: (key) => clicks.push(key),
    onPress: ({ podId }, button) => presses.push([podId, button]),
  })
  return { notifier, clicks, presses }
}

const alert = (podId: string | null, over: Partial<Alert> = {}): Alert => ({
  key: { kind: 'idle', accountId: 'account', podId, episode: '1' },
  title: `${podId} is idle`,
  body: 'GPU 0%',
  isCritical: false,
  buttons: ['keep-on', 'stop'],
  ...over,
})

test('the first channel that accepts a notification shows it, and it fails if none does', async () => {
  const [deaf, good, spare] = [channelThat(false), channelThat(true), channelThat(true)]
  expect(await rig(deaf.channel, good.channel, spare.channel).notifier.show(alert('a'))).toBe('shown')
  expect([deaf, good, spare].map(({ shown }) => shown.length)).toEqual([1, 1, 0])
  expect(await rig(deaf.channel).notifier.show(alert('a'))).toBe('failed')
  expect(await rig().notifier.show(alert('a'))).toBe('failed')
})

test('a notification has one line of each text, without invisible characters', async () => {
  const { channel, shown } = channelThat(true)
  await rig(channel).notifier.show(
    alert('a', { title: ' a\n\u202eb\u0007\u200b ', body: 'x\ty\u2066z', buttons: ['stop', 'stop-all'] }),
  )
  expect(shown[0]?.content).toEqual({
    title: 'a b',
    body: 'x yz',
    isCritical: false,
    buttons: [
      { id: 'stop', label: 'Stop' },
      { id: 'stop-all', label: 'Stop all' },
    ],
  })
})

test('a press or a click is reported once and removes the notification', async () => {
  const { channel, shown } = channelThat(true)
  const { notifier, clicks, presses } = rig(channel)
  await notifier.show(alert('a'))
  await notifier.show(alert('b'))
  shown[0]?.hear({ kind: 'pressed', button: 'stop' })
  shown[0]?.hear({ kind: 'pressed', button: 'stop' })
  shown[0]?.hear({ kind: 'clicked' })
  shown[1]?.hear({ kind: 'clicked' })
  expect(presses).toEqual([['a', 'stop']])
  expect(clicks.map(({ podId }) => podId)).toEqual(['b'])
  expect(shown.map(({ withdrawals }) => withdrawals)).toEqual([1, 1])
})

test('an outdated notification is removed once, and a press before that is still reported and checked', async () => {
  const { channel, shown } = channelThat(true)
  const { notifier, presses } = rig(channel)
  await notifier.show(alert('a'))
  await notifier.show(alert('b'))
  notifier.withdraw(({ podId }) => podId === 'a')
  notifier.withdraw(({ podId }) => podId === 'a')
  expect(shown.map(({ withdrawals }) => withdrawals)).toEqual([1, 0])
  shown[0]?.hear({ kind: 'pressed', button: 'stop' })
  shown[1]?.hear({ kind: 'closed' })
  shown[1]?.hear({ kind: 'pressed', button: 'stop' })
  expect(presses).toEqual([['a', 'stop']])
})

test('the removal of the earlier notification does not remove its replacement', async () => {
  const { channel, shown } = channelThat(true)
  const { notifier, presses } = rig(channel)
  await notifier.show(alert('a'))
  await notifier.show(alert('a'))
  shown[0]?.hear({ kind: 'closed' })
  shown[1]?.hear({ kind: 'pressed', button: 'stop' })
  expect(presses).toEqual([['a', 'stop']])
})

test('a repeated alert replaces its earlier notification', async () => {
  const { channel, shown } = channelThat(true)
  const { notifier, presses } = rig(channel)
  await notifier.show(alert('a'))
  await notifier.show(alert('a'))
  expect(shown.map(({ withdrawals }) => withdrawals)).toEqual([1, 0])
  shown[1]?.hear({ kind: 'pressed', button: 'keep-on' })
  expect(presses).toEqual([['a', 'keep-on']])
})

test('there is never more than a screenful, because the oldest is removed', async () => {
  const { channel, shown } = channelThat(true)
  const { notifier } = rig(channel)
  for (let n = 0; n < MAX_VISIBLE + 3; n += 1) await notifier.show(alert(`pod ${n}`))
  expect(shown.filter(({ withdrawals }) => withdrawals > 0).map(({ content }) => content.title)).toEqual([
    'pod 0 is idle',
    'pod 1 is idle',
    'pod 2 is idle',
  ])
})
