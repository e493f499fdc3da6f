import { mkdir, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { openScene, type Scene } from '../harness/app/start/scene'
import { generateKeyPair } from '../harness/ssh/openssh-server'
import { describeLab, labWithPod } from './terminals/lab'
import { describeProxy, proxyPods } from './terminals/proxy'
import { describeShell, shellPods } from './terminals/shell'

/* Terminals on simulated pods, which any key opens, in one app. */

let scene: Scene

beforeAll(async () => {
  const home = await mkdtemp(join(process.env['PODKEEPER_SESSION'] ?? tmpdir(), 'home-'))
  await mkdir(join(home, '.ssh'), { mode: 0o700 })
  generateKeyPair(join(home, '.ssh', 'id_ed25519'))
  scene = await openScene({
    pods: [...shellPods, ...proxyPods],
    ssh: 'any-key',
    hubify: labWithPod,
    launch: { env: { HOME: home, SSH_AUTH_SOCK: '' } },
  })
  await scene.pasteKey()
})
afterAll(() => scene?.close())

const sceneOf = (): Scene => scene

describeShell(sceneOf)
describeProxy(sceneOf)
describeLab(sceneOf)
