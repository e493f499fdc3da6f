import { resolve } from 'node:path'
import { newDataFolder, runCli, startSimulator } from './cli'
import { startServed } from './served'
import { quickPod } from './watched'

export const tlsFixture = (name: string): string =>
  resolve(import.meta.dirname, '../../fixtures/self-signed', name)
export const teamCa = tlsFixture('certificate.pem')

/** A server on one simulated Runpod, and computers whose account it keeps once they log in, each with a key of its own. */
export async function startTeam() {
  const runpod = await startSimulator([
    quickPod('sleepy', { mode: 'idle' }),
    quickPod('busy1'),
    quickPod('lossy', { mode: 'idle', persistent: null }),
  ])
  const served = await startServed({
    runpod,
    args: ['--port', '0', '--tls-cert', teamCa, '--tls-key', tlsFixture('key.pem')],
  })
  const address = /at (https:\/\/127\.0\.0\.1:\d+)/.exec(served.serve.stdout())?.[1] ?? ''
  const origin = address.replace('127.0.0.1', 'localhost')
  async function startComputer(name: string) {
    const folder = newDataFolder({ undoS: 1, computerName: name })
    const run = (args: readonly string[], input = '') => runCli({ args, runpod, dataFolder: folder, input })
    const login = async (token: string) => run(['login', '--server', origin, '--ca', teamCa], `${token}\n`)
    return { folder, run, login }
  }
  return { runpod, served, origin, startComputer }
}
