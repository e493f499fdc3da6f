import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type BusChannel, createBusChannel } from '../../src/main/notifications/bus-channel'
import type { NotificationContent, NotificationEvent } from '../../src/main/notifications/notification'
import { BUS, call, connect } from '../harness/app/desktop/bus'
import { FakeNotificationServer, forgePress, startBus } from '../harness/app/desktop/fake-notification-server'

/* The notification channel over a real bus, with servers that behave in rare ways. */

const FULL = ['actions', 'body', 'body-markup']
const content: NotificationContent = {
  title: 'a <b> & c is idle',
  body: 'GPU 0% & <i>idle</i>',
  isCritical: false,
  buttons: [
    { id: 'keep-on', label: 'Keep running' },
    { id: 'stop', label: 'Stop' },
  ],
}

let bus: Awaited<ReturnType<typeof startBus>>
let channel: BusChannel
const received: NotificationEvent[] = []
const hear = (event: NotificationEvent): number => received.push(event)
const channelWith = (answerTimeoutMs: number): BusChannel =>
  createBusChannel({ busAddress: bus.address, report: () => {}, answerTimeoutMs })
beforeEach(async () => {
  received.length = 0
  bus = await startBus()
  channel = channelWith(20_000)
})
afterEach(() => {
  channel.disconnect()
  bus.stop()
})
const soon = (check: () => unknown) => vi.waitFor(check, { timeout: 60_000, interval: 10 })

test('the button that stops all is reported like the others', async () => {
  const server = await FakeNotificationServer.start(bus.address, FULL)
  await channel.show({ ...content, buttons: [{ id: 'stop-all', label: 'Stop all' }] }, hear)
  expect(server.received[0]?.actions).toEqual(['default', 'Open', 'stop-all', 'Stop all'])
  server.press(1, 'stop-all')
  await soon(() => expect(received).toEqual([{ kind: 'pressed', button: 'stop-all' }]))
})

test('a server with actions gets both buttons, and text with escaped markup', async () => {
  const server = await FakeNotificationServer.start(bus.address, FULL)
  const shown = await channel.show({ ...content, isCritical: true }, hear)
  expect(shown).not.toBeNull()
  expect(server.received).toEqual([
    {
      id: 1,
      title: 'a <b> & c is idle',
      body: 'GPU 0% &amp; &lt;i&gt;idle&lt;/i&gt;',
      actions: ['default', 'Open', 'keep-on', 'Keep running', 'stop', 'Stop'],
      urgency: 2,
    },
  ])
  server.press(1, 'stop')
  await soon(() => expect(received).toEqual([{ kind: 'pressed', button: 'stop' }]))
  server.press(1, 'default')
  await soon(() => expect(received.at(-1)).toEqual({ kind: 'clicked' }))
  server.press(1, 'terminate')
  server.close(1)
  await soon(() => expect(received.at(-1)).toEqual({ kind: 'closed' }))
  expect(received).toHaveLength(3)
  server.press(1, 'stop')
  const second = await channel.show(content, hear)
  second?.withdraw()
  await soon(() => expect(server.closed).toEqual([2]))
  expect(received).toHaveLength(3)
})

test('a server without markup gets plain text, and one without bodies gets a single line', async () => {
  const plain = await FakeNotificationServer.start(bus.address, ['actions', 'body'])
  await channel.show(content, hear)
  expect(plain.received[0]?.body).toBe(content.body)
  plain.stop()
  const terse = await FakeNotificationServer.start(bus.address, ['actions'])
  await soon(async () => expect(await channel.show(content, hear)).not.toBeNull())
  expect(terse.received[0]).toMatchObject({
    title: 'a <b> & c is idle: GPU 0% & <i>idle</i>',
    body: '',
  })
})

test('a server without actions, or no server at all, leads to the next channel', async () => {
  expect(await channel.show(content, hear)).toBeNull()
  const server = await FakeNotificationServer.start(bus.address, ['body', 'body-markup'])
  expect(await channel.show(content, hear)).toBeNull()
  expect(server.received).toEqual([])
})

test('a missing bus leads to the next channel each time', async () => {
  const lost = createBusChannel({
    busAddress: 'unix:path=/nonexistent/bus',
    report: () => {},
    answerTimeoutMs: 300,
  })
  expect(await lost.show(content, hear)).toBeNull()
  expect(await lost.show(content, hear)).toBeNull()
  const disabled = createBusChannel({ busAddress: 'disabled:', report: () => {}, answerTimeoutMs: 300 })
  expect(await disabled.show(content, hear)).toBeNull()
})

test('a server that hangs causes a timeout, and a late notification is withdrawn', async () => {
  channel.disconnect()
  channel = channelWith(3_000)
  const server = await FakeNotificationServer.start(bus.address, FULL)
  await channel.show(content, hear)
  server.isHanging = true
  expect(await channel.show(content, hear)).toBeNull()
  server.isHanging = false
  server.resume()
  await soon(() => expect(server.closed).toEqual([2]))
  server.press(2, 'stop')
  expect(await channel.show(content, hear)).not.toBeNull()
  expect(received).toEqual([])
})

test('an answer that came while this computer stood still is in time', async () => {
  channel.disconnect()
  channel = channelWith(600)
  const server = await FakeNotificationServer.start(bus.address, FULL)
  server.onNotify = () => {
    const untilMs = performance.now() + 1_500
    while (performance.now() < untilMs);
  }
  expect(await channel.show(content, hear)).not.toBeNull()
})

test('notifications of a server that exits are gone, and another server is not mistaken for it', async () => {
  const first = await FakeNotificationServer.start(bus.address, FULL)
  await channel.show(content, hear)
  first.stop()
  await soon(() => expect(received).toEqual([{ kind: 'closed' }]))
  const second = await FakeNotificationServer.start(bus.address, FULL)
  second.press(1, 'stop')
  await soon(async () => expect(await channel.show(content, hear)).not.toBeNull())
  expect(received).toEqual([{ kind: 'closed' }])
  second.press(second.received.length, 'keep-on')
  await soon(() => expect(received.at(-1)).toEqual({ kind: 'pressed', button: 'keep-on' }))
})

test('other bus clients cannot press a button', async () => {
  const server = await FakeNotificationServer.start(bus.address, FULL)
  await channel.show(content, hear)
  const stranger = connect(bus.address)
  await call(stranger, { ...BUS, interface: BUS.name }, 'GetId')
  forgePress(stranger, 1, 'stop')
  // Answered once the bus has passed on what was sent before.
  await call(stranger, { ...BUS, interface: BUS.name }, 'GetId')
  server.press(1, 'default')
  await soon(() => expect(received).toHaveLength(1))
  expect(received).toEqual([{ kind: 'clicked' }])
  stranger.disconnect()
})

test('notifications are gone when the bus exits, without an error', async () => {
  await FakeNotificationServer.start(bus.address, FULL)
  await channel.show(content, hear)
  bus.stop()
  expect(await channel.show(content, hear)).toBeNull()
  expect(received).toEqual([{ kind: 'closed' }])
})
