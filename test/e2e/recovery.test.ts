import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { actionsSent, card, openScene, type Scene, toasts, VOLUME } from '../harness/app/start/scene'
import { waitUntil } from '../harness/app/act/wait-until'

let scene: Scene

const lists = () => scene.runpod.requests.filter(({ path }) => path === '/v2/pods').length
const log = () => readFileSync(join(scene.running.dataDir, 'logs/podkeeper.log'), 'utf8')

/** Kills the process of every page of this file, like a crash. */
const crash = (file: string) =>
  scene.running.app.evaluate(
    ({ BrowserWindow }, name) =>
      BrowserWindow.getAllWindows()
        .filter((window) => window.webContents.getURL().includes(name))
        .forEach((window) => window.webContents.forcefullyCrashRenderer()),
    file,
  )

/** The windows' content as they report it, because Playwright cannot see a page again after a crash. */
const shown = () =>
  scene.running.app.evaluate(({ BrowserWindow }) =>
    Promise.all(
      BrowserWindow.getAllWindows().map(async (window) => ({
        url: window.webContents.getURL(),
        isVisible: window.isVisible(),
        text: window.webContents.isCrashed()
          ? ''
          : await Promise.race([
              window.webContents.executeJavaScript('document.body.innerText') as Promise<string>,
              // A page that closes during the call never responds.
              new Promise<string>((resolve) => setTimeout(() => resolve(''), 500)),
            ]),
      })),
    ),
  )

/** Like `screenshot`, for a page that Playwright considers crashed. */
async function picture(name: string): Promise<void> {
  const png = await scene.running.app.evaluate(async ({ BrowserWindow }) =>
    (
      await BrowserWindow.getAllWindows()
        .find((window) => !window.webContents.getURL().endsWith('window.html'))
        ?.capturePage()
    )
      ?.toPNG()
      .toString('base64'),
  )
  const folder = resolve(import.meta.dirname, '../../screenshots')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${name}.png`), Buffer.from(png ?? '', 'base64'))
}

const TICK_MS = 10

/**
 * From the end of the popover's process to its next load, which main begins: in ticks of main, of which there are fewer
 * while it doesn't get to run.
 */
const ticksToReload = () =>
  scene.running.app.evaluate(
    ({ BrowserWindow }, tickMs) =>
      new Promise<number>((resolve) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents
        contents?.once('render-process-gone', () => {
          let ticks = 0
          const timer = setInterval(() => (ticks += 1), tickMs)
          contents.once('did-start-loading', () => {
            clearInterval(timer)
            resolve(ticks)
          })
        })
      }),
    TICK_MS,
  )

/** Runs in the popover, also after Playwright has lost sight of it. */
const inPopover = (script: string): Promise<unknown> =>
  scene.running.app.evaluate(({ BrowserWindow }, text) => {
    const popover = BrowserWindow.getAllWindows().find(
      (window) => !window.webContents.getURL().endsWith('window.html'),
    )
    return popover?.webContents.executeJavaScript(text)
  }, script)
/** Instructions have an address of their own. */
const popoverShown = async () => (await shown()).find(({ url }) => !url.endsWith('window.html'))

/** These tests share an app and run in order. */
describe('the app', () => {
  beforeAll(async () => {
    scene = await openScene({
      pods: [{ id: 'a', name: 'a', mode: 'training', ...VOLUME }],
      settings: { undoS: 5 },
    })
    await scene.pasteKey()
    await waitUntil('the pod', async () => (await card(scene.page, 'a').count()) === 1)
  })
  afterAll(() => scene?.close())

  test('survives an uncaught error, keeps polling, and logs the error without the key', async () => {
    await scene.running.app.evaluate(() => {
      setTimeout(() => {
        throw new Error('thrown with Bearer rpa_canary_canary')
      })
      void Promise.reject(new Error('rejected with ?api_key=rpa_canary_canary'))
    })
    await expect.poll(log).toMatch(/not caught: Error: thrown/)
    await expect.poll(log).toMatch(/not handled: Error: rejected/)
    expect(log() + scene.running.output()).not.toContain('canary_canary')
    const before = lists()
    await expect.poll(lists).toBeGreaterThan(before + 2)
  })

  test('loads a page that crashes again within two seconds, and sends a pending stop once', async () => {
    await card(scene.page, 'a').getByRole('button', { name: 'Stop a' }).click()
    await expect.poll(() => toasts(scene.page).textContent()).toContain('Stopping a in')
    const listsBefore = lists()
    const reload = ticksToReload()
    await crash('index.html')
    expect((await reload) * TICK_MS).toBeLessThan(2_000)
    await expect.poll(async () => (await popoverShown())?.text ?? '').toMatch(/Stop/)
    await expect.poll(() => actionsSent(scene)).toEqual(['stop a'])
    await expect.poll(async () => (await popoverShown())?.text ?? '').toMatch(/Stopped at/)
    expect(actionsSent(scene)).toEqual(['stop a'])
    expect(lists()).toBeGreaterThan(listsBefore)
    expect(log()).toMatch(/The page of index\.html is gone \(\w+, code \d+\); it is loaded again in 1 s/)
  })

  test('ends and reloads a page that hangs, while polling continues', async () => {
    // It never answers.
    inPopover('for (;;) {}').catch(() => undefined)
    const before = lists()
    // Chromium reports this some seconds after a click that gets no response.
    await scene.running.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.emit('unresponsive'),
    )
    await expect.poll(log).toMatch(/does not answer/)
    await expect.poll(log).toMatch(/hangs and is closed[^]*it is loaded again/)
    await expect.poll(async () => (await popoverShown())?.text ?? '').toMatch(/Stopped at/)
    expect(lists()).toBeGreaterThan(before)
  })
})

/** These tests share an app and run in order. */
describe('a page that crashes', () => {
  beforeAll(async () => {
    scene = await openScene({ pods: [{ id: 'a', name: 'a', mode: 'training' }] })
    await scene.pasteKey()
    await waitUntil('the pod', async () => (await card(scene.page, 'a').count()) === 1)
  })
  afterAll(() => scene?.close())

  test('returns in the main window if it was there, and stays hidden if it was hidden', async () => {
    await scene.page.evaluate("window.app.openWindow('pods')")
    const main: Page = await scene.running.mainWindow()
    await expect.poll(() => main.getByRole('article').count()).toBe(1)
    await scene.running.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()
        .find((window) => window.webContents.getURL().endsWith('index.html'))
        ?.close(),
    )
    await expect.poll(async () => (await shown()).filter((one) => one.isVisible).length).toBe(1)
    await crash('index.html')
    await crash('window.html')
    await expect.poll(async () => (await shown())[0]?.text).toContain('a')
    await expect.poll(shown).toMatchObject([{ url: 'podkeeper://app/window.html', isVisible: true }])
    // Opening the popover again creates a new window.
    await scene.running.app.evaluate(({ app }) => app.emit('second-instance', {}, []))
    await expect.poll(async () => (await shown()).filter((one) => one.isVisible).length).toBe(2)
  })

  test('gives instructions if it crashes repeatedly, and its button opens it', async () => {
    for (let loads = 1; loads <= 4; loads += 1) {
      await expect.poll(async () => (await popoverShown())?.text ?? '').toMatch(/Running/)
      await crash('index.html')
      await expect.poll(async () => (await popoverShown())?.text ?? '').not.toMatch(/Running/)
    }
    await expect
      .poll(async () => (await popoverShown())?.text ?? '')
      .toMatch(/stopped working.*goes on without it/s)
    const before = lists()
    await expect.poll(lists).toBeGreaterThan(before + 1)
    await picture('recovery')
    await inPopover(`[...document.querySelectorAll('a')].find((link) => link.offsetParent !== null).click()`)
    await expect.poll(async () => (await popoverShown())?.text ?? '').toMatch(/Running/)
    expect(await popoverShown()).toMatchObject({ url: 'podkeeper://app/index.html', isVisible: true })
  })
})
