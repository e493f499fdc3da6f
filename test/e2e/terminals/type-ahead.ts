import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startOpenSshForTest } from '../../harness/ssh/openssh-for-test'
import { minimalShell } from '../../harness/ssh/openssh-server'
import { trustHostKey } from '../../harness/app/act/questions'
import type { SharedTerminalApp } from '../../harness/app/start/terminal-app'
import { card, screenshot } from '../../harness/app/start/scene'
import { podAt } from '../../harness/app/start/ssh-pod'
import { waitUntil } from '../../harness/app/act/wait-until'

/* Input typed before a shell is open, right after the click, as users in a hurry do. */

interface Gate {
  readonly port: number
  /** Delays new connections from now on. */
  readonly shut: () => void
  /** Releases all waiting connections and stops delaying. */
  readonly open: () => void
  /** Cuts all open connections. */
  readonly cut: () => void
  readonly waiting: () => number
}

/** A proxy in front of a server, so that a test controls how long connecting takes. */
async function gateTo(port: number): Promise<Gate> {
  let isOpen = true
  let waiting: Socket[] = []
  const all = new Set<Socket>()
  const letIn = (near: Socket): void => {
    const far = connect(port, '127.0.0.1')
    for (const each of [near, far]) {
      all.add(each)
      each.on('error', () => {}).on('close', () => [near, far].forEach((one) => one.destroy()))
    }
    near.pipe(far).pipe(near)
  }
  const server = createServer({ pauseOnConnect: true }, (near) => {
    near.on('error', () => {})
    if (isOpen) letIn(near)
    else waiting.push(near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = (): void => [...all, ...waiting].forEach((each) => each.destroy())
  onTestFinished(() => {
    cut()
    server.close()
  })
  return {
    port: (server.address() as AddressInfo).port,
    shut: () => void (isOpen = false),
    open() {
      isOpen = true
      waiting.forEach(letIn)
      waiting = []
    },
    cut,
    waiting: () => waiting.length,
  }
}

/** A second pod, whose host key nobody knows yet, behind a gate that is shut. */
async function open(app: SharedTerminalApp) {
  const { scene, page, home } = await app.openTerminal('below the pods')
  const server = await startOpenSshForTest({
    ...minimalShell,
    authorized: [readFileSync(join(home, '.ssh/id_ed25519.pub'), 'utf8').trim()],
  })
  const gate = await gateTo(server.port)
  gate.shut()
  scene.runpod.addPod({ ...podAt({ ...server, port: gate.port }), id: 'gated', name: 'gated' })
  await page.evaluate("window.app.changeSetting('areTerminalSessionsKept', true)")
  onTestFinished(() => page.evaluate("window.app.changeSetting('areTerminalSessionsKept', false)"))
  await page.setViewportSize({ width: 1100, height: 800 })
  // As high as it can be, whatever it was before: what scrolled out of it is in no row.
  const edge = page.getByRole('separator', { name: 'Terminal height' })
  await waitUntil('the highest dock', async () => {
    await edge.press('End')
    return (await edge.getAttribute('aria-valuenow')) === (await edge.getAttribute('aria-valuemax'))
  })
  return { scene, page, gate, dock: page.getByRole('region', { name: 'Terminals' }) }
}

const said = (dock: Locator, words: string) => expect.poll(() => dock.textContent()).toContain(words)
const rows = async (page: Page): Promise<string> =>
  (await page.locator('.xterm-rows > div').allTextContents())
    .map((row) => row.replaceAll('\u00A0', ' ').trimEnd())
    .join('\n')
/** Matches a command's output, which may follow the echo of the typed-ahead input. */
const times = async (page: Page, text: string): Promise<number> => (await rows(page)).split(text).length - 1

async function typeLine(page: Page, text: string): Promise<void> {
  await waitUntil('the keyboard in the terminal', () =>
    page.evaluate<boolean>("document.activeElement.classList.contains('xterm-helper-textarea')"),
  )
  await page.keyboard.type(text)
  await page.keyboard.press('Enter')
}

export function describeTypeAhead(app: SharedTerminalApp): void {
  describe('typing ahead', () => {
    test('typed-ahead input reaches only the requested shell, and neither a server that is being confirmed nor another shell', async () => {
      const { scene, page, gate, dock } = await open(app)
      await card(page, 'gated').getByRole('button', { name: 'Terminal on gated' }).click()
      // Nobody has accepted this server's host key yet.
      await said(dock, 'Connecting to the pod…')
      await typeLine(page, 'echo to-a-stranger-$((1+1))')
      await said(dock, 'What you typed is sent once the shell is open.')
      await screenshot(page, 'terminal-typed-ahead')
      gate.open()
      await said(dock, 'Is this gated?')
      await said(dock, 'What you typed while connecting wasn’t sent')
      await screenshot(page, 'terminal-typed-ahead-question')
      await trustHostKey(scene.running)
      await said(dock, 'ed25519 verified')
      await said(dock, 'What you typed while connecting wasn’t sent')
      await screenshot(page, 'terminal-typed-ahead-dropped')
      await typeLine(page, 'echo by-hand-$((1+1))')
      await expect.poll(() => times(page, 'by-hand-2')).toBe(1)
      expect(await rows(page)).not.toContain('stranger')
      await expect.poll(() => dock.textContent()).not.toContain('wasn’t sent')

      // A second terminal on the server that is now known, immediately after its shortcut.
      gate.shut()
      await page.keyboard.press('Control+Shift+T')
      await waitUntil('its connection', () => gate.waiting() === 1)
      // Until then the window shows the first one, which has the keyboard.
      await said(dock, 'Connecting to the pod…')
      await typeLine(page, 'echo ahead-$((40+2))')
      await typeLine(page, 'echo and-$((40+3))')
      await said(dock, 'What you typed is sent once the shell is open.')
      gate.open()
      await expect.poll(() => times(page, 'and-43')).toBe(1)
      expect(await times(page, 'ahead-42')).toBe(1)
      await expect.poll(() => dock.textContent()).not.toContain('What you typed')

      // A lost connection: the next shell is a different one.
      gate.shut()
      gate.cut()
      await waitUntil('another try', () => gate.waiting() >= 1)
      await typeLine(page, 'echo lost-$((1+1))')
      const refusal = page.getByText('Couldn’t type in gated: The connection was lost')
      await refusal.first().waitFor()
      await screenshot(page, 'terminal-typed-while-lost')
      gate.open()
      await said(dock, 'ed25519 verified')
      await typeLine(page, 'echo back-$((1+1))')
      await expect.poll(() => times(page, 'back-2')).toBe(1)
      expect(await rows(page)).not.toContain('lost-2')
    })
  })
}
