import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createNotices } from '../../../src/core/view/notices'
import { createSessionFolderLock } from '../../../src/main/account/session-folder-lock'
import { createFolderLock } from '../../../src/node/data-folder/lock/folder-lock'

function openApp(folder: string) {
  const notices = createNotices()
  const reported: string[] = []
  const lock = createSessionFolderLock({
    dataFolder: folder,
    journalPath: join(folder, 'intents.jsonl'),
    nowMs: Date.now,
    notices,
    report: (text) => reported.push(text),
  })
  let activations = 0
  lock.onActive(() => (activations += 1))
  onTestFinished(() => lock.dispose())
  return {
    lock,
    reported,
    texts: () => notices.all().map(({ text }) => text),
    activations: () => activations,
  }
}

test('an app without a usable lock acts until a command holds it, says who acts, and takes over again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-session-'))
  writeFileSync(join(folder, 'writer'), '')
  const app = openApp(folder)
  await app.lock.start()
  expect(app.lock.mayAnnounce()).toBe(true)
  expect([app.activations(), app.texts(), app.reported.length]).toEqual([1, [], 1])

  rmSync(join(folder, 'writer'))
  const command = createFolderLock({
    dataFolder: folder,
    journalPath: join(folder, 'intents.jsonl'),
    program: 'cli',
    canActUnlocked: false,
    nowMs: Date.now,
    onRole: () => {},
  })
  await command.start()
  expect(app.lock.mayWrite().ok).toBe(false)
  expect(app.lock.mayAnnounce()).toBe(false)
  await vi.waitFor(() =>
    expect(app.texts()).toEqual([expect.stringMatching(/^A podkeeper command .*only shows/)]),
  )

  command.dispose()
  await vi.waitFor(() => expect(app.lock.mayAnnounce()).toBe(true))
  await vi.waitFor(() => expect(app.texts()).toEqual([]))
  expect(app.activations()).toBe(2)
})

test('an app on a folder of a newer version says so, shows, and neither alerts nor acts', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-session-'))
  writeFileSync(join(folder, 'format.json'), '{"version":3}')
  const app = openApp(folder)
  await app.lock.start()
  expect(app.texts()).toEqual([expect.stringMatching(/in format 3.*Update Podkeeper/)])
  expect([app.lock.mayAnnounce(), app.lock.mayWrite().ok, app.activations()]).toEqual([false, false, 0])
})
