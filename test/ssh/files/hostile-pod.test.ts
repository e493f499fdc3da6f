import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createDownloadSide } from '../../../src/ssh/files/sides/download-side'
import { walkRemote } from '../../../src/ssh/files/sides/remote-files'
import { transfer } from '../../../src/ssh/files/transfer'
import { fileOf, FOLDER, type HostileAnswers, LINK, startHostilePod } from '../../harness/ssh/hostile-pod'
import { tempFolder } from '../../harness/ssh/openssh-for-test'

/** Downloads `/data` into a folder beside which something else lies. */
async function download(answers: HostileAnswers, prepare: (chosen: string) => void = () => {}) {
  const open = await startHostilePod(answers)
  const outside = tempFolder('outside')
  const chosen = join(outside, 'chosen')
  mkdirSync(chosen)
  writeFileSync(join(outside, 'mine'), 'mine')
  prepare(chosen)
  const result = await transfer({
    side: createDownloadSide(),
    sources: ['/data'],
    destination: chosen,
    resumes: true,
    identity: 'a p',
    open,
    signal: new AbortController().signal,
    onPlan: () => null,
    retryDelaysMs: [],
    nowMs: () => performance.now(),
  })
  expect(readdirSync(outside).sort()).toEqual(['chosen', 'mine'])
  expect(readFileSync(join(outside, 'mine'), 'utf8')).toBe('mine')
  return { result, chosen, outside }
}

const reasons = ({ result }: Awaited<ReturnType<typeof download>>): Record<string, string> =>
  Object.fromEntries(result.ok ? result.value.failed.map(({ path, reason }) => [path, reason]) : [])

const once =
  (names: readonly (readonly [string, { mode: number; size?: number }])[]): HostileAnswers['names'] =>
  (path, round) =>
    path === '/data' && round === 0 ? (names as never) : null

const evil = Buffer.from('evil')

it('names that lead elsewhere are not used, and files with proper names are copied', async () => {
  const names = [
    '../mine',
    '/tmp/podkeeper-evil',
    'a/b',
    '',
    '..\0',
    `.podkeeper-${'0123456789abcdef'.repeat(3)}01234567.part`,
  ]
  const found = await download({
    stat: (path) => (path === '/data' ? FOLDER : fileOf(4)),
    names: once([...names, 'good'].map((name) => [name, { mode: 0o100644, size: 4 }] as const)),
    read: () => evil,
  })
  expect(readdirSync(join(found.chosen, 'data'))).toEqual(['good'])
  expect(found.result).toMatchObject({ ok: true, value: { copied: 1 } })
  expect(Object.keys(reasons(found)).sort()).toEqual(
    ['data/', 'data/../mine', 'data/..\0', 'data//tmp/podkeeper-evil', 'data/a/b'].sort(),
  )
  expect(existsSync('/tmp/podkeeper-evil')).toBe(false)
})

it('folders in folders without an end are left out beyond a depth', async () => {
  const found = await download({
    stat: () => FOLDER,
    names: (_path, round) => (round === 0 ? [['deeper', FOLDER]] : null),
  })
  expect(found.result).toMatchObject({ ok: true, value: { copied: 0 } })
  expect(Object.values(reasons(found))).toEqual(['what is in it is too deep'])
})

it.each([
  ['different names', (round: number) => Array.from({ length: 500 }, (_, at) => `${round} ${at}`)],
  ['only its own name', () => ['.', '..']],
  ['no names at all', () => []],
])('a folder that has %s without an end is given up', async (_, namesOf) => {
  const open = await startHostilePod({
    stat: () => FOLDER,
    names: (_path, round) => namesOf(round).map((name) => [name, fileOf(1)]),
  })
  const opened = await open(new AbortController().signal)
  if (!opened.ok) throw new Error('there is no session')
  await expect(walkRemote(opened.value.sftp, '/data', 2_000)).rejects.toMatchObject({
    kind: expect.stringMatching(/too-many|malformed/),
  })
  opened.value.close()
})

it('a folder may have very many files, whose names are not longer than names can be', async () => {
  const open = await startHostilePod({
    stat: () => FOLDER,
    names: (path, round) => {
      if (path === '/long') return round === 0 ? [['x'.repeat(1_025), fileOf(1)]] : null
      const names = Array.from({ length: 2_000 }, (_, at) => [`${round} ${at}`, fileOf(1)] as const)
      return round < 100 ? names : null
    },
  })
  const opened = await open(new AbortController().signal)
  if (!opened.ok) throw new Error('there is no session')
  const { sftp, close } = opened.value
  expect((await walkRemote(sftp, '/data')).entries).toHaveLength(200_000)
  await expect(walkRemote(sftp, '/long')).rejects.toMatchObject({ kind: 'malformed' })
  close()
})

it('a file that is announced larger than the disk is not begun', async () => {
  const found = await download({
    stat: (path) => (path === '/data' ? FOLDER : fileOf(2n ** 63n)),
    names: (path, round) => (round === 0 && path === '/data' ? [['huge', fileOf(2n ** 63n)]] : null),
    read: () => evil,
  })
  expect(found.result).toMatchObject({
    ok: false,
    error: {
      kind: 'failed',
      message: expect.stringMatching(/^This computer’s disk has .* free, and .* are to be copied\.$/),
    },
  })
  expect(readdirSync(found.chosen)).toEqual([])
})

it('more bytes than were asked for end the connection, and nothing has the final name', async () => {
  const found = await download({
    stat: (path) => (path === '/data' ? FOLDER : fileOf(4)),
    names: once([['file', { mode: 0o100644, size: 4 }]]),
    read: () => Buffer.alloc(5_000),
  })
  expect(found.result).toMatchObject({
    ok: false,
    error: { message: 'The pod’s SSH server sent invalid data.' },
  })
  expect(readdirSync(join(found.chosen, 'data'))).toEqual([])
})

it('a file that has less than was announced gets no name', async () => {
  const found = await download({
    stat: (path) => (path === '/data' ? FOLDER : fileOf(3_000_000)),
    names: once([['file', { mode: 0o100644, size: 3_000_000 }]]),
    read: (_path, offset) => (offset === 0 ? evil : null),
  })
  expect(reasons(found)).toEqual({ 'data/file': 'it became shorter' })
  expect(readdirSync(join(found.chosen, 'data'))).toEqual([])
})

it('a file that is announced smaller than it is gets only what was announced, and no name', async () => {
  const found = await download({
    stat: (path) => (path === '/data' ? FOLDER : fileOf(10_000_000)),
    names: once([['file', { mode: 0o100644, size: 4 }]]),
    read: (_path, _offset, bytes) => Buffer.alloc(bytes),
  })
  expect(reasons(found)).toEqual({ 'data/file': 'it changed while it was copied' })
  expect(readdirSync(join(found.chosen, 'data'))).toEqual([])
})

it('nothing is written through a link that is listed beside a folder of its name', async () => {
  const found = await download({
    stat: (path) => (path === '/data' ? FOLDER : path.endsWith('mine') ? fileOf(4) : LINK),
    names: (path, round) => {
      if (round > 0) return null
      if (path === '/data')
        return [
          ['way', LINK],
          ['way', FOLDER],
        ]
      return path === '/data/way' ? [['mine', fileOf(4)]] : null
    },
    target: () => '../..',
    read: () => evil,
  })
  expect(reasons(found)).toEqual({ 'data/way': expect.stringMatching(/leads out of the folder|another one/) })
  expect(readFileSync(join(found.chosen, 'data/way/mine'), 'utf8')).toBe('evil')
})

it('nothing is written through a link that was there before', async () => {
  const found = await download(
    {
      stat: (path) => (path === '/data' ? FOLDER : fileOf(4)),
      names: (path, round) => {
        if (round > 0) return null
        return path === '/data'
          ? [
              ['way', FOLDER],
              ['mine', fileOf(4)],
            ]
          : [['mine', fileOf(4)]]
      },
      read: () => evil,
    },
    (chosen) => {
      mkdirSync(join(chosen, 'data'))
      symlinkSync('../..', join(chosen, 'data/way'))
      symlinkSync('../../mine', join(chosen, 'data/mine'))
    },
  )
  expect(reasons(found)).toEqual({
    'data/way': 'something that isn’t a folder has its name there',
    'data/way/mine': 'its folder could not be made',
    'data/mine': 'a link has its name there',
  })
})

it('links lead nowhere outside of the copied folder', async () => {
  const targets: Record<string, string> = {
    up: '..',
    absolute: '/etc/passwd',
    twice: 'inner/../../..',
    fine: 'inner/x',
  }
  const found = await download({
    stat: (path) => (path === '/data' ? FOLDER : LINK),
    names: once(Object.keys(targets).map((name) => [name, { mode: 0o120777 }] as const)),
    target: (path) => targets[path.slice('/data/'.length)] ?? '',
  })
  expect(readdirSync(join(found.chosen, 'data'))).toEqual(['fine'])
  expect(readlinkSync(join(found.chosen, 'data/fine'))).toBe('inner/x')
})

it.each([
  ['that greets with text', { greeting: Buffer.from('Welcome to this pod!\n') }],
  ['that answers what was not asked', { noise: Buffer.from([0, 0, 0, 5, 101, 9, 9, 9, 9]) }],
  ['that sends a packet without an end', { noise: Buffer.alloc(2_000_000, 0x7f) }],
])('a server %s fails the transfer', async (_, more) => {
  const found = await download({
    stat: (path) => (path === '/data' ? FOLDER : fileOf(4)),
    names: once([['file', { mode: 0o100644, size: 4 }]]),
    read: () => evil,
    ...more,
  })
  expect(found.result).toMatchObject({ ok: false })
})
