import { expect, test, vi } from 'vitest'
import {
  createElectronChannel,
  type ElectronNotification,
  type ElectronNotifications,
} from '../../../src/main/notifications/electron-channel'
import type { NotificationContent, NotificationEvent } from '../../../src/main/notifications/notification'

/** Our own adapter, controlled by the test. */
function fakeNotifications(isSupported = true) {
  const opened: {
    notification: ElectronNotification
    on: Parameters<ElectronNotifications['open']>[1]
    close: ReturnType<typeof vi.fn>
  }[] = []
  const notifications: ElectronNotifications = {
    isSupported: () => isSupported,
    open(notification, on) {
      const close = vi.fn(() => on.close())
      opened.push({ notification, on, close })
      return close
    },
  }
  return { notifications, opened }
}

const content: NotificationContent = {
  title: 'a <b>',
  body: 'GPU 0% & <i>',
  isCritical: true,
  buttons: [
    { id: 'keep-on', label: 'Keep running' },
    { id: 'stop', label: 'Stop' },
  ],
}

function show(platform: NodeJS.Platform, isSupported = true) {
  const fake = fakeNotifications(isSupported)
  const heard: NotificationEvent[] = []
  const reports: string[] = []
  const channel = createElectronChannel({
    notifications: fake.notifications,
    platform,
    report: (what) => reports.push(what),
    answerTimeoutMs: 20,
  })
  return { ...fake, heard, reports, shown: channel.show(content, (event) => heard.push(event)) }
}

test.each(['darwin', 'win32'] as const)(
  'on %s the buttons are shown and identified by their index',
  async (platform) => {
    const { opened, heard, shown } = show(platform)
    const [only] = opened
    expect(only?.notification).toEqual({
      title: 'a <b>',
      body: 'GPU 0% & <i>',
      urgency: 'critical',
      actions: ['Keep running', 'Stop'],
    })
    only?.on.show()
    expect(await shown).not.toBeNull()
    only?.on.action(1)
    only?.on.action(2)
    only?.on.action(-1)
    only?.on.action(0)
    expect(heard).toEqual([
      { kind: 'pressed', button: 'stop' },
      { kind: 'pressed', button: 'keep-on' },
    ])
  },
)

test('on Linux, which would not show them, there are no buttons, and the body is escaped', async () => {
  const { opened, heard, shown } = show('linux')
  expect(opened[0]?.notification).toMatchObject({ body: 'GPU 0% &amp; &lt;i&gt;', actions: [] })
  opened[0]?.on.show()
  await shown
  opened[0]?.on.click()
  opened[0]?.on.close()
  expect(heard).toEqual([{ kind: 'clicked' }, { kind: 'closed' }])
})

test('a notification counts as shown only once the system says so, and a failure leaves it to the next channel', async () => {
  const { opened, reports, shown } = show('darwin')
  opened[0]?.on.failed('not signed')
  expect(await shown).toBeNull()
  expect(reports).toEqual(['A notification could not be shown: not signed'])
})

test('a system without a reply is given up, and a late notification is closed', async () => {
  const { opened, heard, shown } = show('linux')
  expect(await shown).toBeNull()
  opened[0]?.on.show()
  opened[0]?.on.click()
  expect(opened[0]?.close.mock.calls.length).toBeGreaterThan(0)
  expect(heard).toEqual([])
})

test('no notification is tried where they are not supported', async () => {
  const { opened, shown } = show('linux', false)
  expect(await shown).toBeNull()
  expect(opened).toEqual([])
})

test('a withdrawn notification is closed, which is reported', async () => {
  const { opened, heard, shown } = show('darwin')
  opened[0]?.on.show()
  const taken = await shown
  taken?.withdraw()
  expect(opened[0]?.close).toHaveBeenCalledOnce()
  expect(heard).toEqual([{ kind: 'closed' }])
})

test('a system that fails immediately causes no exception', async () => {
  const channel = createElectronChannel({
    notifications: {
      isSupported: () => true,
      open(_notification, on) {
        on.failed('at once')
        return () => {}
      },
    },
    platform: 'linux',
    report: () => {},
  })
  expect(await channel.show(content, () => {})).toBeNull()
})
