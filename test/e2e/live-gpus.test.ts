import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { axeFaults, loadAxe } from '../harness/app/axe'
import { declineByKeyboard, questionTitled, trustHostKey } from '../harness/app/questions'
import { podKeyIn, screenshot } from '../harness/app/scene'
import { openTerminalScene } from '../harness/app/terminal-scene'
import { waitUntil } from '../harness/app/wait-until'
import { createFakeNvidiaSmi, smiGpus, smiProcesses } from '../harness/fake-nvidia-smi'

/* The GPUs of a pod live, on its page, over real OpenSSH: when they are read, what is shown, and when nothing is read. */

const panelOn = (page: Page) => page.getByRole('region', { name: 'GPUs now' })
const eight = (util: string) => smiGpus(Array.from({ length: 8 }, () => ({ util })))

test('the GPUs of a pod are shown live while somebody looks at them, and only then', async () => {
  const smi = createFakeNvidiaSmi()
  smi.show(eight('94'), smiProcesses(process.pid, [0, 1, 2, 3]))
  const { scene, page, server, openTerminal, view } = await openTerminalScene({ config: smi.config })
  const podKey = await podKeyIn(page, 'pod-1')
  await page.setViewportSize({ width: 1_180, height: 820 })
  await page.evaluate(`window.app.openWindowAt('pod', ${JSON.stringify(podKey)})`)
  const panel = panelOn(page)
  const show = panel.getByRole('button', { name: 'Show GPUs of llama' })
  await show.waitFor()
  expect([server.attempts(), smi.reads()]).toEqual([0, 0])

  // A host key that nobody trusts yet is asked about, and without an answer nothing is read.
  await show.focus()
  await page.keyboard.press('Enter')
  await declineByKeyboard(scene.running, await questionTitled(scene.running, 'Is this llama?'))
  await expect.poll(() => panel.textContent()).toContain('The GPUs of llama couldn’t be read: its host key')
  await panel.getByRole('button', { name: 'Try again' }).click()
  await trustHostKey(scene.running)
  const gpus = panel.getByRole('table', { name: 'GPUs', exact: true })
  await gpus.waitFor()
  await gpus.scrollIntoViewIfNeeded()
  expect(await gpus.getByRole('row').count()).toBe(9)
  expect(await gpus.getByRole('row').nth(1).innerText()).toMatch(
    /0 H100 80GB HBM3\s+94%\s+69\.4 of 79\.6 GiB\s+64 °C\s+662 of 700 W/,
  )
  const processes = panel.getByRole('table', { name: 'Processes on the GPUs' })
  expect(await processes.getByRole('row').nth(1).innerText()).toMatch(/\d+\s+\w+\s+0–3\s+277\.0 GiB\s+.*node/)
  await screenshot(page, 'live-gpus/eight')
  await loadAxe(page)
  expect(await axeFaults(page, 'all')).toEqual([])

  // What changes is shown, and what nvidia-smi doesn't know is said to be unknown.
  smi.show(smiGpus([{ util: '[N/A]', mig: 'Enabled' }, { util: '[N/A]' }, { util: '7' }]))
  await expect.poll(() => gpus.innerText()).toMatch(/MIG[^]*Unknown[^]*7%/)
  expect(await panel.innerText()).toContain('nvidia-smi lists no processes.')
  await page.emulateMedia({ colorScheme: 'light' })
  await screenshot(page, 'live-gpus/unknown-light')
  expect(await axeFaults(page, 'contrast')).toEqual([])
  await page.emulateMedia({ colorScheme: 'dark' })

  // In a window that is hidden nothing is read, also if its page asked.
  const setShown = (isShown: boolean) =>
    scene.running.app.evaluate(({ BrowserWindow }, isWanted) => {
      const main = BrowserWindow.getAllWindows().find((one) =>
        one.webContents.getURL().endsWith('window.html'),
      )
      if (isWanted) main?.show()
      else main?.hide()
    }, isShown)
  await setShown(false)
  const ask = () => page.evaluate(`window.app.readGpus(${JSON.stringify(podKey)}, 'test', 'yes')`)
  await expect.poll(ask).toEqual({ ok: true, value: { kind: 'not-shown' } })
  const readsWhenHidden = smi.reads()
  await setShown(true)
  await expect.poll(smi.reads).toBeGreaterThan(readsWhenHidden + 1)

  // A pod whose nvidia-smi fails is not asked again by itself.
  smi.behave('exit 9')
  await expect.poll(() => panel.textContent()).toContain('nvidia-smi failed with exit code 9.')
  await screenshot(page, 'live-gpus/failed')
  smi.behave(':')

  // Leaving the page ends the connection.
  const ended = () => server.log().match(/Disconnected from user/g)?.length ?? 0
  await panel.getByRole('button', { name: 'Try again' }).click()
  await gpus.waitFor()
  const endedBefore = ended()
  await page.evaluate("window.app.openWindow('costs')")
  await expect.poll(ended).toBe(endedBefore + 1)

  // Beside a connected terminal it starts without being asked, and ends when it is told to.
  const terminal = await openTerminal()
  await waitUntil('the shell', async () => (await view(terminal)).state.kind === 'open')
  await page.evaluate(`window.app.openWindowAt('pod', ${JSON.stringify(podKey)})`)
  await gpus.waitFor()
  await panel.getByRole('button', { name: 'Hide GPUs of llama' }).click()
  await show.waitFor()
  expect(await page.locator(':focus').textContent()).toBe('Show GPUs')

  // In the Terminals page they are beside the terminal.
  smi.show(eight('88'), smiProcesses(process.pid, [0, 1]))
  await page.evaluate("window.app.openWindow('terminals')")
  await page.getByRole('button', { name: 'More for llama' }).click()
  await page.getByRole('menuitem', { name: 'Show GPUs beside it' }).click()
  await gpus.waitFor()
  expect(await gpus.getByRole('row').nth(8).innerText()).toMatch(/7.*\s+88%/)
  await screenshot(page, 'live-gpus/beside-terminal')
  expect(await axeFaults(page, 'all')).toEqual([])
  const before = ended()
  await panel.getByRole('button', { name: 'Hide GPUs of llama' }).click()
  await expect.poll(ended).toBe(before + 1)
  await expect
    .poll(() => page.evaluate('document.activeElement.className'))
    .toContain('xterm-helper-textarea')
})
