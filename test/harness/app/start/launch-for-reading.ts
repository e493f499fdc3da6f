import type { Page } from 'playwright-core'
import { accessibilityTree } from '../look/accessibility-tree'
import { launch } from './launch'
import { prepareForStates, showState } from '../states/show-state'
import { windowStates } from '../states/window-states'

/** Launches the app with both windows, for reading the accessibility tree of a state (`states.ts`). */
export interface ReadingApp {
  readonly treeOf: (window: 'popover' | 'main', name: string) => Promise<string>
  readonly close: () => Promise<void>
}

export async function launchForReading(): Promise<ReadingApp> {
  const running = await launch({ env: { TZ: 'UTC' } })
  const popover = await running.popover()
  await popover.evaluate("window.app.openWindow('pods')")
  const pages: Readonly<Record<'popover' | 'main', Page>> = { popover, main: await running.mainWindow() }
  for (const page of Object.values(pages)) await prepareForStates(running.app, page)
  return {
    async treeOf(window, name) {
      const state = windowStates.find((one) => one.window === window && one.name === name)!
      await showState(running.app, pages[window], state)
      return `\n${await accessibilityTree(pages[window])}\n`
    },
    close: () => running.close(),
  }
}
