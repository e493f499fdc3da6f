import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { MINUTE_MS } from '../../../src/core/base/time/time'
import type { ReleaseFile } from '../../../src/core/updates/release-feed'
import { createFileDownload } from '../../../src/main/updates/download-file'
import { createReleaseFileFetcher } from '../../../src/providers/updates/fetch-release-file'
import { createFakeClock } from '../../harness/base/fake-clock'
import { startHttpServer, text } from '../../harness/http/http-server'
import { fileOf, rangeReply, startFileServer } from '../../harness/updates/release-file-server'

const BODY = 'an archive of the app, '.repeat(20_000)
const FILE = fileOf(BODY)

async function newDownload(body = BODY) {
  const server = await startFileServer(body)
  onTestFinished(() => server.close())
  const folder = join(mkdtempSync(join(tmpdir(), 'updates-')), 'updates')
  const clock = createFakeClock()
  const seenBytes: number[] = []
  const fetchFile = createReleaseFileFetcher({
    version: '0.1.0',
    url: server.feedUrl,
    hosts: 'loopback-only',
    proxyEnvironment: {},
  })
  const download = createFileDownload({ clock, folder, fetchFile })
  const begin = (file: ReleaseFile = FILE) => download(file, (bytes) => seenBytes.push(bytes))
  const [whole, part] = [join(folder, `${FILE.sha256}.zip`), join(folder, `${FILE.sha256}.zip.part`)]
  return {
    server,
    folder,
    clock,
    seenBytes,
    begin,
    run: (file?: ReleaseFile) => begin(file).done,
    whole,
    part,
  }
}

const ranges = ({ requests }: Awaited<ReturnType<typeof startFileServer>>) =>
  requests.map(({ headers }) => headers.range ?? 'all')

test('a file of the feed is downloaded from beside it to a private file, and once', async () => {
  const { server, folder, run, whole, seenBytes } = await newDownload()
  expect(await run()).toEqual({ ok: true, value: whole })
  expect(readFileSync(whole, 'utf8')).toBe(BODY)
  expect(server.requests[0]).toMatchObject({ method: 'GET', path: '/files/podkeeper-darwin-arm64.zip' })
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  expect(statSync(whole).mode & 0o777).toBe(0o600)
  expect(seenBytes.at(-1)).toBe(BODY.length)
  expect(await run()).toEqual({ ok: true, value: whole })
  expect(server.requests).toHaveLength(1)
})

test.each([
  ['another file of the same size', BODY.replace('archive', 'Archive')],
  ['a longer file', `${BODY}!`],
])('%s is refused and deleted', async (_what, body) => {
  const { folder, run } = await newDownload(body)
  expect(await run()).toEqual({
    ok: false,
    error: {
      problem: 'What was downloaded isn’t the file that Podkeeper’s releases name, so it was deleted.',
      isForeign: true,
    },
  })
  expect(readdirSync(folder)).toEqual([])
})

test('no more is read than the feed says, however much the server sends', async () => {
  const { server, folder, run } = await newDownload()
  server.reply({ kind: 'endless', chunk: 'x'.repeat(65_536) })
  expect(await run()).toMatchObject({ error: { isForeign: true } })
  expect(readdirSync(folder)).toEqual([])
})

test('an interrupted download is continued where it ended', async () => {
  const { server, run, whole, part } = await newDownload()
  server.reply({ kind: 'half', status: 200, body: BODY })
  expect(await run()).toMatchObject({ ok: false, error: { isForeign: false } })
  expect(existsSync(whole)).toBe(false)
  const left = statSync(part).size
  expect(left).toBeGreaterThan(0)
  server.replyWith((request) => rangeReply(BODY, request))
  expect(await run()).toEqual({ ok: true, value: whole })
  expect(ranges(server)).toEqual(['all', `bytes=${left}-`])
  expect(readFileSync(whole, 'utf8')).toBe(BODY)
})

test('a part of something else is started anew, once', async () => {
  const { server, folder, begin, whole, part } = await newDownload()
  await begin().done
  writeFileSync(part, 'not of this file')
  writeFileSync(whole, 'damaged since')
  expect(await begin().done).toEqual({ ok: true, value: whole })
  expect(ranges(server)).toEqual(['all', 'bytes=16-', 'all'])
  expect(readdirSync(folder)).toEqual([`${FILE.sha256}.zip`])
})

test('a server that can’t continue sends all of it again', async () => {
  const { server, run, whole, part } = await newDownload()
  await run()
  for (const reply of [text(BODY), text('', { status: 416 })]) {
    writeFileSync(whole, '')
    writeFileSync(part, BODY.slice(0, 100))
    server.replyWith(({ headers }) => (headers.range === undefined ? text(BODY) : reply))
    expect(await run()).toEqual({ ok: true, value: whole })
  }
  expect(ranges(server)).toEqual(['all', 'bytes=100-', 'bytes=100-', 'all'])
})

test('a redirect to another origin is not followed, and what is there stays', async () => {
  const other = await startHttpServer(text(BODY))
  onTestFinished(() => other.close())
  const { server, run, part } = await newDownload()
  server.reply(text('', { status: 302, headers: { location: `${other.origin}/file.zip` } }))
  expect(await run()).toMatchObject({
    error: { problem: expect.stringContaining('redirects to'), isForeign: false },
  })
  expect(other.requests).toEqual([])
  expect(statSync(part).size).toBe(0)
})

test('a connection over which nothing arrives for a minute is given up, and so is one that is canceled', async () => {
  const { server, clock, begin, seenBytes } = await newDownload()
  server.reply({ kind: 'stall', body: BODY })
  const stalled = begin()
  await vi.waitFor(() => expect(seenBytes.at(-1)).toBe(Math.floor(BODY.length / 2)))
  clock.advance(MINUTE_MS)
  expect(await stalled.done).toMatchObject({
    error: { problem: expect.stringContaining('did not answer in time'), isForeign: false },
  })
  server.reply({ kind: 'hang' })
  const canceled = begin()
  await server.received(2)
  canceled.cancel()
  expect((await canceled.done).ok).toBe(false)
})

test('a full disk is said, and what was written makes room', async () => {
  const { folder, run } = await newDownload()
  const handle = await open(join(tmpdir(), 'updates-probe'), 'w')
  const full = vi
    .spyOn(Object.getPrototypeOf(handle) as FileHandle, 'appendFile')
    .mockRejectedValue(Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' }))
  onTestFinished(() => full.mockRestore())
  await handle.close()
  expect(await run()).toMatchObject({
    error: { problem: 'This computer’s disk is full, so the update wasn’t downloaded.' },
  })
  expect(readdirSync(folder)).toEqual([])
})

test('what lies in the folder of another release is deleted, and a link in place of the file is not followed', async () => {
  const { folder, run, part } = await newDownload()
  await run()
  const outside = join(folder, '../outside')
  writeFileSync(join(folder, 'older.zip'), 'older')
  writeFileSync(join(folder, `${FILE.sha256}.zip`), '')
  symlinkSync(outside, part)
  expect(await run()).toMatchObject({ error: { problem: expect.stringContaining('couldn’t be stored') } })
  expect(existsSync(outside)).toBe(false)
  expect(existsSync(join(folder, 'older.zip'))).toBe(false)
})
