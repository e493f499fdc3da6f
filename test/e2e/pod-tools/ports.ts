import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import type { PortForward } from '../../../src/core/ports/port-forward'
import { startProgram, writeJupyterServer } from '../../harness/ssh/listening-program'
import type { OpenSshServer } from '../../harness/ssh/openssh-server'
import { axeFaults, loadAxe } from '../../harness/app/look/axe'
import { answerQuestion, questionTitled, trustHostKey } from '../../harness/app/act/questions'
import { card, podKeyIn, type Scene, screenshot } from '../../harness/app/start/scene'
import { freePort } from '../../harness/base/free-port'

/* The Ports page beside a real OpenSSH server whose computer runs a Jupyter, a TensorBoard and another program. */

const TOKEN = 'never-show-this-token'

/** For `describePorts`: the pod "mixtral" with the id def456, and no other app that uses the scene afterward. */
export interface PortsPod {
  readonly scene: Scene
  readonly server: OpenSshServer
}

async function showMain(scene: Scene): Promise<Page> {
  await scene.page.evaluate("window.app.openWindow('pods')")
  const page = await scene.running.mainWindow()
  await page.setViewportSize({ width: 1_180, height: 820 })
  await card(page, 'mixtral').waitFor()
  return page
}

const goToPorts = (page: Page) =>
  page.getByRole('navigation').getByRole('button', { name: 'Ports', exact: true }).click()
const sectionOf = (page: Page, pod = 'mixtral') => page.getByRole('region', { name: `Ports of ${pod}` })
const row = (page: Page, name: string) =>
  sectionOf(page).getByRole('listitem', { name: `${name} of mixtral`, exact: true })

/** What the app opens in the browser from now on. */
const watchBrowser = (scene: Scene) =>
  scene.running.app.evaluateHandle(({ shell }) => {
    const addresses: string[] = []
    shell.openExternal = (address) => {
      addresses.push(address)
      return Promise.resolve()
    }
    return addresses
  })

async function inspect(page: Page, name: string): Promise<void> {
  await loadAxe(page)
  for (const width of [360, 900, 1_180]) {
    await page.setViewportSize({ width, height: 820 })
    await screenshot(page, `${name}-${width}`)
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
  }
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    expect(await axeFaults(page, colorScheme === 'light' ? 'all' : 'contrast')).toEqual([])
    await screenshot(page, `${name}-${colorScheme}`)
  }
}

export function describePorts(of: () => PortsPod): void {
  test('ports of a pod are found, forwarded, opened, stopped, and offered again after a restart of the app', async () => {
    const [jupyter, tensorboard] = await Promise.all([
      startProgram('jupyter-lab'),
      startProgram('tensorboard'),
    ])
    const { scene, server } = of()
    const page = await showMain(scene)
    writeJupyterServer(server.folder, jupyter, TOKEN)
    const opened = await watchBrowser(scene)
    const addresses = () => opened.jsonValue()
    const errors: string[] = []
    page.on('console', (message) => errors.push(message.text()))
    page.on('pageerror', (error) => errors.push(error.message))

    // From the pod's menu: the focus is on that pod.
    await card(page, 'mixtral').getByRole('button', { name: 'Actions of mixtral' }).click()
    await page.getByRole('menuitem', { name: 'Ports…' }).click()
    await expect.poll(() => page.locator(':focus').textContent()).toBe('mixtral')
    const section = sectionOf(page)
    await row(page, 'Port 8888').waitFor()
    expect(await sectionOf(page, 'proxy-only').textContent()).toContain('need a direct SSH connection')
    expect(await sectionOf(page, 'sleeper').count()).toBe(0)
    expect(server.attempts()).toBe(0)
    await inspect(page, 'ports-start')

    // A published port opens through the provider's proxy.
    await row(page, 'Port 8888')
      .getByRole('button', { name: /^Open via proxy/ })
      .click()
    const asked = await questionTitled(scene.running, 'Open a page of mixtral in your browser?')
    await screenshot(asked, 'ports-question-page')
    expect(await addresses()).toEqual([])
    await answerQuestion(scene.running, 'Open a page of mixtral in your browser?', 'Open page')
    await expect.poll(addresses).toEqual(['https://def456-8888.proxy.runpod.net/'])

    // What listens is looked up on request, after the host key was asked about.
    await section.getByRole('button', { name: 'Find services on mixtral' }).click()
    await trustHostKey(scene.running)
    const [jupyterName, boardName] = [`Jupyter, port ${jupyter}`, `TensorBoard, port ${tensorboard}`]
    await row(page, jupyterName).waitFor()
    await section.getByText(/^\d+ other ports? listening$/).waitFor()
    expect(await row(page, 'Port 8888').textContent()).toContain('nothing listens')

    // By keyboard. Main chooses the port here, so nothing is asked.
    await row(page, jupyterName)
      .getByRole('button', { name: /^Forward/ })
      .press('Enter')
    await expect
      .poll(() =>
        row(page, jupyterName)
          .getByRole('button', { name: /^Open: / })
          .count(),
      )
      .toBe(1)
    const [local = ''] =
      /(?<=127\.0\.0\.1:)\d{5}/.exec((await row(page, jupyterName).textContent()) ?? '') ?? []
    expect(await (await fetch(`http://127.0.0.1:${local}/`)).text()).toBe('jupyter-lab')
    await expect
      .poll(() => row(page, jupyterName).textContent())
      .toMatch(/\d+ B in, \d+ B out · 1 connection, 0 open/)

    // The token is in the address that main opens, and nowhere else.
    await row(page, jupyterName)
      .getByRole('button', { name: /^Open: / })
      .click()
    await expect.poll(addresses).toContain(`http://127.0.0.1:${local}/?token=${TOKEN}`)
    await row(page, boardName)
      .getByRole('button', { name: /^Forward/ })
      .click()
    await row(page, boardName)
      .getByRole('button', { name: /^Open: / })
      .click()
    await expect.poll(async () => (await addresses()).at(-1)).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/)
    expect(await page.evaluate('window.app.ports().then((answer) => JSON.stringify(answer))')).not.toContain(
      TOKEN,
    )
    expect(await page.content()).not.toContain(TOKEN)

    // A port by its number, at another one here.
    const form = section.getByRole('form', { name: 'Forward another port of mixtral' })
    await form.getByLabel('Port of the pod').fill('70000')
    expect(await form.textContent()).toContain('A port from 1 to 65535')
    const free = await freePort()
    await form.getByLabel('Port of the pod').fill('9')
    await form.getByLabel('Port here').fill(String(free))
    await form.getByLabel('Port here').press('Enter')
    const port = `Use port ${free} of this computer for mixtral?`
    await screenshot(await questionTitled(scene.running, port), 'ports-question-port')
    await answerQuestion(scene.running, port, 'Use port')
    await expect.poll(() => row(page, 'Port 9').textContent()).toContain('Open')
    await fetch(`http://127.0.0.1:${free}/`).catch(() => null)
    await expect
      .poll(() => row(page, 'Port 9').textContent())
      .toMatch(/Refused.*Nothing listens on port 9 of the pod/)
    await inspect(page, 'ports-open')

    // What a page that is someone else's can ask for.
    const key = await podKeyIn(page, 'def456')
    const ask = (podKey: string, forward: unknown) =>
      page.evaluate<{ ok: boolean }>(
        `window.app.startForward(${JSON.stringify(podKey)}, ${JSON.stringify(forward)})`,
      )
    const wanted: PortForward = { remotePort: 80, localPort: 8_000 }
    for (const forward of [
      { ...wanted, host: '0.0.0.0' },
      { ...wanted, localPort: 0 },
      { ...wanted, remotePort: '80' },
    ])
      expect((await ask(key, forward)).ok).toBe(false)
    expect((await ask(key.replace('def456', 'foreign'), wanted)).ok).toBe(false)
    expect((await ask(key.replace('def456', 'off'), wanted)).ok).toBe(false)

    // Stopped, it stays saved; removed, it is gone. The focus stays in the page.
    await row(page, 'Port 9').getByRole('button', { name: /^Stop/ }).click()
    await row(page, 'Port 9')
      .getByRole('button', { name: /^Remove/ })
      .press('Enter')
    await row(page, 'Port 9').waitFor({ state: 'detached' })
    expect(
      await page.evaluate("document.querySelector('.ports-page').contains(document.activeElement)"),
    ).toBe(true)

    // Forwards at 127.0.0.1 share cookies, which the page says; at an address of its own, the pod has its own.
    await section.getByText('Pages at 127.0.0.1 share their cookies').waitFor()
    await section.getByRole('button', { name: 'Use an address of its own for mixtral' }).click()
    await section.getByText('Pages at 127.0.0.1 share their cookies').waitFor({ state: 'detached' })
    const ownText = async () => (await row(page, jupyterName).textContent()) ?? ''
    await expect.poll(ownText).toMatch(new RegExp(`127\\.\\d+\\.\\d+\\.\\d+:${jupyter}`))
    const [own = ''] = new RegExp(`127\\.\\d+\\.\\d+\\.\\d+:${jupyter}`).exec(await ownText()) ?? []
    expect(own).not.toContain('127.0.0.1')
    await expect.poll(async () => (await fetch(`http://${own}/`)).text().catch(() => '')).toBe('jupyter-lab')
    await expect(fetch(`http://127.0.0.1:${local}/`)).rejects.toThrow()
    await inspect(page, 'ports-own')

    // With its pod it ends.
    await page.evaluate(`window.app.act(${JSON.stringify(key)}, 'stop')`)
    await expect.poll(() => section.textContent()).toContain('The pod was stopped, so its forwards ended.')
    await expect(fetch(`http://${own}/`)).rejects.toThrow()
    await inspect(page, 'ports-stopped')
    expect(errors).toEqual([])

    await scene.crashAndRestart()
    await scene.pasteKey()
    const again = await showMain(scene)
    await goToPorts(again)
    await expect.poll(() => row(again, `Port ${jupyter}`).textContent()).toContain('Stopped')
    await expect(fetch(`http://${own}/`)).rejects.toThrow()
    // None of its files comes or goes any more.
    await scene.running.kill9()
    for (const name of readdirSync(scene.running.dataDir, { recursive: true, withFileTypes: true }))
      if (name.isFile()) expect(readFileSync(join(name.parentPath, name.name), 'latin1')).not.toContain(TOKEN)
  })
}
