import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdirSync, mkdtempSync, readdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { afterEach, beforeAll, expect, test } from 'vitest'
import {
  claimFolderLock,
  holderAddress,
  type LockClaim,
} from '../../../../src/node/data-folder/lock/lock-socket'

let program: string
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-lock-program-'))
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: 'test/node/data-folder/lock-socket-program.ts',
      outDir: folder,
      rolldownOptions: { output: { entryFileNames: 'program.mjs' } },
    },
  })
  program = join(folder, 'program.mjs')
})

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0).reverse()) end()
})

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'podkeeper-lock-'))

async function claim(folder: string): Promise<LockClaim> {
  const claimed = await claimFolderLock(folder, 'cli')
  if (!claimed.ok) throw new Error(claimed.error)
  const { value } = claimed
  ends.push(value.kind === 'held' ? value.release : value.stopWaiting)
  return value
}

/** Another process that tries to take the lock once and prints the result. */
async function other(folder: string): Promise<{ child: ChildProcess; got: string }> {
  const child = spawn(process.execPath, [program, folder], { stdio: ['pipe', 'pipe', 'inherit'] })
  ends.push(() => child.kill('SIGKILL'))
  const [got] = (await once(child.stdout!.setEncoding('utf8'), 'data')) as [string]
  return { child, got: got.trim() }
}

test('the second process learns who acts, and when that ends', async () => {
  const folder = newFolder()
  const first = await claim(folder)
  const second = await claim(folder)
  if (first.kind !== 'held' || second.kind !== 'held-by-other') throw new Error('the wrong one got it')
  expect(second.holder).toEqual({ program: 'cli', pid: process.pid })
  first.release()
  await second.released
  expect((await claim(folder)).kind).toBe('held')
})

test('a lock whose holder was killed is released', async () => {
  const folder = newFolder()
  const { child, got } = await other(folder)
  expect(got).toBe('held')
  const waiting = await claim(folder)
  if (waiting.kind !== 'held-by-other') throw new Error('two hold it')
  expect(waiting.holder).toEqual({ program: 'app', pid: child.pid })
  child.kill('SIGKILL')
  await waiting.released
  expect((await claim(folder)).kind).toBe('held')
})

test('a suspended holder keeps the lock', async () => {
  const folder = newFolder()
  const { child } = await other(folder)
  child.kill('SIGSTOP')
  ends.push(() => child.kill('SIGCONT'))
  const second = await claim(folder)
  expect(second.kind === 'held-by-other' && second.holder).toBeNull()
})

test('exactly one of many processes that find it dead at once takes it', async () => {
  const folder = newFolder()
  for (let round = 0; round < 5; round += 1) {
    const before = await other(folder)
    expect(before.got).toBe('held')
    before.child.kill('SIGKILL')
    await once(before.child, 'exit')
    const all = await Promise.all(Array.from({ length: 8 }, () => other(folder)))
    expect(all.filter(({ got }) => got === 'held')).toHaveLength(1)
    for (const { child } of all) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  }
})

test('the lock leaves one small file, in a private folder', async () => {
  const folder = newFolder()
  for (let round = 0; round < 3; round += 1) {
    const claimed = await claim(folder)
    if (claimed.kind === 'held') claimed.release()
  }
  expect(readdirSync(join(folder, 'writer'))).toHaveLength(1)
  expect(statSync(join(folder, 'writer')).mode & 0o777).toBe(0o700)
})

test('a holder that takes requests makes the folder of its socket private, and says its protocol', async () => {
  const folder = newFolder()
  mkdirSync(join(folder, 'writer'), { mode: 0o755 })
  const held = await claimFolderLock(folder, 'app', { protocol: 7, accept: (socket) => void socket.resume() })
  if (!held.ok || held.value.kind !== 'held') throw new Error('it is not held')
  ends.push(held.value.release)
  expect(statSync(join(folder, 'writer')).mode & 0o777).toBe(0o700)
  const waiting = await claim(folder)
  expect(waiting.kind === 'held-by-other' && waiting.holder).toEqual({
    program: 'app',
    pid: process.pid,
    protocol: 7,
  })
})

test.runIf(process.getuid?.() === 0)(
  'a holder serves nobody where the folder of its socket belongs to someone else, and nobody asks there',
  async () => {
    const folder = newFolder()
    mkdirSync(join(folder, 'writer'))
    chownSync(join(folder, 'writer'), 65_534, 65_534)
    const accepted: unknown[] = []
    const service = { protocol: 7, accept: (socket: unknown) => void accepted.push(socket) }
    const held = await claimFolderLock(folder, 'app', service)
    if (!held.ok || held.value.kind !== 'held') throw new Error('it is not held')
    ends.push(held.value.release)
    // It holds the lock all the same.
    const waiting = await claim(folder)
    expect(waiting.kind === 'held-by-other' && waiting.holder).toEqual({ program: 'app', pid: process.pid })
    expect(held.value.isHeld()).toBe(true)
    expect([accepted, holderAddress(folder)]).toEqual([[], null])
    chownSync(join(folder, 'writer'), 0, 0)
    expect(holderAddress(folder)).toEqual({ path: join(folder, 'writer', '1'), isPrivate: true })
  },
)

test('a folder whose path is too long for a socket is rejected with a message', async () => {
  const claimed = await claimFolderLock(join(newFolder(), 'long'.repeat(30)), 'cli')
  expect(claimed).toMatchObject({ ok: false, error: expect.stringContaining('too long') })
})
