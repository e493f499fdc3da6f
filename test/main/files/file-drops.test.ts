import { expect, test } from 'vitest'
import { fail, ok } from '../../../src/core/base/result'
import { createFileDrops } from '../../../src/main/files/file-drops'
import { type FileDrop, MAX_DROPPED } from '../../../src/shared/file-drop'

const drop: FileDrop = {
  podKey: 'a/p',
  folder: '/workspace',
  terminalId: null,
  paths: ['/home/me/data'],
  isShownThere: false,
}

/** Main, to which drops are sent, by a window of the app unless stated otherwise. */
function serve() {
  const drops: FileDrop[] = []
  const failures: string[] = []
  const reports: unknown[] = []
  let nowMs = 0
  let answer = async (): Promise<ReturnType<typeof fail<string>> | ReturnType<typeof ok<void>>> =>
    Promise.resolve(ok(undefined))
  const take = createFileDrops({
    nowMs: () => nowMs,
    report: (_what, cause) => reports.push(cause),
    async onDrop(taken) {
      drops.push(taken)
      return answer()
    },
    onFailed: (message) => failures.push(message),
  })
  const ours = { url: 'podkeeper://app/window.html', isTopFrame: true, isInAppWindow: true }
  const send = (args: readonly unknown[], more: Partial<typeof ours> = {}) => take({ ...ours, ...more }, args)
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
    [{ ...drop, terminalId: 1 }],
    [{ ...drop, terminalId: 'x'.repeat(201) }],
    [{ ...drop, paths: [''] }],
    [{ ...drop, paths: ['/a\0'] }],
    [{ ...drop, paths: '/a' }],
    [{ ...drop, paths: Array.from({ length: MAX_DROPPED + 1 }, () => '/a') }],
  ]
  for (const args of bad) await app.send(args)
  await app.send([drop], { url: 'https://example.com/' })
  await app.send([drop], { isTopFrame: false })
  await app.send([drop], { isInAppWindow: false })
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

test('why a drop is not uploaded is shown in the window, a bug included', async () => {
  const app = serve()
  app.answers(async () => Promise.resolve(fail('The pod isn’t running.')))
  await app.send([drop])
  expect(app.failures).toEqual(['The pod isn’t running.'])
  app.answers(async () => Promise.reject(new Error('bug')))
  await app.send([drop])
  expect(app.failures).toHaveLength(2)
  expect(app.reports).toEqual([new Error('bug')])
})
