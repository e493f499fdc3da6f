import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { Settings } from '../../../src/core/settings/settings'
import type { TerminalId, TerminalView } from '../../../src/core/terminal/terminal'
import { makeKey, type OpenSsh, startOpenSsh } from '../openssh-server'
import { card, openScene, type Scene } from './scene'
import { podAt } from './ssh-pod'
import { until } from './waiting'

/** What the shell of a rig says when it waits. */
export const PROMPT = 'ready$ '

export interface TerminalRigOptions {
  /** What the server runs instead of a shell: a line for one. */
  readonly command?: string
  readonly settings?: Partial<Settings>
}

/** The real app with a terminal on a pod that is a real OpenSSH server; it is the only one, and has its page. */
export interface TerminalRig {
  readonly scene: Scene
  readonly server: OpenSsh
  /** Of the person: with the key that the server takes. */
  readonly home: string
  /** The main window. */
  readonly page: Page
  /** Types without a keyboard: as the window does it, byte by byte as it stands. Into the first terminal, if not told. */
  readonly type: (text: string, into?: TerminalId) => Promise<void>
  readonly terminal: () => Promise<TerminalView>
  /** The lines that are drawn, without spaces at their ends. */
  readonly text: () => Promise<string>
  /** Makes the window so large that the terminal has this size. */
  fit(columns: number, rows: number): Promise<void>
  close(): Promise<void>
}

/** Opens one as a person does, by the button of the pod, and waits for its screen. */
export async function openTerminalRig(options: TerminalRigOptions = {}): Promise<TerminalRig> {
  const rig = await prepareTerminalRig(options)
  await openTerminalOf(rig)
  await rig.page.getByRole('navigation').getByRole('button', { name: 'Terminals', exact: true }).click()
  await until('the screen', async () => (await rig.text()) !== '')
  return rig
}

/** All but the terminal. */
export async function prepareTerminalRig(options: TerminalRigOptions = {}): Promise<TerminalRig> {
  const home = await mkdtemp(join(process.env['PODKEEPER_SESSION'] ?? tmpdir(), 'terminal-'))
  await mkdir(join(home, '.ssh'), { mode: 0o700 })
  const key = makeKey(join(home, '.ssh/id_ed25519'))
  const serverHome = join(home, 'server')
  await mkdir(serverHome)
  const shell = join(home, 'shell')
  const run = options.command ?? 'bash --noprofile --norc'
  const env = `HOME="$HOME" PATH="$PATH" TERM="$TERM" LANG=C.UTF-8 PS1='${PROMPT}'`
  await writeFile(shell, `#!/bin/sh\nexec env -i ${env} ${run}\n`, { mode: 0o755 })
  const server = await startOpenSsh(serverHome, {
    authorized: [key.publicLine],
    // Not the files of whoever runs the tests; and its usual level writes into the terminal as well.
    config: [`ForceCommand ${shell}`, `SetEnv HOME=${home}`, 'LogLevel INFO'],
  })
  const scene = await openScene({
    pods: [podAt(server)],
    settings: options.settings ?? {},
    launch: { env: { HOME: home } },
  })
  await scene.pasteKey()
  await scene.page.evaluate("window.app.openWindow('pods')")
  const page = await scene.running.mainWindow()
  await card(page, 'llama').waitFor()
  const terminals = () =>
    page.evaluate<readonly TerminalView[]>('window.app.terminals().then(({ value }) => value.terminals)')
  let first: TerminalId | null = null
  const rig: TerminalRig = {
    scene,
    server,
    home,
    page,
    async type(text, into) {
      // Asked once: how often a window may ask is limited.
      first ??= (await rig.terminal()).id
      const id = into ?? first
      await page.evaluate(`window.app.typeInTerminal(${JSON.stringify(id)}, ${JSON.stringify(text)}, 'text')`)
    },
    terminal: () => until('a terminal', async () => (await terminals()).at(-1)),
    text: () => page.evaluate(DRAWN_TEXT),
    async fit(columns, rows) {
      await until(`a terminal of ${columns} × ${rows}`, async () => {
        const size = await page.evaluate<{ width: number; height: number } | null>(sizeFor(columns, rows))
        if (size !== null && size.width > 0) await page.setViewportSize(size)
        return size === null
      })
    },
    async close() {
      await scene.close()
      await server.end()
    },
  }
  return rig
}

/** By the button of the pod; the first time its server is trusted. */
export async function openTerminalOf({ page, terminal }: TerminalRig, isTrusted = false): Promise<void> {
  await card(page, 'llama').getByRole('button', { name: 'Terminal on llama' }).click()
  if (!isTrusted) await page.getByRole('button', { name: 'Trust this key' }).click()
  await until('an open terminal', async () => (await terminal()).state.kind === 'open')
}

/** As xterm.js draws it without a GPU: an element for each line. */
const DRAWN_TEXT = `[...document.querySelectorAll('.screen .xterm-rows > div')]
  .map((row) => row.textContent.replaceAll('\\u00a0', ' ').trimEnd()).join('\\n').trimEnd()`

/** How large the window has to be for this size of the terminal, px; null: it is so, 0: it still fits itself in. */
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
