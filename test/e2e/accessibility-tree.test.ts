import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchForReading, type ReadingApp } from '../harness/app/start/launch-for-reading'

/* The complete accessibility tree of the popover, as Chromium exposes it to screen readers. */

let reading: ReadingApp
beforeAll(async () => {
  reading = await launchForReading()
})
afterAll(() => reading?.close())

test('the popover with five pods has the expected accessibility tree', async () => {
  await expect(await reading.treeOf('popover', 'pods')).toMatchFileSnapshot('snapshots/popover-pods.txt')
})

test('the popover at first run has the expected accessibility tree', async () => {
  expect(await reading.treeOf('popover', 'first-run')).toMatchInlineSnapshot(`
    "
    banner
      heading "Podkeeper" level=1
    main
      heading "Connect your Runpod account" level=2
      text "Podkeeper watches your pods and tells you when one sits idle. It won’t stop anything until you turn on auto-stop."
      radiogroup "Provider"
        radio "Runpod" checked=true
        text "Runpod"
        radio "Hubify"
        text "Hubify"
      text "API key"
      textbox "API key" focused (Podkeeper reads the key straight from your clipboard, never through this window, and stores it in the system keyring if there is one. A read-only key is enough to watch; starting and stopping pods needs write access.)
      status live=polite
      button "Paste key"
      button "Open Runpod’s API keys page"
      text "Podkeeper reads the key straight from your clipboard, never through this window, and stores it in the system keyring if there is one. A read-only key is enough to watch; starting and stopping pods needs write access."
      separator
      button "Try the demo"
      text "Simulated pods on this computer, free and without an account. Set a budget, alerts and auto-stop later, where you need them."
    status live=polite
    "
  `)
})

test('a pod whose stop can be undone has the expected accessibility tree', async () => {
  await expect(await reading.treeOf('popover', 'actions')).toMatchFileSnapshot(
    'snapshots/popover-actions.txt',
  )
})
