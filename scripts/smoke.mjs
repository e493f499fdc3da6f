import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { log, runCommand, UserError } from './lib/log.mjs'
import { smokeOnLinux } from './lib/smoke/smoke-on-linux.mjs'

const QUIT_SECONDS = 30
/** An app that can't start ends before. */
const START_SECONDS = 20

/**
 * `npm run smoke -- EXECUTABLE`: starts a packaged app with data of its own and quits it. On Linux also its icon, its
 * demo and one stop. Fails unless all of that is seen and it ends with code 0.
 */
await runCommand(async () => {
  const [executable, ...others] = process.argv.slice(2)
  if (executable === undefined || others.length > 0 || !existsSync(executable))
    throw new UserError('npm run smoke -- EXECUTABLE, the program in a package')
  const data = mkdtempSync(join(tmpdir(), 'podkeeper-smoke-'))
  const switches = [`--user-data-dir=${data}`, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])]
  const run = (env, ...args) => {
    const child = spawn(resolve(executable), [...switches, ...args], { env, stdio: 'inherit' })
    const ended = new Promise((resolveEnd, reject) => {
      child.on('error', reject)
      child.on('exit', (code, signal) => resolveEnd(code ?? signal))
    })
    return { child, ended }
  }
  let app
  const start = (env) => {
    app = run(env)
    return app.child
  }
  const quit = async (env) => {
    await run(env, '--quit').ended
    const code = await Promise.race([app.ended, delay(QUIT_SECONDS * 1_000, 'not ended')])
    if (code !== 0) throw new UserError(`After --quit it ended with ${code}.`)
    log('It quit')
  }
  try {
    if (process.platform === 'linux') await smokeOnLinux({ start, quit, report: log })
    else await smokeElsewhere({ start, quit, isEnded: () => app.child.exitCode !== null })
  } finally {
    app?.child.kill('SIGKILL')
    rmSync(data, { recursive: true, force: true, maxRetries: 5 })
  }
})

async function smokeElsewhere({ start, quit, isEnded }) {
  start(process.env)
  await delay(START_SECONDS * 1_000)
  if (isEnded()) throw new UserError('It ended while it started.')
  log(`It has run for ${START_SECONDS} s`)
  await quit(process.env)
}
