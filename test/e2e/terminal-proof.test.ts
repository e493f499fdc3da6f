import { expect, test } from 'vitest'
import { openTerminalRig } from './harness/terminal-rig'
test('try', async () => {
  const rig = await openTerminalRig()
  try {
    console.log(await rig.text())
    await rig.fit(80, 24)
    await rig.type('stty size\r')
    await expect.poll(() => rig.text()).toMatch(/24 80/)
    console.log(await rig.text())
  } finally {
    await rig.close()
  }
})
