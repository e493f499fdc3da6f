import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { onTestFinished } from 'vitest'
import type { TerminalsView, TerminalView } from '../../../src/core/terminal/terminal'
import { folder, openSsh } from '../open-ssh'
import { type KeyPair, makeKey, type OpenSsh, type OpenSshOptions, quickShell } from '../openssh-server'
import { card, openScene, type Scene } from './scene'
import { podAt } from './ssh-pod'
import { until } from './waiting'

export interface TerminalScene {
  readonly scene: Scene
  readonly server: OpenSsh
  readonly key: KeyPair
  /** The main window, at a page without terminals. */
  readonly page: Page
  readonly openTerminal: () => Promise<string>
  /** As `openTerminal`, with the host key trusted and the shell open. */
  readonly openShell: () => Promise<string>
  readonly view: (id: string) => Promise<TerminalView>
  readonly type: (id: string, text: string) => Promise<void>
  /** Its screen, by attaching anew. */
  readonly screen: (id: string) => Promise<string>
}

/** The real app beside a real OpenSSH server, run by somebody who has one key. */
export async function openTerminalScene(
  options: Partial<OpenSshOptions> = {},
  passphrase = '',
): Promise<TerminalScene> {
  const home = folder('home')
  mkdirSync(join(home, '.ssh'), { mode: 0o700 })
  const key = makeKey(join(home, '.ssh/id_ed25519'), 'ed25519', passphrase)
  const server = await openSsh({ ...quickShell, authorized: [key.publicLine], ...options })
  const scene = await openScene({ pods: [podAt(server)], launch: { env: { HOME: home } } })
  onTestFinished(() => scene.close())
  await scene.pasteKey()
  await until('the pod', async () => (await card(scene.page, 'llama').count()) === 1)
  await scene.page.evaluate("window.app.openWindow('settings')")
  const page = await scene.running.mainWindow()
  return { ...driverOf(page), scene, server, key, page }
}

/** Drives terminals as the main window's page would. */
export function driverOf(
  page: Page,
): Pick<TerminalScene, 'openTerminal' | 'openShell' | 'view' | 'type' | 'screen'> {
  async function ask<T>(name: string, ...args: readonly unknown[]): Promise<T> {
    const list = args.map((arg) => JSON.stringify(arg)).join()
    const answer = await page.evaluate<{ ok: boolean; value: T; error?: { message: string } }>(
      `window.app.${name}(${list})`,
    )
    if (!answer.ok) throw new Error(`${name}: ${answer.error?.message}`)
    return answer.value
  }
  const view = async (id: string): Promise<TerminalView> =>
    (await ask<TerminalsView>('terminals')).terminals.find((one) => one.id === id)!
  const openTerminal = async (podId = 'pod-1'): Promise<string> => {
    const id = await ask<string>('openTerminal', podId)
    // Elsewhere, so that no page of the app attaches to it.
    await ask('openWindow', 'settings')
    return id
  }
  const screen = async (id: string): Promise<string> =>
    (await ask<{ screen: string }>('attachTerminal', id, { columns: 100, rows: 30 })).screen
  return {
    openTerminal,
    view,
    screen,
    async openShell() {
      const id = await openTerminal()
      await trust(id)
      await until('the shell', async () => (await view(id)).state.kind === 'open')
      return id
    },
    type: (id, text) => ask('typeInTerminal', id, text, 'text'),
  }

  async function trust(id: string): Promise<void> {
    const fingerprint = await until('the question for the host key', async () => {
      const { state } = await view(id)
      return state.kind === 'asking' && state.question.offered.fingerprint
    })
    await ask('answerHostKey', id, fingerprint, true)
  }
}

/**
 * Attaches, types `text`, and takes `lengthBytes` of output: their hash, the most that was ever unacknowledged, and how
 * long it took, ms.
 */
export function readOutput(
  page: Page,
  id: string,
  text: string,
  lengthBytes: number,
): Promise<{ sha256: string; bytes: number; mostPending: number; events: number; ms: number }> {
  return page.evaluate(
    async ([terminalId, typed, wanted]) => {
      const { app } = globalThis as unknown as { app: import('../../../src/shared/ipc').Bridge }
      const parts: Uint8Array[] = []
      let attachment = -1
      let [bytes, acked, mostPending, unsent] = [0, 0, 0, 0]
      const startedAt = performance.now()
      // Timers are slowed down in a window that something covers.
      const later = new MessageChannel()
      const drawn: (() => void)[] = []
      ;(later.port1 as any).onmessage = () => drawn.shift()?.()
      const done = new Promise<void>((resolve) => {
        app.on('terminalOutput', (output) => {
          if (output.attachment !== attachment) return
          parts.push(output.bytes)
          bytes += output.bytes.length
          unsent += output.bytes.length
          mostPending = Math.max(mostPending, bytes - acked)
          if (bytes >= wanted) resolve()
          // After the present event, as a terminal that draws would.
          drawn.push(() => {
            acked += output.bytes.length
            if (unsent < 64 * 1024 && bytes < wanted) return
            void app.ackTerminal(attachment, unsent)
            unsent = 0
          })
          later.port2.postMessage(null)
        })
      })
      const screen = await app.attachTerminal(terminalId, { columns: 100, rows: 30 })
      if (!screen.ok) throw new Error(screen.error.message)
      attachment = screen.value.attachment
      await app.typeInTerminal(terminalId, typed, 'text')
      await done
      const all = new Uint8Array(await new Blob(parts).arrayBuffer()).slice(0, wanted)
      const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', all))
      const sha256 = Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
      return { sha256, bytes, mostPending, events: parts.length, ms: performance.now() - startedAt }
    },
    [id, text, lengthBytes] as const,
  )
}
