import { expect, onTestFinished, test } from 'vitest'
import { type Emulator, loadEmulator } from '../../src/terminal-process/emulator'

/** A terminal of 20 columns in which a pod wrote `output`. */
async function written(output: string): Promise<Emulator> {
  const emulator = (await loadEmulator())({ columns: 20, rows: 5 }, 1_000)
  onTestFinished(() => emulator.dispose())
  emulator.write(Buffer.from(output))
  while (!(await emulator.parse()));
  return emulator
}

const ADDRESS = 'https://docs.example/a/page?with=a-query'
const link = (address: string): string => `\u001B]8;;${address}\u0007here\u001B]8;;\u0007`

test('an address is shown if it stands in the text, also over several rows and in the scrollback', async () => {
  const emulator = await written(`see ${ADDRESS} now\r\n${'line\r\n'.repeat(100)}`)
  expect(emulator.doesShow(ADDRESS)).toBe(true)
  expect(emulator.doesShow(`${ADDRESS}&stolen=1`)).toBe(false)
  expect(emulator.doesShow('https://evil.example/')).toBe(false)
})

test('an address is shown if it stands behind text as a link', async () => {
  const emulator = await written(`${link(ADDRESS)}\r\n${link('https://other.example/')}`)
  expect(emulator.doesShow(ADDRESS)).toBe(true)
  expect(emulator.doesShow('https://other.example/')).toBe(true)
  expect(emulator.doesShow('https://evil.example/')).toBe(false)
})

test('two lines are not one address', async () => {
  const emulator = await written('https://docs.\r\nexample/')
  expect(emulator.doesShow('https://docs.example/')).toBe(false)
})

test('text below a full-screen program is still shown', async () => {
  const emulator = await written(`https://a.example/\r\n\u001B[?1049hhttps://b.example/`)
  expect(emulator.doesShow('https://a.example/')).toBe(true)
  expect(emulator.doesShow('https://b.example/')).toBe(true)
})

test('a flood of links takes no more memory than the last of them', async () => {
  const emulator = await written(
    Array.from({ length: 2_000 }, (_, n) => link(`https://l.example/${n}`)).join(''),
  )
  expect(emulator.doesShow('https://l.example/0')).toBe(false)
  expect(emulator.doesShow('https://l.example/1999')).toBe(true)
})
