import { existsSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { axeFaults, loadAxe } from '../../harness/app/look/axe'
import { declineByKeyboard, questionTitled, trustHostKey } from '../../harness/app/act/questions'
import { openPalette, podKeyIn, type Scene, screenshot } from '../../harness/app/start/scene'
import type { TerminalDriver } from '../../harness/app/start/terminal-driver'
import { pause, waitUntil } from '../../harness/app/act/wait-until'
import { type FakeNvidiaSmi, smiGpus, smiProcesses } from '../../harness/ssh/fake-nvidia-smi'
import type { OpenSshServer } from '../../harness/ssh/openssh-server'

/*
 * The GPUs of a pod live, over real OpenSSH: when they are read, what is shown, and when nothing is read. Then snippets: how
 * they are saved, and that inserting one runs nothing.
 */

/** An app whose pod has an `nvidia-smi`, and a host key that nobody has accepted yet. */
interface Workbench extends TerminalDriver {
  readonly scene: Scene
  readonly server: OpenSshServer
  readonly page: Page
  readonly smi: FakeNvidiaSmi
}

const panelOn = (page: Page) => page.getByRole('region', { name: 'GPUs now' })
const eight = (util: string) => smiGpus(Array.from({ length: 8 }, () => ({ util })))

export function describeWorkbench(of: () => Workbench): void {
  test('GPUs are shown live only while someone looks at them, and a snippet waits for Enter', async () => {
    const { scene, page, server, smi, openTerminal, view, screen } = of()
    smi.show(eight('94'), smiProcesses(process.pid, [0, 1, 2, 3]))
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
    expect(await processes.getByRole('row').nth(1).innerText()).toMatch(
      /\d+\s+\w+\s+0–3\s+277\.0 GiB\s+.*node/,
    )
    await screenshot(page, 'live-gpus/eight')
    await loadAxe(page)
    expect(await axeFaults(page, 'all')).toEqual([])

    // The guard takes a GPU at work as it takes a look from inside that found work.
    const verdict = () =>
      page.evaluate<string>(
        'window.app.snapshot().then(({ value }) => value.pods[0].insideLook?.verdict.text ?? "")',
      )
    await expect.poll(verdict).toBe('GPU 0 was at 94%')

    // What changes is shown, and what nvidia-smi doesn't know is shown as unknown.
    smi.show(smiGpus([{ util: '[N/A]', mig: 'Enabled' }, { util: '[N/A]' }, { util: '7' }]))
    await expect.poll(() => gpus.innerText()).toMatch(/MIG[^]*Unknown[^]*7%/)
    await expect.poll(() => panel.innerText()).toContain('nvidia-smi lists no processes.')
    await page.emulateMedia({ colorScheme: 'light' })
    await screenshot(page, 'live-gpus/unknown-light')
    expect(await axeFaults(page, 'contrast')).toEqual([])
    await page.emulateMedia({ colorScheme: 'dark' })

    // Out of view it is not read: two readings would be due each time, once the page knows that nobody sees it.
    await page.setViewportSize({ width: 1_180, height: 420 })
    await page.locator('main').evaluate((main) => main.scrollTo(0, 0))
    const readsMeanwhile = async (): Promise<number> => {
      const before = smi.reads()
      await pause(4_500)
      return smi.reads() - before
    }
    await expect.poll(readsMeanwhile).toBe(0)
    const readsOutOfView = smi.reads()
    await page.setViewportSize({ width: 1_180, height: 820 })
    await gpus.scrollIntoViewIfNeeded()
    await expect.poll(smi.reads).toBeGreaterThan(readsOutOfView + 2)

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

    // A pod whose nvidia-smi fails is not asked again automatically.
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
    await expect.poll(() => page.locator(':focus').textContent()).toBe('Show GPUs')

    // In the Terminals page they are beside the terminal.
    smi.show(eight('88'), smiProcesses(process.pid, [0, 1]))
    await page.evaluate("window.app.openWindow('terminals')")
    await page.getByRole('button', { name: 'Actions of llama' }).click()
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

    // A snippet is saved, and one that no shell could be trusted with is not.
    await page.evaluate("window.app.openWindowAt('settings', 'snippets')")
    const settings = page.getByRole('region', { name: 'Snippets' })
    await settings.getByRole('button', { name: 'Add snippet' }).click()
    const dialog = page.getByRole('dialog', { name: 'New snippet' })
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Where am I')
    const command = dialog.getByRole('textbox', { name: 'Command' })
    await command.fill('echo "{pod.name}"')
    await command.press('Enter')
    await expect.poll(() => dialog.textContent()).toContain('A value must stand outside of quotes')
    await screenshot(page, 'snippets/refused')
    await command.fill(`touch ${server.folder}/ran; echo {pod.name}-at-{pod.port}`)
    await command.press('Enter')
    await expect.poll(() => dialog.count()).toBe(0)
    await settings.getByRole('button', { name: 'Edit Where am I' }).waitFor()
    expect(await axeFaults(page, 'all')).toEqual([])
    await screenshot(page, 'snippets/settings')
    await settings.getByRole('button', { name: 'Remove Follow logs in the workspace' }).click()
    await expect.poll(() => settings.textContent()).toContain('Follow logs in the workspace removed')

    // It is put into the terminal as it was shown, and runs once a person presses Enter there.
    await page.evaluate("window.app.openWindow('terminals')")
    await page.getByRole('button', { name: 'Actions of llama' }).click()
    await page.getByRole('menuitem', { name: 'Insert snippet…' }).click()
    const choice = page.getByRole('button', { name: /^Where am I/ })
    await choice.waitFor()
    expect(await choice.textContent()).toContain(`echo llama-at-${server.port}`)
    expect(await axeFaults(page, 'all')).toEqual([])
    await expect.poll(() => page.locator(':focus').textContent()).toContain('GPUs and their processes')
    await screenshot(page, 'snippets/insert')
    await choice.click()
    await expect
      .poll(() => page.evaluate('document.activeElement.className'))
      .toContain('xterm-helper-textarea')
    await expect
      .poll(() => page.locator('.xterm-rows').textContent())
      .toContain(`echo llama-at-${server.port}`)
    expect(existsSync(`${server.folder}/ran`)).toBe(false)
    await page.keyboard.press('Enter')
    await expect.poll(() => existsSync(`${server.folder}/ran`)).toBe(true)
    await expect.poll(() => screen(terminal)).toMatch(new RegExp(`^llama-at-${server.port}`, 'm'))

    // The palette inserts one into a new terminal.
    await page.evaluate("window.app.openWindow('costs')")
    await page.getByRole('heading', { name: 'Costs', level: 1 }).waitFor()
    await openPalette(page)
    await page.keyboard.type('insert a snippet llama')
    await page.getByRole('option', { name: 'Insert a snippet on llama' }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: /^Free disk space/ }).click()
    await expect.poll(() => page.getByRole('tab').count()).toBe(2)
    await expect.poll(() => page.locator('.xterm-rows').textContent()).toMatch(/# df -h/)
  })
}
