import { expect, test } from 'vitest'
import { runActingWorlds } from '../../bench/acting/measure-acting-worlds'

// `npm run bench -- guard/acting` runs 10,000.
test('each rule that is due is carried out, explained by a choice, or said, whatever fails', async () => {
  const verdicts = await runActingWorlds(4, 8)
  expect(verdicts.flatMap(({ wrong }) => wrong)).toEqual([])
  // Proves that the worlds contained enough.
  expect(verdicts.filter(({ wasUnable }) => wasUnable).length).toBeGreaterThan(3)
  expect(verdicts.filter(({ isStopped }) => isStopped).length).toBeGreaterThan(3)
  expect(verdicts.filter(({ wasHandedOver }) => wasHandedOver).length).toBeGreaterThan(0)
})
