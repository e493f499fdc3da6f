import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { FULL_KEY } from '../../src/simulator/simulator'
import { newDataFolder, runCli, startCli, startSimulator } from '../harness/cli/cli'
import { useRealCli } from '../harness/cli/real-program'

useRealCli()

const pod = (id: string, more: object = {}) =>
  ({ name: id, id, mode: 'training', stoppingS: 0.2, startingS: 0.2, provisioningS: 0.1, ...more }) as const
const newFolder = (): string => mkdtempSync(join(tmpdir(), 'podkeeper-hostile-'))

describe('on a full disk', () => {
  // What ends at once, acts, or goes on. All commands write to the stream that the program watches.
  test.each([['status'], ['stop', '--yes', 'one'], ['watch', '--log', 'json'], ['demo', '--log', 'text']])(
    '%s %s fails and says that the output is not complete',
    async (...args) => {
      const runpod = await startSimulator([pod('one')])
      const dataFolder = newDataFolder()
      const { code, stderr } = await runCli({
        args: args.filter((each) => each !== undefined),
        runpod,
        dataFolder,
        redirection: '> /dev/full',
      })
      expect(stderr).toMatch(/The output could not be written completely: .*ENOSPC/)
      expect(stderr).not.toContain('    at ')
      expect(code).toBe(1)
    },
  )

  test('a login that cannot say so has kept the key, and a logout has removed it', async () => {
    const runpod = await startSimulator([])
    const dataFolder = newDataFolder()
    const run = (...args: string[]) =>
      runCli({
        args,
        dataFolder,
        runpod,
        env: { RUNPOD_API_KEY: undefined },
        input: `${FULL_KEY}\n`,
        redirection: '> /dev/full',
      })
    expect((await run('login')).code).toBe(1)
    expect(existsSync(join(dataFolder, 'cli-key.json'))).toBe(true)
    expect((await run('logout')).code).toBe(1)
    expect(existsSync(join(dataFolder, 'cli-key.json'))).toBe(false)
  })

  test('a command whose stderr is full too fails all the same', async () => {
    const runpod = await startSimulator([pod('one')])
    const both = { args: ['status'], runpod, redirection: '> /dev/full 2>&1' }
    expect((await runCli(both)).code).toBe(1)
  })
})

describe('without a home directory', () => {
  const run = (args: readonly string[], env: Record<string, string | undefined>) =>
    runCli({
      args,
      hasDataFolderOption: false,
      env: { RUNPOD_API_KEY: FULL_KEY, RUNPOD_API_BASE_URL: 'http://127.0.0.1:9/v2', ...env },
      input: `${FULL_KEY}\n`,
    })

  test.each(['status', 'watch', 'login', 'activity', 'logout'])(
    '%s says that HOME is to be set, and writes nothing into the folder where it runs',
    async (command) => {
      const { code, stdout, stderr } = await run([command], { HOME: '' })
      expect([code, stdout]).toEqual([1, ''])
      expect(stderr).toMatch(
        /^No home directory was found, .*Set HOME, or choose a data folder with --data-dir\.\n$/,
      )
      expect(existsSync('.config')).toBe(false)
    },
  )

  test.each(['watch', 'login', 'stop x'])('that exists, %s makes none', async (command) => {
    const home = join(newFolder(), 'nobody')
    const { code, stderr } = await run(command.split(' '), { HOME: home })
    expect(code).toBe(1)
    expect(stderr).toContain(`The home directory ${home} does not exist`)
    expect(existsSync(home)).toBe(false)
  })

  test.each(['status', 'login'])('that is a folder, %s says so', async (command) => {
    const home = join(newFolder(), 'file')
    writeFileSync(home, '')
    const { code, stderr } = await run([command], { HOME: home })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^The data folder .* cannot be used: .*(is not a folder|ENOTDIR).*--data-dir\.\n$/)
  })
})

describe('a data folder', () => {
  test('without a name is not understood', async () => {
    for (const name of ['', ' ']) {
      const { code, stderr } = await runCli({
        args: ['--data-dir', name, 'status'],
        hasDataFolderOption: false,
      })
      expect([code, stderr]).toEqual([2, '--data-dir needs a folder path.\n'])
    }
  })

  test.each(['status', 'watch', 'demo', 'login', 'stop x'])(
    'that is none is refused by %s',
    async (command) => {
      const runpod = await startSimulator([])
      const folder = newFolder()
      writeFileSync(join(folder, 'file'), 'of somebody')
      symlinkSync(join(folder, 'loop'), join(folder, 'loop'))
      for (const [name, problem] of [
        ['file', 'is not a folder'],
        ...(command === 'status'
          ? ([
              ['file/below', /is not a folder|ENOTDIR/],
              ['loop', 'ELOOP'],
            ] as const)
          : []),
      ] as const) {
        const dataFolder = join(folder, name)
        const { code, stderr } = await runCli({
          args: command.split(' '),
          runpod,
          dataFolder,
          env: { HOME: folder },
          input: `${FULL_KEY}\n`,
        })
        expect(stderr).toMatch(problem)
        expect(stderr).toContain('choose another folder with --data-dir')
        expect(code).toBe(1)
      }
      expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('of somebody')
    },
  )

  test('whose activity log cannot be read is no empty log', async () => {
    const dataFolder = newDataFolder()
    writeFileSync(join(dataFolder, 'activity'), '')
    const { code, stdout, stderr } = await runCli({ args: ['activity'], dataFolder })
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^The activity log in .* cannot be read: .*ENOTDIR/)
  })

  test('whose key cannot be written keeps nothing and says so', async () => {
    const runpod = await startSimulator([])
    const dataFolder = newDataFolder()
    mkdirSync(join(dataFolder, 'cli-key.json', 'x'), { recursive: true })
    const { code, stderr } = await runCli({
      args: ['login'],
      runpod,
      dataFolder,
      env: { RUNPOD_API_KEY: undefined },
      input: `${FULL_KEY}\n`,
    })
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^Nothing was saved: .*cli-key\.json cannot be written/),
    ])
  })
})

describe('with costs that cannot be read', () => {
  const ways: readonly (readonly [string, (dataFolder: string) => void])[] = [
    ['a file in place of the folder', (folder) => writeFileSync(join(folder, 'costs'), '')],
    ['a link to itself', (folder) => symlinkSync(join(folder, 'costs'), join(folder, 'costs'))],
  ]

  test.each(ways)('(%s) a watch alerts all the same and says what is wrong', async (_what, spoil) => {
    const runpod = await startSimulator([pod('idler', { mode: 'idle', uptimeS: 86_400 })])
    const dataFolder = newDataFolder({ bootMin: 0, idleAlertAfterMin: 0.05 })
    spoil(dataFolder)
    const watch = startCli({ args: ['watch', '--log', 'text'], runpod, dataFolder })
    await watch.waitForOutput(/The costs of earlier months cannot be read: (ENOTDIR|ELOOP)/)
    await watch.waitForOutput(/idler (is|has been) idle for/)
    watch.child.kill('SIGTERM')
    const { code, stdout, stderr } = await watch.exited
    expect(code).toBe(143)
    expect(stdout + stderr).not.toMatch(/Something went wrong|failed/)
  })

  test.each(ways)('(%s) costs shows the bills and says what is missing', async (_what, spoil) => {
    const runpod = await startSimulator([pod('one')])
    const dataFolder = newDataFolder()
    spoil(dataFolder)
    const { code, stderr } = await runCli({ args: ['costs'], runpod, dataFolder })
    expect(code).toBe(1)
    expect(stderr).toMatch(/(ENOTDIR|ELOOP)/)
    expect(stderr).not.toContain('Something went wrong')
  })
})

test('a watch on a folder that it may only read shows everything and says that it cannot act', async () => {
  const runpod = await startSimulator([pod('one')])
  const dataFolder = newDataFolder()
  chmodSync(join(dataFolder, 'config.json'), 0o644)
  chmodSync(dataFolder, 0o555)
  const watch = startCli({
    args: ['watch', '--log', 'json'],
    runpod,
    dataFolder,
    asOrdinaryUser: true,
  })
  await watch.waitForOutput(/"event":"role".*Read-only: the lock in .* cannot be used: .*EACCES/)
  await watch.waitForOutput(/"event":"account".*"pods":1/)
  const stop = await runCli({
    args: ['stop', '--yes', 'one'],
    runpod,
    dataFolder,
    asOrdinaryUser: true,
  })
  expect([stop.code, stop.stderr]).toEqual([
    1,
    expect.stringMatching(/^Nothing was done: The lock in .*EACCES/),
  ])
  watch.child.kill('SIGTERM')
  await watch.exited
  chmodSync(dataFolder, 0o700)
  rmSync(dataFolder, { recursive: true })
})

test('a watch whose journal cannot be opened shows everything and says that it cannot act', async () => {
  const runpod = await startSimulator([pod('one')])
  const dataFolder = newDataFolder()
  mkdirSync(join(dataFolder, 'intents.jsonl'))
  const watch = startCli({ args: ['watch', '--log', 'json'], runpod, dataFolder })
  await watch.waitForOutput(/"event":"role".*Read-only: the journal of actions cannot be opened \(EISDIR/)
  await watch.waitForOutput(/"event":"account".*"pods":1/)
  watch.child.kill('SIGTERM')
  expect((await watch.exited).code).toBe(143)
})

test('files of the data folder that cannot be looked at do not end a watch', async () => {
  const runpod = await startSimulator([pod('one')])
  const dataFolder = newDataFolder()
  for (const name of [
    'alert-marks.json',
    'idle-episodes.json',
    'terminal-input.json',
    'host-keys.json',
    'activity',
  ])
    symlinkSync(join(dataFolder, name), join(dataFolder, name))
  const watch = startCli({ args: ['watch', '--log', 'json'], runpod, dataFolder })
  await watch.waitForOutput(/"event":"account".*"pods":1/)
  rmSync(join(dataFolder, 'config.json'))
  symlinkSync(join(dataFolder, 'config.json'), join(dataFolder, 'config.json'))
  await watch.waitForOutput(/config\.json cannot be (read|used) \(ELOOP/)
  runpod.act('one', 'stop')
  await watch.waitForOutput(/"state":"stopped"/)
  watch.child.kill('SIGTERM')
  expect((await watch.exited).code).toBe(143)
})

test('someone without a name on this computer can use a data folder that is named', async () => {
  const runpod = await startSimulator([pod('one')])
  const dataFolder = newDataFolder()
  if (process.getuid?.() === 0) chownSync(dataFolder, 65_534, 65_534)
  const { code, stdout } = await runCli({
    args: ['status'],
    runpod,
    dataFolder,
    env: { HOME: undefined },
    asOrdinaryUser: true,
  })
  expect([code, stdout]).toEqual([0, expect.stringContaining('one')])
})
