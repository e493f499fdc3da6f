import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchForReading, type ReadingApp } from '../harness/app/start/launch-for-reading'

/* The complete accessibility tree of the main window, as Chromium exposes it to screen readers. */

let reading: ReadingApp
beforeAll(async () => {
  reading = await launchForReading()
})
afterAll(() => reading?.close())

test('the main window with five pods has the expected accessibility tree', async () => {
  await expect(await reading.treeOf('main', 'pods')).toMatchFileSnapshot('snapshots/main-pods.txt')
})

test('the main window without a response from Runpod has the expected accessibility tree', async () => {
  await expect(await reading.treeOf('main', 'offline')).toMatchFileSnapshot('snapshots/main-offline.txt')
})
