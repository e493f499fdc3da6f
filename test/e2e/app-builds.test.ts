import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { APP_ENTRY, placeBuild } from '../../scripts/lib/place-build.mjs'
import { copyApp } from '../harness/app/start/copy-app'
import { openScene, type Scene } from '../harness/app/start/scene'
import { createTerminalDriver } from '../harness/app/start/terminal-driver'
import { waitUntil } from '../harness/app/act/wait-until'

let scene: Scene | undefined
afterAll(() => scene?.close())

/** A build of the same files, each script of which fails and each page of which says that it is the new one. */
function rebuild(out: string, built: string, text: string): void {
  const staged = join(out, 'builds/.new-1')
  cpSync(built, staged, { recursive: true })
  for (const path of readdirSync(staged, { recursive: true, encoding: 'utf8' }))
    if (path.endsWith('.js')) writeFileSync(join(staged, path), `throw new Error(${JSON.stringify(text)})\n`)
    else if (path.endsWith('.html')) writeFileSync(join(staged, path), `<title>${text}</title>\n`)
  placeBuild(out, staged, '9.9.9', { entry: APP_ENTRY })
}

test('an app opens windows, a terminal and what it loads late from its own build after six rebuilds', async () => {
  const appDir = mkdtempSync(join(process.env['PODKEEPER_SESSION'] ?? tmpdir(), 'app-'))
  await copyApp(appDir)
  const out = join(appDir, 'out')
  const [, name = ''] = /builds\/([\w.-]+)\//.exec(readFileSync(join(out, APP_ENTRY.file), 'utf8')) ?? []
  scene = await openScene({ launch: { appDir } })
  const { page, running } = scene
  const built = join(out, 'builds', name)
  // As after the first minute of a program.
  writeFileSync(join(built, 'in-use'), '')
  for (const number of [1, 2, 3, 4, 5, 6]) rebuild(out, built, `build ${number}`)

  await page.evaluate('window.app.startDemo()')
  const podKey = await waitUntil('a pod with a way in', () =>
    page.evaluate<string | undefined>(
      'window.app.snapshot().then(({ value }) => value.pods.find(({ sshRoute }) => sshRoute !== null)?.key)',
    ),
  )
  await page.evaluate("window.app.openWindow('costs')")
  const window = await running.mainWindow()
  await window.getByRole('heading', { name: 'Costs' }).first().waitFor()
  await page.evaluate(`window.app.openTerminal('${podKey}')`)
  const id = await page.evaluate<string>('window.app.terminals().then(({ value }) => value.terminals[0].id)')
  const { type, screen } = createTerminalDriver(window, running)
  await type(id, 'nvidia-smi\r')
  await expect.poll(() => screen(id)).toContain('NVIDIA-SMI')

  expect(() => execFileSync(process.execPath, [join(out, APP_ENTRY.file)], { stdio: 'pipe' })).toThrow(
    'build 6',
  )
  expect(running.output()).not.toContain('build ')
})
