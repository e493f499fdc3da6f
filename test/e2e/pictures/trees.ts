import { beforeAll, describe, expect, test } from 'vitest'
import { accessibilityTree } from '../../harness/app/look/accessibility-tree'
import { type PictureApp, resetPages } from '../../harness/app/look/picture-app'
import { showState } from '../../harness/app/states/show-state'
import { windowStates } from '../../harness/app/states/window-states'

/** The complete accessibility trees of both windows, as Chromium exposes them to screen readers. */
export function describeTrees(app: () => PictureApp): void {
  describe('for screen readers,', () => {
    // A page also tells what changed since the state before, so the order of these tests matters.
    beforeAll(() => resetPages(app()))

    async function treeOf(window: 'popover' | 'main', name: string): Promise<string> {
      const state = windowStates.find((one) => one.window === window && one.name === name)!
      await showState(app().running.app, app()[window], state)
      return `\n${await accessibilityTree(app()[window])}\n`
    }

    test('the popover with five pods has the expected accessibility tree', async () => {
      await expect(await treeOf('popover', 'pods')).toMatchFileSnapshot('snapshots/popover-pods.txt')
    })

    test('the popover at first run has the expected accessibility tree', async () => {
      expect(await treeOf('popover', 'first-run')).toMatchInlineSnapshot(`
        "
        banner
          heading "Podkeeper" level=1
        main
          heading "Stop paying for idle GPUs" level=2
          text "See which GPUs sit idle, what they cost, and stop them in one click. Podkeeper stops nothing automatically until you turn on auto-stop."
          heading "Connect your Runpod account" level=3
          radiogroup "Provider"
            radio "Runpod" checked=true
            text "Runpod"
            radio "Hubify"
            text "Hubify"
          text "API key"
          textbox "API key" focused (Podkeeper reads the key straight from your clipboard, never through this window, and stores it in the system keyring if there is one. A read-only key is enough to watch; starting and stopping pods needs write access.)
          status live=polite
          button "Paste key"
          button "Open Runpod’s Credentials page"
          text "Podkeeper reads the key straight from your clipboard, never through this window, and stores it in the system keyring if there is one. A read-only key is enough to watch; starting and stopping pods needs write access."
          separator
          button "Try the demo"
          text "Simulated pods on this computer, free and without an account. Set a budget, alerts and auto-stop later, where you need them."
        status live=polite
        "
      `)
    })

    test('a pod whose stop can be undone has the expected accessibility tree', async () => {
      await expect(await treeOf('popover', 'actions')).toMatchFileSnapshot('snapshots/popover-actions.txt')
    })

    test('the main window with five pods has the expected accessibility tree', async () => {
      await expect(await treeOf('main', 'pods')).toMatchFileSnapshot('snapshots/main-pods.txt')
    })

    test('the main window without a response from Runpod has the expected accessibility tree', async () => {
      await expect(await treeOf('main', 'offline')).toMatchFileSnapshot('snapshots/main-offline.txt')
    })
  })
}
