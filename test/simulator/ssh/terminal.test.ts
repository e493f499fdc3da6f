import { describe, expect, it } from 'vitest'
import { startSimulator } from '../../harness/simulator/simulator-fixture'
import { connect, directOf, openShell, type Screen } from './client'

async function inside(options: Parameters<typeof startSimulator>[0] = {}) {
  const pods = [{ id: 'p', name: 'llama', mode: 'training' }] as const
  const { simulator } = await startSimulator({ ssh: 'any-key', pods, ...options })
  return connect(directOf(simulator, 'p'))
}

const prompt = 'root@llama:/workspace# '
const ends = (screen: Screen, words = prompt) =>
  expect.poll(() => screen.text()).toMatch(new RegExp(`${words}$`))
const shows = (screen: Screen, words: string) => expect.poll(() => screen.text()).toContain(words)

describe('a terminal', () => {
  it('echoes, edits, recalls and completes', async () => {
    const screen = await openShell(await inside())
    await ends(screen)
    screen.type('echo helo\u001B[Dl\r')
    await shows(screen, '\r\nhello\r\n')
    screen.type('\u001B[A\u0001\u001B[3~\u001B[3~\u001B[3~\u001B[3~pwd;\u0005 \u007F\r')
    await shows(screen, '\r\n/workspace\r\n')
    screen.type('cat READ\t\r')
    await shows(screen, '# What runs here')
    screen.type('nonsense\u0015whoami\r')
    await shows(screen, '\r\nroot\r\n')
    screen.type('\u001B[200~cd data\u001B[201~\r')
    await ends(screen, 'root@llama:/workspace/data# ')
  })

  it.each([
    ['exit', 'exit 4\r', 4],
    ['Ctrl-D on an empty line', '\u0004', 0],
  ])('ends with %s', async (_, keys, code) => {
    const screen = await openShell(await inside())
    await ends(screen)
    screen.type(keys)
    await expect.poll(() => screen.hasClosed()).toBe(true)
    expect(screen.code()).toBe(code)
  })

  it('clears a line with Ctrl-C', async () => {
    const screen = await openShell(await inside())
    await ends(screen)
    screen.type('rm -r /\u0003')
    await ends(screen, String.raw`\^C\r\n\r\S+${prompt}`)
    screen.type('\r')
    await expect.poll(() => screen.text().split(prompt).length).toBe(4)
    expect(screen.text()).not.toContain('cannot')
  })

  it('follows the log until Ctrl-C', async () => {
    const screen = await openShell(await inside({ now: Date.now, timeFactor: 600 }))
    await ends(screen)
    screen.type('tail -n 0 -f train.log\r')
    await expect.poll(() => screen.text().match(/^step /gm)?.length ?? 0).toBeGreaterThan(3)
    screen.type('\u0003')
    await ends(screen, String.raw`\^C\r\n${prompt}`)
    const steps = [...screen.text().matchAll(/^step (\d+)/gm)].map(([, step]) => Number(step))
    expect(steps).toEqual(steps.map((_, i) => steps[0]! + i * 10))
  })

  it('produces the output of yes only as fast as it is read, and reacts to Ctrl-C', async () => {
    const client = await inside()
    const screen = await openShell(client)
    await ends(screen)
    screen.channel.pause()
    screen.type('yes\r')
    await expect.poll(() => screen.channel.readableLength).toBeGreaterThan(10_000)
    const before = process.memoryUsage().rss
    const other = await openShell(client)
    await ends(other)
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000)
    screen.type('\u0003')
    screen.channel.resume()
    await ends(screen, String.raw`\^C\r\n${prompt}`)
    expect(screen.text().match(/^y\r$/gm)!.length).toBeGreaterThan(1_000)
  })

  it('fits top to the window, follows its size, and ends it with q', async () => {
    const screen = await openShell(await inside(), { cols: 40, rows: 8 })
    await ends(screen)
    screen.type('top\r')
    await shows(screen, 'top - ')
    const shown = screen.text().slice(screen.text().indexOf('top - ')).split('\r\n')
    expect(shown.length).toBeLessThanOrEqual(8)
    expect(Math.max(...shown.map((line) => line.length))).toBeLessThanOrEqual(40)
    screen.channel.setWindow(30, 200, 0, 0)
    screen.type('x')
    await shows(screen, 'python train.py --config config.yaml')
    screen.type('q')
    await ends(screen)
  })
})

it('bounds its lines: what is typed beyond is dropped, and a longer line without a terminal ends the connection', async () => {
  const screen = await openShell(await inside())
  await ends(screen)
  screen.type(`echo ${'x'.repeat(10_000)}`)
  screen.type('\u0015whoami\r')
  await shows(screen, '\r\nroot\r\n')
  expect(screen.text().match(/x/g)?.length).toBeLessThan(4_200)
})
