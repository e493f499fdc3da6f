import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { log, runCommand, UserError } from './lib/log.mjs'
import { inProject, readJson } from './lib/project.mjs'
import { createReleaseKey, makeReleaseFeed } from './lib/release/feed.mjs'

/**
 * `npm run release:feed -- --new-key FILE`: makes the key of releases and prints what a build needs of it.
 *
 * `npm run release:feed -- --key FILE --page URL [--days 30] [--previous FILE]
 * [--oldest-electron VERSION] FILE…`: writes dist/releases.json, the
 * signed feed with this version and these files. See docs/install.md.
 */
await runCommand(async () => {
  const { values, positionals } = readArguments()
  if (values['new-key'] !== undefined) {
    if (existsSync(values['new-key'])) throw new UserError('There is a file of that name.')
    log(`PODKEEPER_RELEASE_KEY=${createReleaseKey(values['new-key'])}`)
    return
  }
  const { text, publicKey, expiresAt } = await makeReleaseFeed({
    keyFile: values.key,
    version: readJson(inProject('package.json')).version,
    page: values.page,
    files: positionals,
    days: Number(values.days),
    previous: values.previous === undefined ? null : readFileSync(values.previous, 'utf8'),
    oldestElectron: values['oldest-electron'],
    nowMs: Date.now(),
  })
  mkdirSync(inProject('dist'), { recursive: true })
  writeFileSync(inProject('dist/releases.json'), text)
  log(`dist/releases.json counts until ${expiresAt}, for builds with the key ${publicKey}`)
})

function readArguments() {
  const options = {
    'new-key': { type: 'string' },
    key: { type: 'string' },
    page: { type: 'string' },
    days: { type: 'string', default: '30' },
    previous: { type: 'string' },
    'oldest-electron': { type: 'string' },
  }
  try {
    const found = parseArgs({ options, allowPositionals: true })
    const { values, positionals } = found
    if (values['new-key'] !== undefined) return found
    if (!values.key || !values.page?.startsWith('https://') || positionals.length === 0)
      throw new Error('A key, an https page and files are needed.')
    if (!(Number(values.days) > 0 && Number(values.days) <= 365)) throw new Error('--days is 1 to 365.')
    if (!/^\d+\.\d+\.\d+$/.test(values['oldest-electron'] ?? '0.0.0'))
      throw new Error('--oldest-electron is a version such as 45.4.1.')
    return found
  } catch (error) {
    throw new UserError(
      `${error.message}\nOptions: --new-key FILE, or --key FILE --page URL [--days 30] [--previous FILE] [--oldest-electron VERSION] FILE…`,
    )
  }
}
