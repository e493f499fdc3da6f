import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll } from 'vitest'
import { card, openScene, type Scene, VOLUME } from '../harness/app/start/scene'
import { podAt } from '../harness/app/start/ssh-pod'
import { endsWithFile } from '../harness/setup/ends-with-file'
import { SFTP_SUBSYSTEM } from '../harness/ssh/file-pod'
import { type Relay, startOpenSshForTest, startRelay, tempFolder } from '../harness/ssh/openssh-for-test'
import { generateKeyPair, minimalShell, type OpenSshServer } from '../harness/ssh/openssh-server'
import { describeEditWith } from './pod-tools/edit-with'
import { describeFiles } from './pod-tools/files'
import { describePorts } from './pod-tools/ports'

/*
 * What an app does with pods behind real OpenSSH servers besides terminals: their files, their ports, and the editors that
 * open them. Each subject has a pod and a server of its own.
 */

const endsWith = endsWithFile()
const home = { path: '', authorized: [] as readonly string[] }
let scene: Scene
let page: Page
let relay: Relay
let remote: string
let editable: OpenSshServer
let withPorts: OpenSshServer

beforeAll(async () => {
  home.path = tempFolder('home', endsWith)
  for (const path of ['.ssh', '.local/bin'])
    mkdirSync(join(home.path, path), { recursive: true, mode: 0o700 })
  home.authorized = [generateKeyPair(join(home.path, '.ssh/id_ed25519')).publicLine]
  remote = join(tempFolder('files', endsWith), 'pod')
  mkdirSync(join(remote, 'configs/inner'), { recursive: true })
  const { authorized } = home
  const withFiles = await startOpenSshForTest(
    { ...minimalShell, authorized, config: [SFTP_SUBSYSTEM] },
    endsWith,
  )
  relay = await startRelay(withFiles.port, endsWith)
  editable = await startOpenSshForTest({ authorized }, endsWith)
  withPorts = await startOpenSshForTest({ authorized }, endsWith)
  const noRoute = { overrides: { ssh: { direct: null, proxy: null } } }
  scene = await openScene({
    pods: [
      { ...podAt({ ...withFiles, port: relay.port }), persistent: { sizeGb: 1, path: remote } },
      { ...podAt(editable), id: 'abc123', name: 'qwen', ...VOLUME },
      { ...podAt(withPorts), id: 'def456', name: 'mixtral', ports: ['22/tcp', '8888/http'], ...VOLUME },
      { id: 'other', name: 'proxy-only', mode: 'training', ...noRoute },
      { id: 'off', name: 'sleeper', mode: 'stopped' },
    ],
    settings: { areTerminalSessionsKept: false },
    launch: { env: { HOME: home.path, SSH_AUTH_SOCK: '', PATH: '/usr/bin:/bin' } },
  })
  endsWith(() => scene.close())
  await scene.pasteKey()
  await scene.page.evaluate("window.app.openWindow('pods')")
  page = await scene.running.mainWindow()
  await page.setViewportSize({ width: 1_180, height: 820 })
  await card(page, 'llama').waitFor()
})

describeFiles(() => ({ scene, page, relay, remote }))
describeEditWith(() => ({ scene, home: home.path, server: editable, authorized: home.authorized }))
// Last, since it restarts the app.
describePorts(() => ({ scene, server: withPorts }))
