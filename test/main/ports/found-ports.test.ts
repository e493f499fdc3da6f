import { describe, expect, test } from 'vitest'
import { openForwardsFile } from '../../../src/node/data-folder/forwards-file'
import { startProgram, writeJupyterServer } from '../../harness/ssh/listening-program'
import { stoppedPod } from '../../harness/samples/pods'
import { answering, createPortsFixture } from '../../harness/ssh/ports-fixture'
import { listening } from '../../harness/http/listening'

describe('what listens on a pod', () => {
  test('is looked up on request only, after the host key was asked about', async () => {
    const b = await createPortsFixture()
    const http = await listening(answering('x'))
    expect(b.view()).toBeUndefined()
    expect(b.relay.openSocketCount()).toBe(0)
    expect((await b.ports.lookUp('a/p')).ok).toBe(true)
    expect(b.asked).toEqual(['host key of llama'])
    expect(b.view()?.listening).toMatchObject({ kind: 'read' })
    const found = b.view()?.listening
    expect(found?.kind === 'read' && found.ports.find(({ port }) => port === http)?.command).toMatch(/node/)
    await b.ports.lookUp('a/p')
    expect(b.asked).toHaveLength(1)
    // What listened in another run says nothing of this one.
    b.show([b.podAt(b.relay.port, { startedAtMs: 2_000 })])
    expect(b.view()?.listening).toBeNull()
  })

  test('says why it could not be looked up', async () => {
    const b = await createPortsFixture()
    b.answers.isTrusted = false
    await b.ports.lookUp('a/p')
    expect(b.view()?.listening).toMatchObject({ kind: 'failed', reason: expect.stringContaining('trusted') })
    b.show([stoppedPod({ id: 'p' })])
    expect(b.view()?.listening).toBeNull()
    expect((await b.ports.lookUp('a/p')).ok).toBe(false)
  })

  test('the token of Jupyter is read when it is opened, and is in that address only', async () => {
    const b = await createPortsFixture()
    const jupyter = await startProgram('jupyter-lab')
    writeJupyterServer(b.server.folder, jupyter, 'secret-one')
    const local = await b.start(jupyter)
    const forward = { remotePort: jupyter, localPort: local }
    expect((await b.ports.open('a/p', forward)).ok).toBe(true)
    // The server was started again.
    writeJupyterServer(b.server.folder, jupyter, 'secret-two')
    expect((await b.ports.open('a/p', forward)).ok).toBe(true)
    expect(b.opened).toEqual([
      `http://127.0.0.1:${local}/?token=secret-one`,
      `http://127.0.0.1:${local}/?token=secret-two`,
    ])
    expect(JSON.stringify([b.published, b.ports.view(), openForwardsFile(b.folder).all()])).not.toMatch(
      /secret/,
    )
  })

  test('another port is opened without a token, and one that is not forwarded not at all', async () => {
    const b = await createPortsFixture()
    const http = await listening(answering('x'))
    const local = await b.start(http)
    expect((await b.ports.open('a/p', { remotePort: http, localPort: local })).ok).toBe(true)
    expect(b.opened).toEqual([`http://127.0.0.1:${local}/`])
    expect((await b.ports.open('a/p', { remotePort: http, localPort: local + 1 })).ok).toBe(false)
    expect(b.opened).toHaveLength(1)
  })
})
