import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { requestChannel, requestNames } from '../../src/shared/ipc'
import { axeFaults, loadAxe } from '../harness/app/look/axe'
import { accessibilityTree } from '../harness/app/look/accessibility-tree'
import {
  accountIdOf,
  actionsSent,
  card,
  openScene,
  podKeyIn,
  type Scene,
  screenshot,
} from '../harness/app/start/scene'
import { TrayItem } from '../harness/app/desktop/tray'
import { waitUntil } from '../harness/app/act/wait-until'

/*
 * Terminating a pod can be requested in any window, and is confirmed in a window that only the app can open and only a
 * user can answer.
 */

/** The tests share one app. */
let scene: Scene
beforeAll(async () => {
  scene = await openScene({
    pods: [
      { id: 'a', name: 'comfy-scratch', mode: 'idle', startedAgoMin: 543, costPerHourUsd: 0.69 },
      { id: 'b', name: 'keeper', mode: 'training', persistent: { sizeGb: 100, path: '/workspace' } },
    ],
    settings: { terminateDeadlineS: 30 },
  })
  await scene.pasteKey()
  await waitUntil('the pods', async () => (await card(scene.page, 'keeper').count()) === 1)
})
afterAll(() => scene?.close())

const ask = async (podId: string): Promise<unknown> =>
  scene.page.evaluate(`window.app.confirmTerminate('${await podKeyIn(scene.page, podId)}')`)
const cancel = (page: Page) => page.getByRole('button', { name: 'Cancel' })
const verb = (page: Page) => page.getByRole('button', { name: /^Terminate/ })
const field = (page: Page) => page.getByRole('textbox')
/** Presses the button that confirms, which closes the window during the click. */
const confirm = (page: Page): Promise<void> =>
  verb(page)
    .click()
    .catch(() => undefined)
const hasCancelFocus = (page: Page): Promise<void> =>
  expect.poll(() => page.evaluate('document.activeElement?.textContent')).toBe('Cancel')
const isOpen = (): boolean => scene.running.app.windows().some((page) => page.url().endsWith('/confirm.html'))

async function question(podId: string): Promise<Page> {
  await ask(podId)
  const page = await scene.running.confirmWindow()
  await cancel(page).waitFor()
  return page
}

/** These tests leave no confirmation open; the last one terminates the pod. */
describe('terminating a pod', () => {
  afterEach(async () => {
    for (const page of scene.running.app.windows())
      if (page.url().endsWith('/confirm.html')) await page.close().catch(() => undefined)
    await waitUntil('the question to be gone', () => !isOpen())
  })

  test('shows a confirmation that screen readers read completely, in distinguishable colors', async () => {
    const page = await question('b')
    await hasCancelFocus(page)
    const tree = await accessibilityTree(page)
    for (const line of [
      'heading "Terminate keeper?" level=1',
      'text "Destroys the volume (100 GB) at /workspace and everything on it"',
      'textbox "Type the pod\'s name"',
      'button "Cancel" focused',
      'button "Terminate keeper" disabled',
    ])
      expect(tree).toContain(line)
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme })
      await loadAxe(page)
      expect(await axeFaults(page, theme === 'light' ? 'all' : 'contrast')).toEqual([])
      await screenshot(page, `terminate-${theme}`)
    }
  })

  test('does nothing with a wrong name or with the keyboard alone', async () => {
    const page = await question('a')
    // Cancel has the focus, Enter in the field does nothing, and the button requires the complete name.
    await hasCancelFocus(page)
    for (const wrong of ['', 'comfy', 'Comfy-scratch', 'comfy- scratch', 'a', 'keeper']) {
      await field(page).fill(wrong)
      await field(page).press('Enter')
      expect(await verb(page).isDisabled()).toBe(true)
      expect(await verb(page).getAttribute('aria-describedby')).toBe('typed-label')
    }
    await field(page).fill(' comfy-scratch ')
    expect(await verb(page).isDisabled()).toBe(false)
    expect(await verb(page).getAttribute('aria-describedby')).toBeNull()
    await field(page).press('Enter')
    // An untrusted page cannot confirm either by submitting text that was not typed correctly.
    const forged = await page.evaluate(`window.confirmation.confirmation().then(({ value }) =>
      window.confirmation.answerConfirmation(value.token, 'comfy-scratc'))`)
    expect(forged).toMatchObject({ ok: true, value: { kind: 'refused' } })
    // The window is closed before the key is released.
    await page.keyboard.press('Escape').catch(() => undefined)
    await expect.poll(isOpen).toBe(false)
    expect(actionsSent(scene)).toEqual([])
  })

  test('is confirmed in its own window only, which can request nothing else', async () => {
    const page = await question('a')
    const own = await page.evaluate('[Object.keys(window.confirmation).sort(), typeof window.app]')
    expect(own).toEqual([['answerConfirmation', 'confirmation'], 'undefined'])
    expect(await scene.page.evaluate('typeof window.confirmation')).toBe('undefined')
    // Main's response when each request comes from the other's window, bypassing both bridges.
    const answers = await scene.running.app.evaluate(
      async ({ ipcMain, webContents }, { channels, own: of }) => {
        type Handler = (event: unknown, ...args: unknown[]) => Promise<{ ok: boolean }>
        const handlers = (ipcMain as unknown as { _invokeHandlers: Map<string, Handler> })._invokeHandlers
        const find = (name: string) =>
          webContents.getAllWebContents().find((one) => one.getURL().endsWith(name))!
        const from = (name: string) => {
          const sender = find(name)
          return { sender, senderFrame: sender.mainFrame }
        }
        const asked: boolean[] = []
        for (const channel of channels)
          asked.push((await handlers.get(channel)!(from('/confirm.html'), 'a')).ok)
        for (const channel of of)
          asked.push((await handlers.get(channel)!(from('/index.html'), 'x', null)).ok)
        return asked
      },
      {
        channels: requestNames.map(requestChannel),
        own: ['podkeeper:confirmation:confirmation', 'podkeeper:confirmation:answerConfirmation'],
      },
    )
    expect(answers).toEqual([...requestNames, 1, 2].map(() => false))
    expect(actionsSent(scene)).toEqual([])
  })

  test('can be started from the tray, which only asks', async () => {
    const tray = await TrayItem.of(scene.running)
    try {
      await waitUntil('the pod in the menu', async () =>
        (await tray.menu()).some(({ label }) => label.startsWith('comfy-scratch')),
      )
      await tray.choose('comfy-scratch', 'Terminate…')
      const page = await scene.running.confirmWindow()
      await cancel(page).waitFor()
      expect(actionsSent(scene)).toEqual([])
    } finally {
      tray.disconnect()
    }
  })

  test('asks again if the pod is stopped in between, and gives way to the confirmation for another pod', async () => {
    const page = await question('b')
    expect(await page.textContent('main')).toContain('Destroys the volume (100 GB) at /workspace')
    await field(page).fill('keeper')
    scene.runpod.act('b', 'stop')
    await expect.poll(() => page.textContent('main')).toContain('changed while this was open')
    await expect.poll(() => field(page).inputValue()).toBe('')
    await ask('a')
    await expect.poll(() => page.textContent('h1')).toBe('Terminate comfy-scratch?')
    expect(scene.running.app.windows().filter((one) => one.url().endsWith('/confirm.html'))).toHaveLength(1)
    await page.close()
    await ask('a')
    const again = await waitUntil('a new window', () =>
      scene.running.app.windows().find((one) => one !== page && one.url().endsWith('/confirm.html')),
    )
    // As with Escape, the window closes during the click.
    await cancel(again)
      .click()
      .catch(() => undefined)
    await expect.poll(isOpen).toBe(false)
    expect(actionsSent(scene)).toEqual([])
    scene.runpod.act('b', 'start')
  })

  test('is not sent while the audit log cannot be written', async () => {
    const page = await question('a')
    await scene.running.app.evaluate(() => {
      const fs = process.mainModule!.require('node:fs') as typeof import('node:fs')
      const write = fs.writeSync
      Object.assign(globalThis, { restoreWrite: () => (fs.writeSync = write) })
      fs.writeSync = ((file: number, ...rest: [never]) => {
        if (String(rest[0]).includes('terminate confirmed'))
          throw new Error('ENOSPC: no space left on device')
        return write(file, ...rest)
      }) as typeof fs.writeSync
    })
    await field(page).fill('comfy-scratch')
    await verb(page).click()
    await expect.poll(() => page.textContent('main')).toContain('could not be saved')
    expect(actionsSent(scene)).toEqual([])
    await scene.running.app.evaluate(() => {
      ;(globalThis as unknown as { restoreWrite: () => void }).restoreWrite()
    })
  })

  test('is confirmed in the same way when chosen for maximum hours, and sends nothing', async () => {
    const rules = () =>
      scene.page.evaluate<unknown>(`window.app.snapshot().then(({ value }) =>
        value.pods.find(({ id }) => id === 'a').guard.rules)`)
    const key = await podKeyIn(scene.page, 'a')
    await scene.page.evaluate(`window.app.changePodRules('${key}', { maxHours: 20 })`)
    await expect.poll(rules).toEqual({ maxHours: 20 })
    await scene.page.evaluate(`window.app.confirmTerminateAtMaxHours('${key}')`)
    const page = await scene.running.confirmWindow()
    await cancel(page).waitFor()
    expect(await page.textContent('h1')).toBe('Terminate comfy-scratch at its maximum hours?')
    expect(await page.textContent('main')).toContain('without asking again')
    await screenshot(page, 'terminate-at-max-hours')
    await field(page).fill('comfy-scratch')
    await confirm(page)
    await expect.poll(rules).toEqual({ maxHours: 20, atMaxHours: 'terminate' })
    await expect.poll(isOpen).toBe(false)
    expect(actionsSent(scene)).toEqual([])
  })

  test('ends the pod once, after the right name and a statement of what is destroyed', async () => {
    const page = await question('a')
    const text = await page.textContent('main')
    expect(text).toContain('Terminate comfy-scratch?')
    expect(text).toContain('Destroys the container disk')
    expect(text).toContain('No volume is attached: all data on this pod will be lost')
    expect(text).toMatch(/Ends \$0\.69\/hr · running 9 h(?: \d min)? · \$6\.\d\d so far/)
    await field(page).fill('comfy-scr')
    await screenshot(page, 'terminate')
    await expect.poll(() => verb(page).isDisabled()).toBe(true)
    await field(page).fill('comfy-scratch')
    await confirm(page)
    await expect.poll(() => actionsSent(scene)).toEqual(['terminate a'])
    await expect.poll(isOpen).toBe(false)
    await expect.poll(() => card(scene.page, 'comfy-scratch').count(), { timeout: 30_000 }).toBe(0)
    expect(() => scene.runpod.pod('a')).toThrow()
    const journal = readFileSync(join(scene.running.dataDir, 'intents.jsonl'), 'utf8')
    expect(journal.match(/"action":"terminate","origin":"person","phase":"observed"/g)).toHaveLength(1)
    expect(actionsSent(scene)).toEqual(['terminate a'])
  })
})

describe('terminating a pod from an untrusted page', () => {
  test('is impossible with any request of a window, whatever it contains', async () => {
    const unsettling = [
      'startDemo',
      'pasteKey',
      'hidePopover',
      'openPage',
      'copyDiagnostics',
      'chooseLogFile',
    ]
    const terminated = actionsSent(scene).filter((sent) => sent.startsWith('terminate'))
    const accountId = await accountIdOf(scene.page)
    const key = await podKeyIn(scene.page, 'b')
    await expect.poll(() => card(scene.page, 'keeper').textContent()).toMatch(/Busy \d+%/)
    // A request that asks the person is not answered.
    await scene.page.evaluate(`(async () => {
      const [key, id] = ${JSON.stringify([key, accountId])}
      for (const name of ${JSON.stringify(requestNames.filter((name) => !unsettling.includes(name)))})
        for (const args of [[key], [key, 'terminate'], [key, 'keeper'], [key, { atMaxHours: 'terminate' }],
          [key, 'terminate', true], [{ key, action: 'terminate' }], ['terminate', key], ['b', 'terminate'],
          [id, 'b', 'terminate'], [id, { isPaused: false }], [key, 'stop']])
          await Promise.race([window.app[name](...args), new Promise((resolve) => setTimeout(resolve, 2_000))])
    })()`)
    // Other requests succeed meanwhile, so there was enough time.
    await expect.poll(() => actionsSent(scene)).toContain('stop b')
    expect(actionsSent(scene).filter((sent) => sent.startsWith('terminate'))).toEqual(terminated)
    expect(scene.runpod.pod('b')['status']).toBeDefined()
    await cancel(await scene.running.confirmWindow()).waitFor()
  })
})
