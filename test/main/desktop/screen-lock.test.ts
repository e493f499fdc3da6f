import { Message, MessageType, Variant } from '@particle/dbus-next'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { defaultSettings, type Settings } from '../../../src/core/settings/settings'
import { followScreenLock } from '../../../src/main/desktop/screen-lock'
import { BUS, call, connect } from '../../harness/app/desktop/bus'
import { startBus } from '../../harness/app/desktop/fake-notification-server'

const LOGIN = 'org.freedesktop.login1'

/** A system bus with somebody who speaks as logind. */
async function startLogin(name = LOGIN) {
  const { address, stop } = await startBus()
  onTestFinished(stop)
  const bus = connect(address)
  bus.on('error', () => undefined)
  await call(bus, { ...BUS, interface: BUS.name }, 'RequestName', 'su', [name, 4])
  const send = (of: string, member: string, signature: string, body: unknown[]): void => {
    const path = '/org/freedesktop/login1/session/_31'
    bus.send(new Message({ type: MessageType.SIGNAL, path, interface: of, member, signature, body }))
  }
  const session = `${LOGIN}.Session`
  const changed = (properties: object): void =>
    send('org.freedesktop.DBus.Properties', 'PropertiesChanged', 'sa{sv}as', [session, properties, []])
  return {
    env: { DBUS_SYSTEM_BUS_ADDRESS: address },
    lock: () => send(session, 'Lock', '', []),
    unlock: () => send(session, 'Unlock', '', []),
    hint: (isLocked: boolean) => changed({ LockedHint: new Variant('b', isLocked) }),
    idle: () => changed({ IdleHint: new Variant('b', true) }),
  }
}

async function follow(env: NodeJS.ProcessEnv, isOn: boolean) {
  let settings: Settings = { ...defaultSettings, areSshKeysDroppedAtLock: isOn }
  let changed = (_after: Settings, _before: Settings): void => {}
  const [onLock, report] = [vi.fn(), vi.fn()]
  await followScreenLock({
    store: {
      settings: () => settings,
      onSettings: (listener) => {
        changed = listener
        return () => true
      },
    },
    onLock,
    env,
    report,
  })
  const turn = (on: boolean): void => {
    const before = settings
    settings = { ...settings, areSshKeysDroppedAtLock: on }
    changed(settings, before)
  }
  return { onLock, report, turn }
}

describe('a lock of the screen', () => {
  test('is noticed by each of the two ways in which logind says it, and nothing else is one', async () => {
    const login = await startLogin()
    const { onLock } = await follow(login.env, true)
    login.idle()
    login.unlock()
    login.hint(false)
    login.lock()
    await vi.waitFor(() => expect(onLock).toHaveBeenCalledTimes(1))
    login.hint(true)
    await vi.waitFor(() => expect(onLock).toHaveBeenCalledTimes(2))
  })

  test('counts only while the setting is on', async () => {
    const login = await startLogin()
    const { onLock, turn } = await follow(login.env, false)
    login.lock()
    turn(true)
    await vi.waitFor(() => {
      login.lock()
      expect(onLock).toHaveBeenCalled()
    })
    turn(false)
    const { onLock: other } = await follow(login.env, true)
    const before = onLock.mock.calls.length
    login.lock()
    await vi.waitFor(() => expect(other).toHaveBeenCalled())
    expect(onLock).toHaveBeenCalledTimes(before)
  })

  test('is believed from logind alone', async () => {
    const stranger = await startLogin('org.example.stranger')
    const { onLock } = await follow(stranger.env, true)
    stranger.lock()
    stranger.hint(true)
    const probe = connect(stranger.env.DBUS_SYSTEM_BUS_ADDRESS)
    await call(probe, { ...BUS, interface: BUS.name }, 'GetId')
    expect(onLock).not.toHaveBeenCalled()
  })
})

test('without a system bus the log says that locks are not noticed', async () => {
  const { report } = await follow({ DBUS_SYSTEM_BUS_ADDRESS: 'unix:path=/nowhere/bus' }, true)
  await vi.waitFor(() => expect(report).toHaveBeenCalled())
})
