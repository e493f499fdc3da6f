import { EventEmitter } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { createMacInstaller, type MacUpdater } from '../../../src/main/updates/mac-installer'
import { serveFileOnce } from '../../../src/main/updates/serve-file-once'
import { createWindowsInstaller } from '../../../src/main/updates/windows-installer'
import { createFakeClock } from '../../harness/base/fake-clock'

const path = join(mkdtempSync(join(tmpdir(), 'updates-')), 'update.zip')
writeFileSync(path, 'an archive')

const textOf = async (url: string): Promise<string> => {
  const response = await fetch(url)
  return response.ok ? response.text() : String(response.status)
}

test('the file is served once, with the document that names it, at a path that nobody can guess', async () => {
  const { feedUrl, close } = await serveFileOnce(path)
  const { origin, pathname } = new URL(feedUrl)
  expect(feedUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{64}\/update\.json$/)
  for (const other of ['/', '/update.zip', `${pathname}/..`, '/../etc/passwd', `${pathname}?x`])
    expect(await textOf(`${origin}${other}`)).toBe('404')
  const { url } = JSON.parse(await textOf(feedUrl)) as { url: string }
  expect(new URL(url).origin).toBe(origin)
  expect(await textOf(url)).toBe('an archive')
  expect([await textOf(feedUrl), await textOf(url)]).toEqual(['404', '404'])
  close()
  await expect(fetch(feedUrl)).rejects.toThrow()
})

/** Does what macOS's updater does with an address: reads the document, then the file. */
function newMac(then: (content: string, updater: EventEmitter) => void) {
  const updater = new EventEmitter()
  const calls: string[] = []
  let feedUrl = ''
  const clock = createFakeClock()
  const installer = createMacInstaller(
    Object.assign(updater, {
      setFeedURL: ({ url }: { url: string }) => void (feedUrl = url),
      async checkForUpdates() {
        const { url } = JSON.parse(await textOf(feedUrl)) as { url: string }
        then(await textOf(url), updater)
      },
      quitAndInstall: () => void calls.push('quitAndInstall'),
    }) as unknown as MacUpdater,
    clock,
  )
  return { installer, calls, clock, feedUrl: () => feedUrl }
}

test('macOS’s updater gets the file from loopback, and installs it at the end or restarts when asked', async () => {
  const { installer, calls, feedUrl } = newMac((content, updater) => {
    expect(content).toBe('an archive')
    updater.emit('update-downloaded')
  })
  expect(await installer.stage(path)).toEqual({ ok: true, value: undefined })
  await expect(fetch(feedUrl())).rejects.toThrow()
  expect(installer.isCalledAtQuit).toBe(false)
  expect(installer.install(path, false)).toBe(false)
  expect(calls).toEqual([])
  expect(installer.install(path, true)).toBe(true)
  expect(calls).toEqual(['quitAndInstall'])
})

test('an updater that refuses the file, or never answers, says so and serves nothing any more', async () => {
  const refusing = newMac((_content, updater) => updater.emit('error', new Error('not signed')))
  expect(await refusing.installer.stage(path)).toEqual({
    ok: false,
    error: 'The system’s updater refused the update (not signed). Get it from the release page.',
  })
  const silent = newMac(() => {})
  const staged = silent.installer.stage(path)
  await vi.waitFor(() => expect(silent.clock.pendingDelaysMs()).toHaveLength(1))
  silent.clock.advance(600_000)
  expect((await staged).ok).toBe(false)
  await expect(fetch(silent.feedUrl())).rejects.toThrow()
  expect((await silent.installer.stage(join(path, 'missing'))).ok).toBe(false)
})

test('Windows’s installer is started without questions at the end, and starts the app again only if asked to', async () => {
  const started: unknown[] = []
  const installer = createWindowsInstaller((file, args) => started.push([file, ...args]))
  expect((await installer.stage(path)).ok).toBe(true)
  expect(started).toEqual([])
  expect([installer.isCalledAtQuit, installer.install(path, false), installer.install(path, true)]).toEqual([
    true,
    false,
    false,
  ])
  expect(started).toEqual([
    [path, '/S'],
    [path, '/S', '/RESTART'],
  ])
})
