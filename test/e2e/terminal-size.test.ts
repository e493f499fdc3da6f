import { afterAll, expect, test } from 'vitest'
import { openTerminalRig, type TerminalRig } from '../harness/app/terminal-rig'

let rig: TerminalRig
afterAll(() => rig?.close())

test('the pod is told the size that is drawn', async () => {
  rig = await openTerminalRig()
  await rig.fit(80, 24)
  await rig.type(`until [ "$(stty size)" = '24 80' ]; do sleep 0.1; done; echo to''ld\r`)
  await expect.poll(() => rig.text()).toMatch(/^told$/m)
})
