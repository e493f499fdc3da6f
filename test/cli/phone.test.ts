import { expect, test, vi } from 'vitest'
import { FULL_KEY } from '../../src/simulator/simulator'
import { storeAppAccounts } from '../harness/cli/accounts'
import { newDataFolder, runCli, startCli, startSimulator } from '../harness/cli/cli'
import { NTFY_TOKEN, startNtfyTopics } from '../harness/phone/ntfy-server'
import { BOT_NAME, BOT_TOKEN, startTelegram } from '../harness/phone/telegram-server'

const anna = { id: 7, is_bot: false, first_name: 'Anna' }
const CODE = /this code: (\d{4} \d{4})/
const chat = { id: 7, type: 'private' }

async function openScene(dataFolder = newDataFolder()) {
  const telegram = await startTelegram()
  const env = { PODKEEPER_TEST_TELEGRAM: telegram.origin }
  return {
    telegram,
    dataFolder,
    run: (args: readonly string[], input?: string) =>
      runCli({ args: ['channel', ...args], dataFolder, env, input }),
    /** Pairs the bot with Anna, by the code that the terminal shows. */
    pair: async () => {
      const pairing = startCli({ args: ['channel', 'pair', 'Telegram'], dataFolder, env })
      await pairing.waitForOutput(CODE)
      const [, code = ''] = CODE.exec(pairing.stderr()) ?? []
      telegram.receive({ message: { message_id: 6, from: anna, chat, text: code } })
      return pairing.exited
    },
  }
}

test('a bot is added by its token, paired by the code that the terminal shows, listed and unpaired', async () => {
  const { run, pair, telegram } = await openScene()
  const refused = await run(['add', 'telegram'], 'not a token\n')
  expect(refused).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('This is not the token of a bot'),
  })
  const unknown = await run(['add', 'telegram'], `${BOT_TOKEN}x\n`)
  expect(unknown).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Telegram refuses the bot’s token. Nothing was saved.'),
  })
  const added = await run(['add', 'telegram'], `${BOT_TOKEN}\n`)
  expect(added).toMatchObject({ code: 0, stdout: expect.stringContaining('podkeeper channel pair Telegram') })
  expect(added.stdout + added.stderr).not.toContain(BOT_TOKEN)
  expect((await run(['list'])).stdout).toContain('waiting for pairing')
  expect(await run(['test', 'Telegram'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Nobody is paired'),
  })

  const paired = await pair()
  expect(paired).toMatchObject({ code: 0 })
  expect(paired.stdout).toContain('Paired Telegram with Anna.')
  expect(paired.stderr).toContain(`open @${BOT_NAME}, press Start`)
  const [listed] = JSON.parse((await run(['list', '--json'])).stdout).channels
  expect(listed).toMatchObject({ service: 'telegram', phone: { person: 'Anna' } })
  expect(await run(['test', 'Telegram'])).toMatchObject({ code: 0 })
  expect(telegram.messages().map(({ text }) => text)).toEqual([
    expect.stringContaining('Podkeeper listens to you'),
    expect.stringContaining('Podkeeper can reach you here'),
  ])
  expect(await run(['unpair', 'Telegram'])).toMatchObject({ code: 0 })
  expect(await run(['unpair', 'Telegram'])).toMatchObject({ code: 1 })
})

test('ntfy is told which buttons are offered, and why no stop is', async () => {
  const { run } = await openScene()
  const open = await startNtfyTopics(true)
  const closed = await startNtfyTopics(false)
  await run(['add', 'ntfy', '--name', 'Open'], `${open.origin}/alerts\n`)
  await run(['add', 'ntfy', '--name', 'Closed'], `${closed.origin}/alerts\n${NTFY_TOKEN}\n`)
  const withoutStop = await run(['pair', 'Open'])
  expect(withoutStop.stdout).toMatch(
    /buttons Keep 4 h and Keep until tomorrow[^]*Stop isn’t offered: only where/,
  )
  expect((await run(['pair', 'Closed'])).stdout).toContain('buttons Stop, Keep 4 h and Keep until tomorrow')
  expect((await run(['list'])).stdout).toMatch(/with buttons[^]*with buttons/)
  await run(['add', 'webhook'], `${open.origin}/hook\n`)
  expect((await run(['pair', 'Webhook'])).stderr).toContain('Only Telegram and ntfy take answers.')
})

test('a watch on a server keeps a pod running as its person presses on the phone', async () => {
  const pod = {
    name: 'llama',
    id: 'llama',
    mode: 'idle',
    uptimeS: 86_400,
    persistent: { sizeGb: 20, path: '/workspace' },
  } as const
  const runpod = await startSimulator([pod])
  const scene = await openScene(newDataFolder({ bootMin: 0, idleAlertAfterMin: 0.05 }))
  const { telegram, dataFolder } = scene
  storeAppAccounts(dataFolder, [[runpod, {}]])
  await scene.run(['add', 'telegram'], `${BOT_TOKEN}\n`)
  await scene.pair()
  const watch = startCli({
    args: ['watch', '--log', 'json'],
    runpod,
    dataFolder,
    env: { RUNPOD_API_KEY: FULL_KEY, PATH: '/nonexistent' },
  })
  const message = (text: RegExp) => telegram.messages().find((one) => text.test(one.text))
  await vi.waitFor(() => expect(message(/llama/)).toBeDefined(), { timeout: 60_000 })
  telegram.endPoll()
  await vi.waitFor(() => expect(telegram.isPolled()).toBe(true), { timeout: 60_000 })
  const { buttons } = message(/llama/)!
  telegram.receive({
    callback_query: { id: '9', from: anna, message: { message_id: 5, chat }, data: buttons['Keep 4 h'] },
  })
  await vi.waitFor(() => expect(message(/llama is kept running until/)).toBeDefined(), { timeout: 60_000 })
  watch.child.kill('SIGTERM')
  await watch.exited
  await vi.waitFor(() => expect(telegram.isPolled()).toBe(false))
  const activity = await runCli({ args: ['activity'], dataFolder })
  expect(activity.stdout).toContain('telegram: Anna pressed Keep 4 h for llama.')
})
