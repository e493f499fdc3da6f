import { describe, expect, test } from 'vitest'
import { type ChannelQuietHours, channelRoutes } from '../../../src/core/channels/channel'
import { channelChangesSchema, parseChannels } from '../../../src/core/channels/channel-codec'
import { freeName, withChannelChanges } from '../../../src/core/channels/channel-changes'
import { isHeld, isRouted } from '../../../src/core/channels/routing'
import * as v from 'valibot'
import { channel } from '../../harness/samples/outgoing-alerts'
import { pendingAlert } from '../../harness/samples/pending-alerts'

const critical = pendingAlert({ kind: 'auto-stop-soon' }, { isCritical: true })
const other = pendingAlert()
const unlocked = { isLocked: false }

describe('an alert goes to a channel', () => {
  test.each([
    ['always', [true, true], [true, true]],
    ['critical', [true, false], [true, false]],
    ['locked', [false, false], [true, true]],
    ['never', [false, false], [false, false]],
  ] as const)('with the route %s as it says', (route, whileUnlocked, whileLocked) => {
    const routed = (isLocked: boolean | null) =>
      [critical, other].map((alert) => isRouted(channel('ntfy', { route }), alert, { isLocked }))
    expect(routed(false)).toEqual(whileUnlocked)
    expect(routed(true)).toEqual(whileLocked)
    // A server has no lock, and nobody sits in front of it.
    expect(routed(null)).toEqual(whileLocked)
  })

  test('by the route of its kind, if it has one', () => {
    const only = channel('ntfy', { route: 'never', kindRoutes: { 'pod-error': 'always' } })
    expect(isRouted(only, other, unlocked)).toBe(true)
    expect(isRouted(only, critical, unlocked)).toBe(false)
    const but = channel('ntfy', { kindRoutes: { 'pod-error': 'critical' } })
    expect(isRouted(but, other, unlocked)).toBe(false)
    expect(isRouted(but, critical, unlocked)).toBe(true)
  })

  test('never while the channel is off', () => {
    for (const route of channelRoutes)
      expect(isRouted(channel('ntfy', { route, isOn: false }), critical, { isLocked: true })).toBe(false)
  })
})

describe('quiet hours of a channel', () => {
  const night: ChannelQuietHours = {
    quietHoursFrom: '22:00',
    quietHoursTo: '07:00',
    timeZone: 'Europe/Berlin',
    holdsCritical: false,
  }
  const at = (time: string) => Date.parse(`2026-11-24T${time}:00Z`)
  const isHeldAt = (
    time: string,
    quietHours: ChannelQuietHours | null,
    isCritical: boolean,
    mayStopUnwarned = false,
    kind: 'auto-stop-soon' | 'key-refused' = 'auto-stop-soon',
  ) => isHeld(channel('ntfy', { quietHours }), { kind, isCritical }, at(time), { mayStopUnwarned })

  test('hold what is not critical, across midnight and in their own time zone', () => {
    expect(['20:59', '21:00', '23:30', '05:59', '06:00'].map((time) => isHeldAt(time, night, false))).toEqual(
      [false, true, true, true, false],
    )
    expect(isHeldAt('23:30', null, false)).toBe(false)
  })

  test('hold a critical alert only where a person chose that', () => {
    expect(isHeldAt('23:30', night, true)).toBe(false)
    expect(isHeldAt('23:30', { ...night, holdsCritical: true }, true)).toBe(true)
  })

  test('never hold the warning of a stop that would happen without it', () => {
    const holding = { ...night, holdsCritical: true }
    expect(isHeldAt('23:30', holding, true, true)).toBe(false)
    expect(isHeldAt('23:30', holding, true, true, 'key-refused')).toBe(true)
  })
})

describe('channels in their file', () => {
  const two = [channel(), channel('slack', { name: 'Team' })]
  test('are read back as they were', () => {
    const stored = JSON.parse(JSON.stringify({ version: 1, channels: two }))
    expect(parseChannels(stored)).toEqual({ channels: two, isDamaged: false })
  })
  test.each([
    ['nothing', undefined],
    ['no list', { version: 1 }],
    ['a damaged channel', { version: 1, channels: [two[0], { ...two[1], route: 'sometimes' }] }],
    [
      'a time zone that does not exist',
      {
        version: 1,
        channels: [
          {
            ...two[0],
            quietHours: {
              quietHoursFrom: '1:00',
              quietHoursTo: '2:00',
              timeZone: 'Mars/North',
              holdsCritical: false,
            },
          },
        ],
      },
    ],
    ['one twice', { version: 1, channels: [two[0], two[0]] }],
    ['an address', { version: 1, channels: [{ ...two[0], address: 'https://evil.example' }] }],
  ])('are damaged with %s, and the others count', (_, value) => {
    expect(parseChannels(value)?.isDamaged).toBe(true)
    for (const each of parseChannels(value)?.channels ?? []) expect(two).toContainEqual(each)
  })
  test('keep their other routes where a later version knows more kinds of alerts', () => {
    const stored = { ...two[0], kindRoutes: { idle: 'never', 'pod-on-fire': 'always', app: 'soon' } }
    expect(parseChannels({ version: 1, channels: [stored] })).toMatchObject({
      channels: [{ kindRoutes: { idle: 'never' } }],
      isDamaged: false,
    })
  })
  test('of a later version are left alone', () => {
    expect(parseChannels({ version: 2, channels: [] })).toBeNull()
  })
})

describe('a change of a channel', () => {
  const two = [channel(), channel('slack', { name: 'Team' })]
  test('takes no host, kind or address', () => {
    for (const change of [{ host: 'x' }, { kind: 'slack' }, { address: 'https://x' }, { id: 'y' }])
      expect(v.is(channelChangesSchema, change)).toBe(false)
    expect(v.is(channelChangesSchema, { route: 'critical', name: 'Phone' })).toBe(true)
    expect(v.is(channelChangesSchema, { name: 'a\u202eb' })).toBe(false)
  })
  test('gives no name twice', () => {
    expect(withChannelChanges(two, 'slack-1', { name: 'phone' }).ok).toBe(false)
    expect(withChannelChanges(two, 'ntfy-1', { name: 'phone' }).ok).toBe(true)
    expect(withChannelChanges(two, 'gone', { isOn: false }).ok).toBe(false)
    expect([freeName(two, 'Discord'), freeName(two, 'Team')]).toEqual(['Discord', 'Team 2'])
  })
})
