import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { buildStoreProgram } from '../../../bench/crash/store-kills'
import { MINUTE_MS } from '../../../src/core/base/time/time'
import { migratedFolder } from '../../harness/data-folder/migrated-folder'
import { withFileLock } from '../../../src/node/data-folder/files/file-lock'

const WRITES = 40

let program: string
let storeProgram: string
beforeAll(async () => {
  storeProgram = await buildStoreProgram(mkdtempSync(join(tmpdir(), 'podkeeper-store-program-')))
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-update-program-'))
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: 'test/node/data-folder/update-config-program.ts',
      outDir: folder,
      rolldownOptions: { output: { entryFileNames: 'program.mjs' } },
    },
  })
  program = join(folder, 'program.mjs')
})

function newFolder(): string {
  const folder = migratedFolder('podkeeper-update-')
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ settings: { undoS: 8 }, note: 'mine' }))
  return folder
}

async function writer(
  folder: string,
  name: string,
): Promise<{ child: ChildProcess; done: Promise<unknown> }> {
  const child = spawn(process.execPath, [program, folder, name, String(WRITES)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout!, 'data')
  return { child, done: once(child, 'exit') }
}

const configIn = (folder: string): any => JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'))

test('of what three processes write into the settings at the same time, nothing is lost', async () => {
  const folder = newFolder()
  const writers = await Promise.all(['a', 'b', 'c'].map((name) => writer(folder, name)))
  for (const { child } of writers) child.stdin!.write('go\n')
  expect(await Promise.all(writers.map(async ({ done }) => ((await done) as [number])[0]))).toEqual([0, 0, 0])
  const { settings, note } = configIn(folder)
  expect(Object.keys(settings)).toHaveLength(3 * WRITES + 1)
  expect([settings.undoS, note]).toEqual([8, 'mine'])
  expect(readdirSync(folder).sort()).toEqual(['config.json', 'config.json.last-good', 'format.json'])
})

test('of what the app’s store and a command write at the same time, nothing is lost', async () => {
  const folder = newFolder()
  const app = spawn(process.execPath, [storeProgram, 'write-on', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void app.kill('SIGKILL'))
  let confirmed = ''
  app.stdout.setEncoding('utf8').on('data', (text) => (confirmed += String(text)))
  await once(app.stdout, 'data')
  const command = await writer(folder, 'a')
  command.child.stdin!.write('go\n')
  const [exitCode] = (await command.done) as [number]
  app.kill('SIGKILL')
  // Until all that it said has been read.
  await once(app, 'close')
  const { settings, note, accounts } = configIn(folder)
  expect([exitCode, Object.keys(settings).length, note]).toEqual([0, WRITES + 1, 'mine'])
  // The last one may have been written and not yet confirmed.
  const written = confirmed.trim().split('\n').length
  expect([written, written + 1]).toContain(Number(accounts[0].id))
  expect(written).toBeGreaterThan(2)
})

test('a process that was killed while it wrote holds up nobody', async () => {
  const folder = newFolder()
  const { child, done } = await writer(folder, 'a')
  child.stdin!.write('go\n')
  await vi.waitFor(() => expect(Object.keys(configIn(folder).settings).length).toBeGreaterThan(2))
  child.kill('SIGKILL')
  await done
  const lock = join(folder, 'config.json.lock')
  // What it leaves behind when it is killed at the worst moment.
  writeFileSync(lock, `${child.pid} 0123456789abcdef`)
  expect(withFileLock(lock, () => 'changed')).toEqual({ ok: true, value: 'changed' })
  expect(readdirSync(folder)).not.toContain('config.json.lock')
})

test('a lock of a living process is waited for, and taken over once it is old', () => {
  const lock = join(newFolder(), 'config.json.lock')
  const mark = `${process.pid} 0123456789abcdef`
  writeFileSync(lock, mark)
  expect(withFileLock(lock, () => 'changed')).toEqual({ ok: false, error: 'another Podkeeper is writing it' })
  expect(readFileSync(lock, 'utf8')).toBe(mark)
  utimesSync(lock, 1, 1)
  expect(withFileLock(lock, () => 'changed')).toEqual({ ok: true, value: 'changed' })
})

test('a lock that is found abandoned only when the wait is over is nobody’s, and is taken', () => {
  const lock = join(newFolder(), 'config.json.lock')
  const { pid } = spawnSync(process.execPath, ['--version'])
  writeFileSync(lock, `${pid} 0123456789abcdef`)
  // This process stands still for a minute between any two looks at the clock.
  let nowMs = 0
  const now = vi.spyOn(performance, 'now').mockImplementation(() => (nowMs += MINUTE_MS))
  try {
    expect(withFileLock(lock, () => 'changed')).toEqual({ ok: true, value: 'changed' })
    // One that is held is waited for no longer.
    writeFileSync(lock, `${process.pid} 0123456789abcdef`)
    expect(withFileLock(lock, () => 'changed')).toEqual({
      ok: false,
      error: 'another Podkeeper is writing it',
    })
  } finally {
    now.mockRestore()
  }
})

test.each(['', '1', `${process.pid} 0123`])(
  'a lock that holds %j was left by a process that was killed while it wrote its mark, and is taken over in time',
  (mark) => {
    const lock = join(newFolder(), 'config.json.lock')
    writeFileSync(lock, mark)
    expect(withFileLock(lock, () => 'changed')).toEqual({ ok: true, value: 'changed' })
    expect(existsSync(lock)).toBe(false)
  },
)

test('a process whose lock was taken over knows that it may not write', () => {
  const lock = join(newFolder(), 'config.json.lock')
  withFileLock(lock, ({ isHeld }) => {
    expect(isHeld()).toBe(true)
    rmSync(lock)
    writeFileSync(lock, '1')
    expect(isHeld()).toBe(false)
  })
  // The other one's lock stays.
  expect(readFileSync(lock, 'utf8')).toBe('1')
})

test('what is no lock is an error at once, and holds up nobody for long', () => {
  const lock = join(newFolder(), 'config.json.lock')
  symlinkSync('/nowhere', lock)
  expect(() => withFileLock(lock, () => 'changed')).toThrow('is a broken link')
  rmSync(lock)
  if (process.platform !== 'win32') {
    execFileSync('mkfifo', [lock])
    expect(() => withFileLock(lock, () => 'changed')).toThrow('is not a file')
    rmSync(lock)
  }
  writeFileSync(lock, 'x'.repeat(10_000))
  expect(() => withFileLock(lock, () => 'changed')).toThrow('is larger than')
})
