import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { Settings } from '../../../../src/core/settings/settings'
import type { TerminalId, TerminalView } from '../../../../src/core/terminal/terminal'
import type { SimulatedPodSpec } from '../../../../src/simulator/world/pod-spec'
import { generateKeyPair, type OpenSshServer, startOpenSshServer } from '../../ssh/openssh-server'
import { card, openScene, type Scene, terminalsView } from './scene'
import { podAt } from './ssh-pod'
import { trustHostKey } from '../act/questions'
import { waitUntil } from '../act/wait-until'

/** The shell prompt of the harness. */
export const PROMPT = 'ready$ '

export interface TerminalHarnessOptions {
  /** A command line that the server runs instead of a shell. */
  readonly command?: string
  readonly settings?: Partial<Settings>
  /** Pods beside the one of the terminal. */
  readonly otherPods?: readonly SimulatedPodSpec[]
}

/**
 * The real app with a terminal on a pod backed by a real OpenSSH server. It is the only terminal, and its page is open.
 */
export interface TerminalHarness {
  readonly scene: Scene
  readonly server: OpenSshServer
  /** The user's home folder, with the key that the server accepts. */
  readonly home: string
  /** The main window. */
  readonly page: Page
  /** Sends input without a keyboard, byte for byte, as the window does. Defaults to the first terminal. */
  readonly type: (text: string, terminalId?: TerminalId) => Promise<void>
  readonly terminal: () => Promise<TerminalView>
  /** The drawn lines without trailing spaces. */
  readonly text: () => Promise<string>
  /** Resizes the window until the terminal has this size. */
  resizeTo(columns: number, rows: number): Promise<void>
  close(): Promise<void>
}

/** Opens a terminal as a user does, with the pod's button, and waits for its screen. */
export async function openTerminalHarness(options: TerminalHarnessOptions = {}): Promise<TerminalHarness> {
  const harness = await prepareTerminalHarness(options)
  await openTerminalOf(harness)
  await showTerminals(harness)
  return harness
}

export async function showTerminals({ page, text }: TerminalHarness): Promise<void> {
  await page.getByRole('navigation').getByRole('button', { name: 'Terminals', exact: true }).click()
  await waitUntil('the screen', async () => (await text()) !== '')
}

/** Everything except the terminal. */
export async function prepareTerminalHarness(options: TerminalHarnessOptions = {}): Promise<TerminalHarness> {
  const home = await mkdtemp(join(process.env['PODKEEPER_SESSION'] ?? tmpdir(), 'terminal-'))
  await mkdir(join(home, '.ssh'), { mode: 0o700 })
  const key = generateKeyPair(join(home, '.ssh/id_ed25519'))
  const serverHome = join(home, 'server')
  await mkdir(serverHome)
  const shell = join(home, 'shell')
  const run = options.command ?? 'bash --noprofile --norc'
  const env = `HOME="$HOME" PATH="$PATH" TERM="$TERM" LANG=C.UTF-8 PS1='${PROMPT}'`
  await writeFile(shell, `#!/bin/sh\nexec env -i ${env} ${run}\n`, { mode: 0o755 })
  const server = await startOpenSshServer(serverHome, {
    authorized: [key.publicLine],
    // Ignores the files of the user who runs the tests. The default log level would also write to the terminal.
    config: [`ForceCommand ${shell}`, `SetEnv HOME=${home}`, 'LogLevel INFO'],
  })
  const scene = await openScene({
    pods: [podAt(server), ...(options.otherPods ?? [])],
    // What the server runs instead of a shell doesn't say whether it could keep a session.
    settings: { areTerminalSessionsKept: false, ...options.settings },
    launch: { env: { HOME: home } },
  })
  await scene.pasteKey()
  return harnessIn({ scene, server, home, page: await podsPage(scene) })
}

/** The page of pods in the main window. */
export async function podsPage(scene: Scene): Promise<Page> {
  await scene.page.evaluate("window.app.openWindow('pods')")
  const page = await scene.running.mainWindow()
  await page.getByRole('article').first().waitFor()
  return page
}

type HarnessBase = Pick<TerminalHarness, 'scene' | 'server' | 'home' | 'page'>

/** The harness with this main window. */
export function harnessIn({ scene, server, home, page }: HarnessBase): TerminalHarness {
  let first: TerminalId | null = null
  const harness: TerminalHarness = {
    scene,
    server,
    home,
    page,
    async type(text, terminalId) {
      // Requested once, because windows may ask only a limited number of times.
      first ??= (await harness.terminal()).id
      const id = terminalId ?? first
      await page.evaluate(`window.app.typeInTerminal(${JSON.stringify(id)}, ${JSON.stringify(text)}, 'text')`)
    },
    terminal: () => waitUntil('a terminal', async () => (await terminalsView(page)).terminals.at(-1)),
    text: () => page.evaluate(DRAWN_TEXT),
    async resizeTo(columns, rows) {
      await waitUntil(`a terminal of ${columns} × ${rows}`, async () => {
        const size = await page.evaluate<{ width: number; height: number } | null>(sizeFor(columns, rows))
        if (size !== null && size.width > 0) await page.setViewportSize(size)
        return size === null
      })
    },
    async close() {
      await scene.close()
      await server.stop()
    },
  }
  return harness
}

/** Uses the pod's button and accepts the host key the first time. */
export async function openTerminalOf(
  { page, scene, terminal }: TerminalHarness,
  isTrusted = false,
): Promise<void> {
  await card(page, 'llama').getByRole('button', { name: 'Terminal on llama' }).click()
  if (!isTrusted) await trustHostKey(scene.running)
  await waitUntil('an open terminal', async () => (await terminal()).state.kind === 'open')
}

/** xterm.js without a GPU draws one element per line. */
export const DRAWN_TEXT = `[...document.querySelectorAll('.screen .xterm-rows > div')]
  .map((row) => row.textContent.replaceAll('\\u00a0', ' ').trimEnd()).join('\\n').trimEnd()`

/**
 * The window size in px for this terminal size; null if it already fits, 0 while the terminal is still fitting itself.
 */
const sizeFor = (columns: number, rows: number): string => `(() => {
  const lines = document.querySelector('.screen .xterm-rows')
  const line = lines.firstElementChild
  const pen = document.createElement('canvas').getContext('2d')
  // One by one: there is no shorthand for what xterm.js sets.
  const { fontSize, fontFamily } = getComputedStyle(line)
  pen.font = fontSize + ' ' + fontFamily
  const cell = pen.measureText('W'.repeat(100)).width / 100
  const { width, height } = line.getBoundingClientRect()
  const { clientWidth, clientHeight } = document.querySelector('.screen')
  const hasFit = Math.floor(clientHeight / height) === lines.childElementCount &&
    width <= clientWidth && clientWidth - width < 4 * cell
  if (!hasFit) return { width: 0, height: 0 }
  const across = ${columns} - Math.round(width / cell)
  const down = ${rows} - lines.childElementCount
  if (across === 0 && down === 0) return null
  return { width: Math.round(innerWidth + across * cell), height: Math.round(innerHeight + down * height) }
})()`
