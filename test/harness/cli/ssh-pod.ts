import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { accountIdOf } from '../../../src/node/account-id'
import { FULL_KEY } from '../../../src/simulator/simulator'
import { podAt } from '../app/start/ssh-pod'
import { SFTP_SUBSYSTEM } from '../ssh/file-pod'
import { startOpenSshForTest, startRelay, tempFolder } from '../ssh/openssh-for-test'
import { captureShell, createSshClient, target, toEndpoint } from '../ssh/ssh-client'
import { type CliOptions, newDataFolder, runCli, startCli, startSimulator } from './cli'

/** A pod "llama" behind a real server, whose host key is trusted unless `trusts` is false. */
export async function prepareSshPod(trusts = true) {
  const dataFolder = newDataFolder()
  const client = createSshClient({ hostKeyFile: join(dataFolder, 'host-keys.json') })
  const server = await startOpenSshForTest({
    authorized: [client.key().publicLine],
    config: [SFTP_SUBSYSTEM],
  })
  const relay = await startRelay(server.port)
  const runpod = await startSimulator([podAt({ ...server, port: relay.port })])
  const accountId = accountIdOf(new URL(runpod.url), FULL_KEY)
  if (trusts)
    captureShell(
      await client.connect(
        target(toEndpoint({ ...server, port: relay.port }), { accountId, podId: 'pod-1' }),
      ),
    ).shell.close()
  const folder = tempFolder('files')
  const [pod, local] = [join(folder, 'pod'), join(folder, 'local')]
  for (const path of [pod, local]) mkdirSync(path)
  const options = (...args: readonly string[]) => ({
    args,
    runpod,
    dataFolder,
    env: { HOME: client.home },
  })
  return {
    runpod,
    relay,
    server,
    home: client.home,
    pod,
    local,
    dataFolder,
    accountId,
    run: (...args: readonly string[]) => runCli(options(...args)),
    start: (how: Pick<CliOptions, 'terminal' | 'isRealProgram'>, ...args: readonly string[]) =>
      startCli({ ...options(...args), ...how }),
  }
}
