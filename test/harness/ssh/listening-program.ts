import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { killProcess } from './openssh-server'
import { tempFolder } from './openssh-for-test'

/** Starts a program of this name that answers HTTP with its name somewhere, until the test is over. Returns its port. */
export async function startProgram(name: string): Promise<number> {
  const file = join(tempFolder('program'), name)
  writeFileSync(
    file,
    `const server = require('node:http').createServer((_, response) => response.setHeader('connection', 'close').end('${name}'))
server.listen(0, '127.0.0.1', () => console.log(server.address().port))`,
  )
  const child = spawn(process.execPath, [file, '--no-browser'], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => killProcess(child))
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return Number(line.toString())
}

/** Writes what a running Jupyter of the user with this home writes for the person who started it. */
export function writeJupyterServer(home: string, port: number, token: string): void {
  const runtime = join(home, '.local/share/jupyter/runtime')
  mkdirSync(runtime, { recursive: true })
  writeFileSync(join(runtime, 'jpserver-77.json'), JSON.stringify({ pid: 77, port, token }))
}
