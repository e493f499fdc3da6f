import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { recognizeServices } from '../../../src/core/ports/recognize-services'
import { readListening } from '../../../src/ssh/forward/read-listening'
import { killProcess } from '../../harness/openssh-server'
import { tempFolder } from '../../harness/openssh-for-test'
import { startTrustedServer } from '../../harness/run-command'

/** A program of this name that listens somewhere. */
async function startProgram(name: string): Promise<number> {
  const file = join(tempFolder('program'), name)
  writeFileSync(
    file,
    `const server = require('node:net').createServer().listen(0, '127.0.0.1', () => console.log(server.address().port))`,
  )
  const child = spawn(process.execPath, [file, '--no-browser'], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => killProcess(child))
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return Number(line.toString())
}

it('finds services on a real server by their processes, with the token of Jupyter', async () => {
  const [jupyter, tensorboard, other] = await Promise.all([
    startProgram('jupyter-lab'),
    startProgram('tensorboard'),
    startProgram('anything'),
  ])
  const { here, server, where } = await startTrustedServer('direct')
  const runtime = join(server.folder, '.local/share/jupyter/runtime')
  mkdirSync(runtime, { recursive: true })
  writeFileSync(
    join(runtime, 'jpserver-77.json'),
    JSON.stringify({ pid: 77, port: jupyter, token: 'abc123' }),
  )
  writeFileSync(join(runtime, 'jpserver-78.json'), 'no JSON')
  const reading = await readListening(here.ssh.runCommand, where, new AbortController().signal)
  if (!reading.ok) throw new Error(reading.error.reason)
  expect(reading.value.ports.map(({ port }) => port)).toEqual(
    expect.arrayContaining([jupyter, tensorboard, other, server.port]),
  )
  const services = recognizeServices(reading.value)
  expect(services).toContainEqual({ kind: 'jupyter', port: jupyter, token: 'abc123' })
  expect(services).toContainEqual({ kind: 'tensorboard', port: tensorboard, token: null })
  expect(services.map(({ port }) => port)).not.toContain(other)
})
