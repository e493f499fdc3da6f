import type { Page } from 'playwright-core'
import { tooManyRequestsText } from '../../../../src/core/base/text/error-text'
import type { TerminalsView, TerminalView } from '../../../../src/core/terminal/terminal'
import type { RunningApp } from './launch'
import { trustHostKey } from '../act/questions'
import { podKeyIn } from './scene'
import { pause, waitUntil } from '../act/wait-until'

/** Controls terminals as the main window's page does. */
export interface TerminalDriver {
  readonly openTerminal: () => Promise<string>
  /** Like `openTerminal`, with the shell open, and the host key accepted unless it is known by now. */
  readonly openShell: (isTrusted?: boolean) => Promise<string>
  readonly view: (id: string) => Promise<TerminalView>
  readonly type: (id: string, text: string) => Promise<void>
  /** Its screen, read by attaching again. */
  readonly screen: (id: string) => Promise<string>
}

export function createTerminalDriver(page: Page, running: RunningApp): TerminalDriver {
  async function callApp<T>(name: string, ...args: readonly unknown[]): Promise<T> {
    const list = args.map((arg) => JSON.stringify(arg)).join()
    for (;;) {
      const answer = await page.evaluate<{ ok: boolean; value: T; error?: { message: string } }>(
        `window.app.${name}(${list})`,
      )
      if (answer.ok) return answer.value
      // A window may ask only so often, which waiting for something slow can exceed.
      if (answer.error?.message !== tooManyRequestsText) throw new Error(`${name}: ${answer.error?.message}`)
      await pause(250)
    }
  }
  const view = async (id: string): Promise<TerminalView> =>
    (await callApp<TerminalsView>('terminals')).terminals.find((one) => one.id === id)!
  const openTerminal = async (podId = 'pod-1'): Promise<string> => {
    const id = await callApp<string>('openTerminal', await podKeyIn(page, podId))
    // A separate page, so that no page of the app attaches to the terminal.
    await callApp('openWindow', 'settings')
    return id
  }
  const screen = async (id: string): Promise<string> =>
    (await callApp<{ screen: string }>('attachTerminal', id, { columns: 100, rows: 30 })).screen
  return {
    openTerminal,
    view,
    screen,
    async openShell(isTrusted = false) {
      const id = await openTerminal()
      if (!isTrusted) await trustHostKey(running)
      await waitUntil('the shell', async () => (await view(id)).state.kind === 'open')
      await waitUntil('the settings', async () => {
        // Again, because the page may have turned to the new terminal meanwhile.
        await callApp('openWindow', 'settings')
        return page.evaluate(
          "document.querySelector('h1')?.textContent === 'Settings' && document.querySelector('.screen') === null",
        )
      })
      return id
    },
    type: (id, text) => callApp('typeInTerminal', id, text, 'text'),
  }
}

/**
 * Attaches, types `text` and consumes `lengthBytes` of output. Returns its hash, the maximum number of unacknowledged
 * bytes, and the duration in ms.
 */
export function readOutput(
  page: Page,
  id: string,
  text: string,
  lengthBytes: number,
): Promise<{ sha256: string; bytes: number; maxPendingBytes: number; events: number; ms: number }> {
  return page.evaluate(
    async ([terminalId, typed, wanted]) => {
      const { app } = globalThis as unknown as { app: import('../../../../src/shared/ipc').Bridge }
      const parts: Uint8Array[] = []
      let attachment = -1
      let [bytes, acked, maxPendingBytes, unsent] = [0, 0, 0, 0]
      const startedAt = performance.now()
      // Timers are throttled in a covered window.
      const later = new MessageChannel()
      const drawn: (() => void)[] = []
      ;(later.port1 as any).onmessage = () => drawn.shift()?.()
      const done = new Promise<void>((resolve) => {
        app.on('terminalOutput', (output) => {
          if (output.attachment !== attachment) return
          parts.push(output.bytes)
          bytes += output.bytes.length
          unsent += output.bytes.length
          maxPendingBytes = Math.max(maxPendingBytes, bytes - acked)
          if (bytes >= wanted) resolve()
          // After the present event, as a real terminal does.
          drawn.push(() => {
            acked += output.bytes.length
            // In parts, or once nothing is left to draw.
            if (unsent < 32 * 1024 && drawn.length > 0) return
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
      return { sha256, bytes, maxPendingBytes, events: parts.length, ms: performance.now() - startedAt }
    },
    [id, text, lengthBytes] as const,
  )
}
