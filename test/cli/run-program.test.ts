import { EventEmitter } from 'node:events'
import { PassThrough } from 'node:stream'
import { expect, test, vi } from 'vitest'
import { runProgram } from '../../src/cli/run-program'
import { FULL_KEY } from '../../src/simulator/simulator'
import { freePort } from '../harness/base/free-port'
import { runCli } from '../harness/cli/cli'

/* A run is a function: what it was given is all that it uses, and nothing of it goes on when it has ended. */

const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length

test.each([
  'status',
  'look a',
  'next',
  'stop a --yes',
  'rules a',
  'logs a',
  'costs',
  'create --gpu L4 --image x --yes',
  'rebuild a --yes',
  'ls a:/',
  'queue trust a',
])('%s leaves nothing running when the API cannot be reached', async (command) => {
  const before = timers()
  const env = { RUNPOD_API_KEY: FULL_KEY, RUNPOD_API_BASE_URL: `http://127.0.0.1:${await freePort()}/v2` }
  expect([command, (await runCli({ args: command.split(' '), env })).code]).toEqual([command, 4])
  await vi.waitFor(() => expect(timers()).toBeLessThanOrEqual(before))
})

test('the keys of accounts are taken out of the environment, so that no child process inherits them', async () => {
  const env = { PATH: '/bin', RUNPOD_API_KEY: 'a', HUBIFY_API_KEY: 'b', HUBIFY_TOKEN: 'c' }
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  const events = new EventEmitter()
  const showNotification = () => Promise.resolve('failed' as const)
  const rest = { events, suspend: () => {}, programPath: '', buildFolder: '', showNotification }
  expect(await runProgram('1', { args: ['--version'], env, stdin, stdout, stderr, ...rest })).toBe(0)
  expect([env, String(stdout.read())]).toEqual([{ PATH: '/bin' }, '1\n'])
})

test.each(['stpo', 'status --nope', 'queue add --nope', 'channel list --nope', 'queue auto --nope'])(
  'a mistake in "%s" is a wrong use, printed with help',
  async (command) => {
    const { code, stdout, stderr } = await runCli({ args: command.split(' ') })
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^error: unknown (option|command) .*\n[^]*podkeeper --help/)
  },
)
