import { afterEach, expect, test } from 'vitest'
import { type SelfSignedServer, startSelfSignedServer } from '../harness/http/self-signed-server'
import { openScene, type Scene } from '../harness/app/start/scene'

let scene: Scene
let server: SelfSignedServer
afterEach(async () => {
  await scene?.close()
  await server?.close()
})

test('a certificate that cannot be verified gets no key, even if the environment tells Node to accept it', async () => {
  server = await startSelfSignedServer()
  scene = await openScene({
    launch: { env: { RUNPOD_API_BASE_URL: `${server.origin}/v2`, NODE_TLS_REJECT_UNAUTHORIZED: '0' } },
  })
  await scene.pasteKeyByHand()
  await expect.poll(() => scene.page.getByText(/certificate of 127\.0\.0\.1/).count()).toBe(1)
  expect(server.requests).toEqual([])
})
