import type { Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { type Scene, terminalsView } from './scene'
import {
  harnessIn,
  openTerminalOf,
  podsPage,
  prepareTerminalHarness,
  showTerminals,
  type TerminalHarness,
  type TerminalHarnessOptions,
} from './terminal-harness'
import { waitUntil } from '../act/wait-until'

/** An app for all terminals of a test file. */
export interface SharedTerminalApp {
  /**
   * A new terminal, the only one, in a main window that was just loaded: below the pods, or on the page of terminals.
   */
  readonly openTerminal: (place: 'below the pods' | 'on its page') => Promise<TerminalHarness>
}

/** To be called once in a test file. */
export function useTerminalApp(options: TerminalHarnessOptions = {}): SharedTerminalApp {
  let base: TerminalHarness | undefined
  let isTrusted = false
  beforeAll(async () => {
    base = await prepareTerminalHarness(options)
  })
  afterAll(() => base?.close())
  return {
    async openTerminal(place) {
      if (base === undefined) throw new Error('the app did not start')
      const { scene } = base
      const page = isTrusted ? await freshMainWindow(scene) : base.page
      const harness = harnessIn({ ...base, page })
      await openTerminalOf(harness, isTrusted)
      isTrusted = true
      if (place === 'on its page') await showTerminals(harness)
      return harness
    },
  }
}

/** Closes all terminals with their windows, and loads the main window anew. */
export async function freshMainWindow(scene: Scene): Promise<Page> {
  await scene.running.app.evaluate(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows())
      if (window.webContents.getURL().includes('window.html#')) window.close()
  })
  await waitUntil('no window but the main one', () =>
    scene.running.app.windows().every((one) => !one.url().includes('window.html#')),
  )
  await waitUntil('no terminal', async () => {
    const { terminals } = await terminalsView(scene.page)
    for (const { id } of terminals)
      await scene.page.evaluate(`window.app.closeTerminal(${JSON.stringify(id)})`)
    return terminals.length === 0
  })
  const page = await podsPage(scene)
  await page.emulateMedia({ colorScheme: null })
  await page.reload()
  return podsPage(scene)
}
