import type { WebContents } from 'electron'
import { expect, test } from 'vitest'
import { fail, ok } from '../../../src/core/base/result'
import { serveFileDrops } from '../../../src/main/files/file-drops'
import { FILE_DROP_CHANNEL, type FileDrop, MAX_DROPPED } from '../../../src/shared/file-drop'

const drop: FileDrop = { podKey: 'a/p', folder: '/workspace', paths: ['/home/me/data'], isShownThere: false }

/** Main, with drops that arrive from `url`, in a window of the app or another one. */
function serve() {
  const drops: FileDrop[] = []
  const failures: string[] = []
  const reports: unknown[] = []
  let nowMs = 0
  let answer = async (): Promise<ReturnType<typeof fail<string>> | ReturnType<typeof ok<void>>> =>
    Promise.resolve(ok(undefined))
  let handler: (event: unknown, ...args: unknown[]) => Promise<void> = async () => Promise.resolve()
  serveFileDrops({
    ipcMain: {
      handle(channel, listener) {
        expect(channel).toBe(FILE_DROP_CHANNEL)
        handler = listener as typeof handler
      },
    },
    isAppWindow: (contents) => (contents as WebContents & { isOurs?: boolean }).isOurs === true,
    nowMs: () => nowMs,
    report: (_what, cause) => reports.push(cause),
    async onDrop(taken) {
      drops.push(taken)
      return answer()
    },
    onFailed: (message) => failures.push(message),
  })
  const send = (args: readonly unknown[], url = 'podkeeper://app/window.html', more = {}) =>
    handler(
      {
        sender: { isDestroyed: () => false, isOurs: true },
        senderFrame: { url, parent: null },
        ...more,
      },
      ...args,
    )
  return {
    drops,
    failures,
    reports,
    send,
    wait: (ms: number) => void (nowMs += ms),
    answers: (next: typeof answer) => void (answer = next),
  }
}

test('a drop in a window of the app is taken as it is', async () => {
  const app = serve()
  await app.send([drop])
  await app.send([{ ...drop, folder: null, paths: [] }])
  expect(app.drops).toEqual([drop, { ...drop, folder: null, paths: [] }])
  expect(app.failures).toEqual([])
})

test('what anyone else sends, and what is no drop, is refused in the window', async () => {
  const app = serve()
  const bad: readonly (readonly unknown[])[] = [
    [],
    [drop, drop],
    [null],
    [{ ...drop, more: 1 }],
    [{ ...drop, podKey: 'p' }],
    [{ ...drop, folder: 'workspace' }],
    [{ ...drop, paths: [''] }],
    [{ ...drop, paths: ['/a\0'] }],
    [{ ...drop, paths: '/a' }],
    [{ ...drop, paths: Array.from({ length: MAX_DROPPED + 1 }, () => '/a') }],
  ]
  for (const args of bad) await app.send(args)
  await app.send([drop], 'https://example.com/')
  await app.send([drop], undefined, { senderFrame: { url: 'podkeeper://app/window.html', parent: {} } })
  await app.send([drop], undefined, { sender: { isDestroyed: () => false } })
  expect(app.drops).toEqual([])
  expect(app.failures).toHaveLength(bad.length + 3)
  expect(app.failures.filter((text) => text.startsWith('Too many files'))).toHaveLength(1)
})

test('drops in a loop are refused, and taken again later', async () => {
  const app = serve()
  for (let count = 0; count < 30; count += 1) await app.send([drop])
  expect(app.drops).toHaveLength(10)
  app.wait(2_000)
  await app.send([drop])
  expect(app.drops).toHaveLength(11)
})

test('why a drop is not uploaded is said in the window, a bug included', async () => {
  const app = serve()
  app.answers(async () => Promise.resolve(fail('The pod isn’t running.')))
  await app.send([drop])
  expect(app.failures).toEqual(['The pod isn’t running.'])
  app.answers(async () => Promise.reject(new Error('bug')))
  await app.send([drop])
  expect(app.failures).toHaveLength(2)
  expect(app.reports).toEqual([new Error('bug')])
})
