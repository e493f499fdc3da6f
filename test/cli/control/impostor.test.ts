import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { startImpostor } from '../../harness/data-folder/control-holder'
import { runCli, startSimulator } from '../../harness/cli/cli'
import { actionsOf, quickPod as pod } from '../../harness/cli/watched'

/* Commands beside a program that holds the data folder and is no Podkeeper. */

const greeting = `${JSON.stringify({ program: 'app', pid: 1, protocol: 1 })}\n`
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
const evil = '\u001b[2J\u202e\u0007evil'

/** An impostor that answers each request by its name. */
const answering =
  (answers: Readonly<Record<string, (id: number) => string>>) =>
  (socket: Socket): void => {
    socket.write(greeting)
    socket.setEncoding('utf8').on('data', (text) => {
      const { id, name } = JSON.parse(String(text)) as { id: number; name: string }
      socket.write(answers[name]?.(id) ?? '')
    })
  }

const account = (id: number): string =>
  `${JSON.stringify({
    kind: 'done',
    id,
    value: {
      atMs: Date.now(),
      connection: { kind: 'live' },
      guard: { autoStop: 'off', areAutoStopsPaused: false, isDryRun: false },
      pods: [
        {
          id: 'a',
          name: `a${evil}`,
          phase: 'running',
          actions: ['stop', 'terminate'],
          hardware: evil,
          service: evil,
          costPerHourUsd: 1,
          stopImpactText: evil,
          isDataKept: true,
          openAction: null,
          rules: {},
          isAutoStopEnabled: false,
          keepOn: null,
        },
      ],
      stops: [
        { podId: 'a', podName: evil, state: 'held', cause: 'quiet', action: 'stop', atMs: null, text: evil },
      ],
    },
  })}\n`

async function beside(onConnection: (socket: Socket) => void, ...args: string[]) {
  const runpod = await startSimulator([pod('a')])
  const dataFolder = await startImpostor(onConnection)
  const exit = await runCli({ args, runpod, dataFolder })
  // Whatever it says, nothing is sent by the command itself.
  expect(actionsOf(runpod)).toEqual([])
  for (const character of ['\u001b', '\u202e', '\u0007'])
    expect(exit.stdout + exit.stderr).not.toContain(character)
  return exit
}

test.each([
  ['says nothing', () => {}],
  ['says garbage', (socket: Socket) => void socket.write('\u0000{{{\n'.repeat(1_000))],
  ['says an endless line', (socket: Socket) => void socket.write('x'.repeat(20_000_000))],
  ['closes at once', (socket: Socket) => void socket.destroy()],
])(
  'a holder that %s gets no request, and the command says that nothing was done',
  async (_, onConnection) => {
    expect(await beside(onConnection, 'stop', 'a', '--yes')).toMatchObject({
      code: 6,
      stdout: '',
      stderr: expect.stringContaining('Nothing was done'),
    })
  },
)

test('of a holder that ends before it takes a request, the command says that nothing was done', async () => {
  const { code, stderr } = await beside(
    (socket) => {
      socket.write(greeting)
      socket.once('data', () => socket.destroy())
    },
    'stop',
    'a',
    '--yes',
  )
  expect([code, stderr]).toEqual([1, expect.stringContaining('stopped responding. Nothing was done.')])
})

test('a holder whose answer makes no sense is not believed', async () => {
  const { code, stderr } = await beside(
    answering({ account: (id) => `${JSON.stringify({ kind: 'done', id, value: { pods: 'many' } })}\n` }),
    'stop',
    'a',
    '--yes',
  )
  expect([code, stderr]).toEqual([1, expect.stringContaining('could not be read. Nothing was done.')])
})

test('what a holder says reaches the terminal as plain text', async () => {
  const refused = await beside(
    answering({
      account,
      act: (id) => `${JSON.stringify({ kind: 'refused', id, code: 'failed', message: `no ${evil}` })}\n`,
      askConfirmation: (id) =>
        `${JSON.stringify({ kind: 'done', id, value: { token: 't', title: evil, lines: [evil], label: evil } })}\n`,
    }),
    'stop',
    'a',
    '--yes',
  )
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('no [2Jevil') })
  for (const args of [['next'], ['terminate', 'a'], ['rules', 'a'], ['keep', 'a', '1h']])
    await beside(
      answering({
        account,
        settings: (id) =>
          `${JSON.stringify({ kind: 'done', id, value: { undoS: evil, idleAlertAfterMin: evil, autoStopAfterMin: evil } })}\n`,
        keepOn: (id) => `${JSON.stringify({ kind: 'done', id })}\n`,
        askConfirmation: (id) =>
          `${JSON.stringify({ kind: 'done', id, value: { token: 't', title: evil, lines: [evil], label: evil } })}\n`,
      }),
      ...args,
    )
})

test.each([
  ['no snapshot', { pods: ['{'], rest: '{}' }],
  ['one that lacks everything', { pods: ['{}'], rest: '{"connection":{"kind":"live"}}' }],
  ['one of another address', { pods: [], rest: '{"connection":{"kind":"live"},"account":{"host":"evil"}}' }],
])('status polls itself beside a program that tells %s', async (_what, snapshot) => {
  const done = (value: unknown) => (id: number) => `${JSON.stringify({ kind: 'done', id, value })}\n`
  const health = { version, accounts: [], outboxMessages: 0, failedChannels: 0, diskErrors: 0 }
  const { code, stdout } = await beside(
    answering({ health: done(health), snapshot: done(snapshot) }),
    'status',
    '--json',
  )
  expect([code, JSON.parse(stdout).pods]).toEqual([0, [expect.objectContaining({ id: 'a', name: 'a' })]])
})
