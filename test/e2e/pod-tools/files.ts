import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { axeFaults, loadAxe } from '../../harness/app/look/axe'
import { dropFiles } from '../../harness/app/act/drop-files'
import { answerQuestion, confirmWindows, questionTitled, trustHostKey } from '../../harness/app/act/questions'
import { card, podKeyIn, type Scene, screenshot, terminalsView } from '../../harness/app/start/scene'
import { waitUntil } from '../../harness/app/act/wait-until'
import { randomFile, sha256 } from '../../harness/ssh/file-pod'
import { type Relay, tempFolder } from '../../harness/ssh/openssh-for-test'

/* Files of a pod behind a real OpenSSH server: dropped, browsed and copied, by a connection that is cut. */

const MB = 1_000_000
const ODD = Buffer.from([0xff, 0x0a, 0xfe])
const HOSTILE = ['..∕up', 'a\u202egnp.exe', 'line\nfeed', '<b>bold<∕b>', '👩‍🚀 émoji', ' ', '-rf']

/** For `describeFiles`: the pod that has the files, and one that can't be reached directly. */
export interface FilesPod {
  readonly scene: Scene
  /** The main window, on its page of pods. */
  readonly page: Page
  readonly relay: Relay
  readonly remote: string
}

const transfer = (page: Page, name: string) =>
  page.getByRole('region', { name: 'Transfers' }).getByRole('listitem', { name, exact: true })
const pane = (page: Page, name: 'On the pod' | 'On this computer') =>
  page.getByRole('region', { name, exact: true })
const focused = (page: Page) =>
  page.evaluate<string>(
    "document.activeElement?.getAttribute('role') === 'row' ? document.activeElement.textContent : ''",
  )

/** What the system's dialog returns from now on. */
const choose = (scene: Scene, path: string) =>
  scene.running.app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] })
  }, path)

async function inspect(page: Page, name: string): Promise<void> {
  await loadAxe(page)
  for (const width of [360, 1_180]) {
    await page.setViewportSize({ width, height: 820 })
    await screenshot(page, `files/${name}-${width}`)
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
  }
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    expect(await axeFaults(page, colorScheme === 'light' ? 'all' : 'contrast')).toEqual([])
    await screenshot(page, `files/${name}-${colorScheme}`)
  }
}

export function describeFiles(of: () => FilesPod): void {
  test('files are dropped on a pod, browsed and copied both ways, and a connection that is cut continues', async () => {
    const { scene, page, relay, remote } = of()
    const local = tempFolder('local')
    const errors: string[] = []
    page.on('console', (message) => errors.push(message.text()))
    page.on('pageerror', (error) => errors.push(error.message))
    writeFileSync(join(local, 'model'), randomFile(16 * MB))
    writeFileSync(join(local, 'secret'), 'not dropped')
    mkdirSync(join(remote, 'odd'))
    for (const name of HOSTILE) writeFileSync(join(remote, 'odd', name), name)
    writeFileSync(Buffer.concat([Buffer.from(`${remote}/odd/`), ODD]), 'bytes')
    symlinkSync('../configs', join(remote, 'odd/link'))

    // A drop that a script makes does nothing, nor do paths in it.
    await page.evaluate(`(() => {
    const data = new DataTransfer()
    const file = new File(['x'], 'secret')
    Object.defineProperty(file, 'path', { value: ${JSON.stringify(join(local, 'secret'))} })
    data.items.add(file)
    const zone = document.querySelector('[data-drop-pod]')
    for (const type of ['dragenter', 'dragover', 'drop'])
      zone.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data }))
  })()`)
    // A real one is asked about, and where it is refused nothing is sent.
    const marked = () => page.locator('[data-drop-over]').count()
    await dropFiles(page, card(page, 'llama'), [join(local, 'model')], async () => {
      await expect.poll(marked).toBe(1)
      await screenshot(page, 'files/over')
    })
    await expect.poll(marked).toBe(0)
    const question = await questionTitled(scene.running, /^Upload/)
    expect(await question.locator('body').innerText()).toMatch(
      /Upload 1 item to llama\?[^]*\/model[^]*To: .*\/pod/,
    )
    expect(confirmWindows(scene.running)).toHaveLength(1)
    await screenshot(question, 'files/question')
    await answerQuestion(scene.running, /^Upload/, 'Cancel')
    await waitUntil('the question to be gone', () => confirmWindows(scene.running).length === 0)
    expect(readdirSync(remote).sort()).toEqual(['configs', 'odd'])
    await dropFiles(page, card(page, 'proxy-only'), [join(local, 'model')], async () =>
      expect(await marked()).toBe(0),
    )

    // Accepted, it continues after the connection was cut in the middle.
    relay.holdAfter(8 * MB)
    await dropFiles(page, card(page, 'llama'), [join(local, 'model')])
    await answerQuestion(scene.running, /^Upload/, 'Upload')
    await trustHostKey(scene.running)
    const model = transfer(page, 'model')
    await expect.poll(() => model.textContent()).toMatch(/Uploading, [\d.]+ MB of 16 MB \(\d+%\)/)
    await expect
      .poll(async () => Number(await model.getByRole('progressbar').getAttribute('aria-valuenow')))
      .toBeGreaterThan(20)
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('llama')
    await inspect(page, 'uploading')
    relay.holdAfter(Infinity)
    relay.cut()
    await expect.poll(() => model.textContent()).toMatch(/Uploaded 1 file, 16 MB/)
    expect(sha256(join(remote, 'model'))).toBe(sha256(join(local, 'model')))

    // Browsed by keyboard.
    await page.getByRole('button', { name: 'Show files' }).press('Enter')
    await expect.poll(() => focused(page)).toMatch(/^configs/)
    await page.keyboard.press('ArrowDown')
    await expect.poll(() => focused(page)).toMatch(/^odd/)
    await page.keyboard.press('Enter')
    const pod = pane(page, 'On the pod')
    await pod.getByRole('row', { name: /link/ }).waitFor()
    const rows = await pod.getByRole('row').allInnerTexts()
    const names = await pod.locator('[role=row] .name > bdi').allTextContents()
    expect(names).toEqual([
      '“ ”',
      '-rf',
      '..∕up',
      '<b>bold<∕b>',
      'a\\u202egnp.exe',
      'line\\nfeed',
      'link',
      '👩‍🚀 émoji',
      '\\xff\\n\\xfe',
    ])
    expect(rows[6]).toContain('→ ../configs (folder)')
    await inspect(page, 'hostile')
    await page.keyboard.press('Backspace')
    await expect.poll(() => focused(page)).toMatch(/^odd/)
    await page.keyboard.press('Enter')
    await pod.getByRole('row', { name: /link/ }).waitFor()

    // What is selected is downloaded to a folder that the system asked for, with its bytes.
    await choose(scene, local)
    // A list has the focus a moment after it is shown.
    await expect.poll(() => focused(page)).toMatch(/^“ ”/)
    await page.keyboard.press('End')
    await expect.poll(() => focused(page)).toContain('\\xff')
    await pod.getByRole('button', { name: 'Download 1 item' }).press('Enter')
    await expect.poll(() => transfer(page, '\\xff\\n\\xfe').textContent()).toContain('Downloaded 1 file')
    expect(readFileSync(Buffer.concat([Buffer.from(`${local}/`), ODD]), 'utf8')).toBe('bytes')

    // Only what is below an opened folder is shown, and it is uploaded after a question.
    const here = pane(page, 'On this computer')
    await here.getByRole('button', { name: 'Open folder…' }).press('Enter')
    await here.getByRole('row', { name: /secret/ }).click()
    await inspect(page, 'panes')
    relay.holdAfter(relay.forwardedBytes())
    await here.getByRole('button', { name: /^Upload 1 item to .*odd$/ }).click()
    await answerQuestion(scene.running, /^Upload/, 'Upload')

    // The folder is listed again, which takes nothing from whoever is at work in it.
    const link = pod.getByRole('row', { name: /link/ })
    await link.click()
    await pod.getByRole('button', { name: 'New folder' }).click()
    await page.keyboard.type('made')
    relay.holdAfter(Infinity)
    await expect.poll(() => transfer(page, 'secret').textContent()).toContain('Uploaded 1 file')
    await pod.getByRole('row', { name: /secret/ }).waitFor()
    await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))')
    expect(await link.getAttribute('aria-selected')).toBe('true')
    expect(await page.evaluate('document.activeElement.value')).toBe('made')
    const ask = (call: string) => page.evaluate<{ ok: boolean }>(`window.app.${call}`)
    const key = JSON.stringify(await podKeyIn(page, 'pod-1'))
    for (const call of [
      `listLocalFolder('guessed', '')`,
      `uploadFrom(${key}, '/', 'guessed', '', ['secret'])`,
      `uploadFrom(${key}, '/', 'guessed', '..', ['secret'])`,
      `uploadFrom(${key}, '/', 'guessed', '', ['../secret'])`,
      `downloadTo(${key}, '/', ['etc'], 'guessed', '')`,
    ])
      expect((await ask(call)).ok).toBe(false)

    // A new folder.
    await page.keyboard.type(' here')
    await page.keyboard.press('Enter')
    await pod.getByRole('row', { name: /made here/ }).waitFor()
    expect(readdirSync(join(remote, 'odd'))).toContain('made here')

    // It is renamed and deleted by keyboard, the latter after a question.
    writeFileSync(join(remote, 'odd/made here/file'), 'x')
    await expect.poll(() => focused(page)).toMatch(/^made here/)
    await page.keyboard.press('F2')
    await pod.getByRole('textbox', { name: 'New name of made here' }).waitFor()
    await page.keyboard.press('Control+A')
    await page.keyboard.type('renamed')
    await inspect(page, 'renaming')
    await page.keyboard.press('Enter')
    await expect.poll(() => focused(page)).toMatch(/^renamed/)
    await page.keyboard.press('Delete')
    const deletion = await questionTitled(scene.running, 'Delete 1 item from llama?')
    expect(await deletion.locator('body').innerText()).toMatch(
      /\/odd\/renamed \(folder\)[^]*everything in them/,
    )
    await screenshot(deletion, 'files/question-delete')
    await answerQuestion(scene.running, /^Delete/, 'Cancel')
    await waitUntil('the question to be gone', () => confirmWindows(scene.running).length === 0)
    expect(readdirSync(join(remote, 'odd/renamed'))).toEqual(['file'])
    await pod.getByRole('button', { name: 'Delete 1 item…' }).click()
    await answerQuestion(scene.running, /^Delete/, 'Delete')
    await pod.getByRole('row', { name: /renamed/ }).waitFor({ state: 'detached' })
    expect(readdirSync(join(remote, 'odd'))).not.toContain('renamed')

    // On a terminal, the transfer is shown beside it.
    await ask(`openTerminal(${key})`)
    await page.locator('.terminal-area .xterm-screen').waitFor()
    await dropFiles(page, page.locator('.terminal-body'), [join(local, 'secret')])
    await answerQuestion(scene.running, /^Upload/, 'Upload')
    const panel = page.getByRole('region', { name: 'Files', exact: true })
    await expect
      .poll(() => panel.getByRole('listitem', { name: 'secret', exact: true }).first().textContent())
      .toMatch(/pod on llamaUploaded 1 file/)
    expect(readFileSync(join(remote, 'secret'), 'utf8')).toBe('not dropped')
    await inspect(page, 'terminal')

    // Once its shell said in which folder it is, they go there.
    const folder = `run 1 of a long name, ${'deep '.repeat(30)}end`
    mkdirSync(join(remote, folder))
    const url = `file://pod${join(remote, folder).replaceAll(' ', '%20')}`
    const terminals = async () => (await terminalsView(page)).terminals
    await expect.poll(async () => (await terminals())[0]?.state.kind).toBe('open')
    const id = (await terminals())[0]?.id
    const told = `printf '\\033]7;%s\\007\\033]2;told\\007' '${url}'\r`
    await ask(`typeInTerminal('${id}', ${JSON.stringify(told)}, 'text')`)
    await expect.poll(async () => (await terminals())[0]?.title).toBe('told')
    await dropFiles(page, page.locator('.terminal-body'), [join(local, 'secret')], async () => {
      await expect.poll(marked).toBe(1)
      await screenshot(page, 'files/over-terminal')
    })
    const toFolder = await questionTitled(scene.running, /^Upload/)
    expect(await toFolder.locator('body').innerText()).toContain(`To: ${join(remote, folder)}`)
    await loadAxe(toFolder)
    for (const colorScheme of ['light', 'dark'] as const) {
      await toFolder.emulateMedia({ colorScheme })
      await screenshot(toFolder, `files/question-terminal-${colorScheme}`)
      expect(await axeFaults(toFolder, colorScheme === 'light' ? 'all' : 'contrast')).toEqual([])
    }
    await answerQuestion(scene.running, /^Upload/, 'Upload')
    await waitUntil('the file', () => existsSync(join(remote, folder, 'secret')))
    expect(errors).toEqual([])
  })
}
