import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { recognizeServices } from '../../../src/core/ports/recognize-services'
import { readListening } from '../../../src/ssh/forward/read-listening'
import { startProgram, writeJupyterServer } from '../../harness/ssh/listening-program'
import { startTrustedServer } from '../../harness/cli/trusted-server'

it('finds services on a real server by their processes, with the token of Jupyter', async () => {
  const [jupyter, tensorboard, other] = await Promise.all([
    startProgram('jupyter-lab'),
    startProgram('tensorboard'),
    startProgram('anything'),
  ])
  const { here, server, where } = await startTrustedServer('direct')
  writeJupyterServer(server.folder, jupyter, 'abc123')
  writeFileSync(join(server.folder, '.local/share/jupyter/runtime', 'jpserver-78.json'), 'no JSON')
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
