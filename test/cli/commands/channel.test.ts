import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect, onTestFinished, test } from 'vitest'
import { type ChannelCommand, runChannelCommand } from '../../../src/cli/commands/channel/channel'
import { CliExit } from '../../../src/cli/output/exit'
import { openChannelStore } from '../../../src/node/channels/channel-store'
import { createSystemClock } from '../../../src/node/clock'
import { createPhoneServices } from '../../../src/providers/phone/phone-services'
import { createAddressSender } from '../../../src/providers/channels/send-to-address'
import { startNtfy } from '../../harness/channels/services'
import { startInstant } from '../../harness/samples/outgoing-alerts'

/** Commands on a data folder, without a terminal. */
function commands() {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-channels-'))
  writeFileSync(join(folder, 'format.json'), '{"version":2}')
  const secretsPath = join(folder, 'channel-secrets.json')
  async function run(command: ChannelCommand, input = '', isJson = false) {
    const lines: string[] = []
    const exitCode = await runChannelCommand({
      store: openChannelStore(folder, null, () => {}),
      command,
      isJson,
      output: {
        progress: (text) => lines.push(text),
        status: () => {},
        clearStatus: () => {},
        result: (text) => lines.push(text),
      },
      columns: 200,
      print: (line) => lines.push(line.map(({ text }) => text).join('')),
      keyboard: null,
      stdin: Readable.from([input]) as unknown as NodeJS.ReadStream,
      prompt: () => {},
      secretsPath,
      readOutbox: () => [],
      send: createAddressSender({ version: '1', proxyEnvironment: {}, now: () => startInstant }),
      services: createPhoneServices({ version: '1', proxyEnvironment: {} }),
      clock: createSystemClock(),
      onSignal: () => () => {},
      computer: null,
      now: () => startInstant,
    }).catch((cause: unknown) => {
      if (!(cause instanceof CliExit)) throw cause
      lines.push(cause.message)
      return cause.exitCode
    })
    return { exitCode, text: lines.join('\n') }
  }
  const listed = async () => JSON.parse((await run({ verb: 'list' }, '', true)).text).channels
  return { folder, secretsPath, run, listed }
}

test('a channel is added from stdin, listed, tested, routed, set and removed, and its address is never shown', async () => {
  const ntfy = await startNtfy()
  onTestFinished(() => ntfy.close())
  const { run, listed, secretsPath } = commands()
  const shown: string[] = []
  const done = async (command: ChannelCommand, input = '') => {
    const { exitCode, text } = await run(command, input)
    expect([command.verb, exitCode]).toEqual([command.verb, 0])
    shown.push(text)
    return text
  }
  const address = `${ntfy.origin}/secret\ntk_right\n`
  expect(await done({ verb: 'list' })).toContain('There are no channels')
  expect(await done({ verb: 'add', kind: 'ntfy', name: 'Phone' }, address)).toMatch(
    /^Added Phone\. .*127\.0\.0\.1/,
  )
  expect(statSync(secretsPath).mode & 0o777).toBe(0o600)
  expect(readFileSync(secretsPath, 'utf8')).toContain('tk_right')
  expect(await done({ verb: 'test', channel: 'phone' })).toMatch(/^Phone: accepted\. .*HTTP 200/)
  expect(ntfy.received.map(({ text }) => text)).toEqual([
    expect.stringContaining('Podkeeper can reach you here'),
  ])

  const channel = 'Phone'
  await done({ verb: 'route', channel, route: 'critical', kinds: [] })
  await done({ verb: 'route', channel, route: 'never', kinds: ['idle', 'pod-ready'] })
  await done({ verb: 'route', channel, route: 'default', kinds: ['idle'] })
  const choices = { quietHours: '22:00-07:00', timeZone: 'Europe/Berlin', holdCritical: true, group: 5 }
  await done({ verb: 'set', channel, choices })
  expect(await listed()).toMatchObject([
    {
      name: 'Phone',
      service: 'ntfy',
      route: 'critical',
      routes: { 'pod-ready': 'never' },
      quietHours: { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin', holdsCritical: true },
      groupMinutes: 5,
      waiting: 0,
    },
  ])
  await done({ verb: 'set', channel, choices: { holdCritical: false, off: true } })
  expect(await listed()).toMatchObject([{ on: false, quietHours: { from: '22:00', holdsCritical: false } }])
  // Times that can't be read don't leave the earlier ones in place as if they had been changed.
  expect(await run({ verb: 'set', channel, choices: { quietHours: '23-06' } })).toMatchObject({ exitCode: 2 })
  expect(await done({ verb: 'list' })).toMatch(/Phone +ntfy +127\.0\.0\.1:\d+ .* off/)
  await done({ verb: 'remove', channel })
  expect(await listed()).toEqual([])
  expect(readFileSync(secretsPath, 'utf8')).not.toContain('tk_right')
  expect(shown.join()).not.toMatch(/tk_right|\/secret/)
})

test.each<[number, ChannelCommand]>([
  [2, { verb: 'route', channel: 'Phone', route: 'never', kinds: ['nonsense'] }],
  [2, { verb: 'set', channel: 'Phone', choices: { quietHours: '25:00-07:00' } }],
  [2, { verb: 'set', channel: 'Phone', choices: { quietHours: 'nights' } }],
  [2, { verb: 'set', channel: 'Phone', choices: { timeZone: 'Europe/Berlin' } }],
  [2, { verb: 'set', channel: 'Phone', choices: { quietHours: '1:00-2:00', timeZone: 'Mars/North' } }],
  [2, { verb: 'set', channel: 'Phone', choices: { name: 'a\u202eb' } }],
  [2, { verb: 'set', channel: 'Phone', choices: {} }],
  [5, { verb: 'test', channel: 'Tablet' }],
  [1, { verb: 'add', kind: 'webhook', name: 'PHONE', isReplaced: true }],
])('the exit code is %i for what cannot be done, and nothing changes', async (exitCode, command) => {
  const { run, listed } = commands()
  await run({ verb: 'add', kind: 'ntfy', name: 'Phone' }, 'https://ntfy.sh/topic')
  const before = await listed()
  expect((await run(command, 'https://ntfy.sh/topic')).exitCode).toBe(exitCode)
  expect(await listed()).toEqual(before)
})

test('a channel that is added again changes nothing, and gets another address only where that is asked for', async () => {
  const { run, listed, secretsPath } = commands()
  const add = (topic: string, more: { name?: string; isReplaced?: true } = {}) =>
    run({ verb: 'add', kind: 'ntfy', name: 'Phone', ...more }, `https://ntfy.sh/${topic}`)
  await add('first')
  const before = [await listed(), readFileSync(secretsPath, 'utf8')]
  expect(await add('first', { name: 'PHONE' })).toMatchObject({
    exitCode: 0,
    text: expect.stringContaining('Nothing was changed') as string,
  })
  expect(await run({ verb: 'add', kind: 'ntfy', name: null }, 'https://ntfy.sh/first')).toMatchObject({
    exitCode: 0,
  })
  expect(await add('second')).toMatchObject({
    exitCode: 1,
    text: expect.stringContaining('--replace') as string,
  })
  expect([await listed(), readFileSync(secretsPath, 'utf8')]).toEqual(before)
  expect(await add('second', { isReplaced: true })).toMatchObject({ exitCode: 0 })
  expect(await listed()).toEqual(before[0])
  expect(readFileSync(secretsPath, 'utf8')).toContain('second')
})

test.each([
  ['ntfy', 'http://ntfy.example/topic', /must begin with https/],
  ['slack', 'https://hooks.slack.com/', /incoming webhook/],
  ['webhook', '', /No address was given/],
] as const)(
  'an address of %s that cannot be used is refused, and nothing is saved',
  async (kind, address, why) => {
    const { run, folder } = commands()
    expect(await run({ verb: 'add', kind, name: null }, address)).toEqual({
      exitCode: 2,
      text: expect.stringMatching(why),
    })
    expect(readdirSync(folder)).toEqual(['format.json'])
  },
)
