import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { writeFakeEditor } from '../../harness/cli/fake-editor'
import { startOpenSshForTest } from '../../harness/ssh/openssh-for-test'
import type { OpenSshServer } from '../../harness/ssh/openssh-server'
import { axeFaults, loadAxe } from '../../harness/app/look/axe'
import {
  answerQuestion,
  declineByKeyboard,
  questionTitled,
  trustHostKey,
} from '../../harness/app/act/questions'
import { card, podKeyIn, type Scene, screenshot } from '../../harness/app/start/scene'
import { freshMainWindow } from '../../harness/app/start/terminal-app'
import { sshRouteTo } from '../../harness/app/start/ssh-pod'

/* "Edit with" beside a real OpenSSH on both sides, and editors that record what they get. */

const run = promisify(execFile)
const CONFIG = '# mine\r\nHost *\r\n  Port 1'

async function openDialog(page: Page) {
  const more = card(page, 'qwen').getByRole('button', { name: 'Actions of qwen' })
  const button = (await more.boundingBox())!
  await more.click()
  // The menu, which is higher than the room above the button, doesn't cover it: it scrolls.
  const menu = (await page.locator('.menu-popover').boundingBox())!
  expect(menu.y >= button.y + button.height || menu.y + menu.height <= button.y).toBe(true)
  await page.getByRole('menuitem', { name: 'Edit with…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Edit with' })
  await dialog.getByRole('textbox', { name: 'Folder on the pod' }).waitFor()
  return dialog
}

/** For `describeEditWith`: the pod "qwen" with the id abc123, and a home with a folder for programs. */
export interface EditablePod {
  readonly scene: Scene
  readonly home: string
  readonly server: OpenSshServer
  readonly authorized: readonly string[]
}

export function describeEditWith(of: () => EditablePod): void {
  test('a pod opens in an editor once the person agreed to the line, and stays reachable after a restart', async () => {
    const { scene, home, server, authorized } = of()
    const config = join(home, '.ssh/config')
    writeFileSync(config, CONFIG)
    onTestFinished(() => rmSync(config))
    const page = await freshMainWindow(scene)
    await page.setViewportSize({ width: 1_180, height: 820 })
    const cursor = writeFakeEditor(join(home, '.local/bin/cursor'))
    const zed = writeFakeEditor(join(home, '.local/bin/zed'))
    const ssh = async (command: string): Promise<string> =>
      (
        await run('ssh', ['-F', config, '-o', 'BatchMode=yes', 'pod-qwen-abc123', command], {
          env: { PATH: process.env['PATH'] },
        })
      ).stdout

    const dialog = await openDialog(page)
    await expect.poll(() => page.locator(':focus').textContent()).toBe('Cursor')
    expect(await dialog.getByRole('textbox').inputValue()).toBe('/workspace')
    expect(await dialog.getByRole('button', { name: 'Remove line…' }).count()).toBe(0)
    await loadAxe(page)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      expect(await axeFaults(page, colorScheme === 'light' ? 'all' : 'contrast')).toEqual([])
      await screenshot(page, `edit-with-${colorScheme}`)
    }

    // By keyboard: the unknown host key and the line are asked about in the app's own window.
    await page.keyboard.press('Enter')
    await screenshot(await questionTitled(scene.running, 'Open qwen in Cursor?'), 'edit-with-question-editor')
    await answerQuestion(scene.running, 'Open qwen in Cursor?', 'Open editor')
    await trustHostKey(scene.running)
    const question = await questionTitled(scene.running, 'Add a line to your SSH config?')
    expect(await question.textContent('main')).toContain(`Include "${home}/.ssh/podkeeper.d/*.config"`)
    expect(await question.textContent('main')).toContain(config)
    await screenshot(question, 'edit-with-question')
    await declineByKeyboard(scene.running, question)
    await expect.poll(() => dialog.getByRole('status').textContent()).toContain('doesn’t see work')
    expect(readFileSync(config, 'utf8')).toBe(CONFIG)
    expect(cursor()).toEqual([])

    await dialog.getByRole('textbox').fill('/workspace/my code')
    await dialog.getByRole('button', { name: 'Zed' }).click()
    await answerQuestion(scene.running, 'Open qwen in Zed?', 'Open editor')
    await answerQuestion(scene.running, 'Add a line to your SSH config?', 'Add line')
    await expect.poll(zed).toEqual([['ssh://pod-qwen-abc123/workspace/my%20code']])
    await dialog.waitFor({ state: 'detached' })
    expect(readFileSync(config, 'utf8')).toBe(`Include "${home}/.ssh/podkeeper.d/*.config"\r\n${CONFIG}`)
    expect(await ssh('echo reached')).toBe('reached\n')

    // A restart gives the pod another address, which the app writes automatically.
    const moved = await startOpenSshForTest({ authorized, hostKeyFiles: server.hostKeyFiles })
    scene.runpod.setPod('abc123', { overrides: { ssh: sshRouteTo(moved) } })
    const folder = join(home, '.ssh/podkeeper.d')
    const hosts = () =>
      readdirSync(folder)
        .filter((name) => name.endsWith('.config'))
        .map((name) => readFileSync(join(folder, name), 'utf8'))
        .join('')
    await expect.poll(hosts).toContain(`Port ${moved.port}`)
    await server.stop()
    expect(await ssh('echo moved')).toBe('moved\n')

    // A page gets no program started but those that main found, and no folder that isn't one.
    const key = await podKeyIn(page, 'abc123')
    const refused = await page.evaluate(
      `Promise.all([
       window.app.editPodWith(${JSON.stringify(key)}, 'code', '/workspace'),
       window.app.editPodWith(${JSON.stringify(key)}, '/bin/sh', '/workspace'),
       window.app.editPodWith(${JSON.stringify(key)}, 'zed', '--help'),
       window.app.changeSetting('editorCommand', 'sh {alias}'),
     ].map((answer) => answer.then(({ ok }) => ok)))`,
    )
    expect(refused).toEqual([false, false, false, false])
    expect([cursor(), zed().length]).toEqual([[], 1])

    // It goes as easily.
    const again = await openDialog(page)
    await again.getByRole('button', { name: 'Remove line…' }).click()
    await answerQuestion(scene.running, 'Remove the line from your SSH config?', 'Remove line')
    await again.getByRole('button', { name: 'Remove line…' }).waitFor({ state: 'detached' })
    expect(readFileSync(config, 'utf8')).toBe(CONFIG)
    expect(hosts()).toBe('')

    // The command of another editor is typed in the app's own window.
    await again.getByRole('button', { name: 'Set another editor…' }).click()
    await page.getByRole('button', { name: 'Change… Other editor' }).click()
    const asked = await questionTitled(scene.running, 'Command of another editor')
    await asked.getByRole('textbox').fill(`${join(home, '.local/bin/zed')} --to {alias} {folder}`)
    await screenshot(asked, 'edit-with-command')
    await asked
      .getByRole('button', { name: 'Use this command' })
      .click()
      .catch(() => undefined)
    await page.getByText('--to {alias} {folder}').waitFor()
  })
}
