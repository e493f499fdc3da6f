import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { inProject, readJson } from './project.mjs'
import { run, tail } from './run.mjs'
import { log, UserError } from './log.mjs'
import {
  ensureTestRuntime,
  hasTestRuntimePlatform,
  isTestRuntimeForbidden,
  TEST_RUNTIME_VERSION,
  testRuntimePath,
} from './test-runtime.mjs'

const HOST_CHECK_TIMEOUT_MS = 5_000
const DOWNLOAD_TIMEOUT_MS = 15 * 60_000
const FAILURE_CACHE_MS = 60 * 60_000

const failureFile = inProject('.cache/electron-fetch-failed.json')

/**
 * The Electron to run: the one that PODKEEPER_ELECTRON names, else that of package.json, else the test
 * runtime. Throws a `UserError` when there is none; `ensureElectron` installs one.
 */
export function electronPath() {
  const path = configuredElectron() ?? installedElectron() ?? testRuntimePath()
  if (path === null)
    throw new UserError('There is no Electron to run yet: node scripts/set-up.mjs fetches one.')
  return path
}

/** Makes sure that there is an Electron, and prints a line when it is not the one of package.json. */
export async function ensureElectron() {
  const named = configuredElectron()
  if (named !== null) return log(`Using the Electron that PODKEEPER_ELECTRON names: ${named}`)
  if (installedElectron() !== null) return
  const failure = (testRuntimePath() !== null ? recentFailure() : null) ?? (await fetchElectron())
  if (failure === null) return
  const what = `Electron ${requiredVersion()} could not be fetched (${failure})`
  if (isTestRuntimeForbidden() || !hasTestRuntimePlatform()) {
    const reason = isTestRuntimeForbidden()
      ? ', and PODKEEPER_TEST_RUNTIME=never forbids the test runtime'
      : ''
    throw new UserError(
      `${what}${reason}. Name a mirror with ELECTRON_MIRROR, or an Electron that you have with PODKEEPER_ELECTRON=/path/to/electron.`,
    )
  }
  await ensureTestRuntime()
  log(
    `${what}; using the test runtime Electron ${TEST_RUNTIME_VERSION}: out of support, so it talks to this computer only (no real key).`,
  )
}

function configuredElectron() {
  const name = process.env.PODKEEPER_ELECTRON
  if (!name) return null
  const path = resolve(name)
  if (existsSync(path)) return path
  throw new UserError(`PODKEEPER_ELECTRON names ${path}, which does not exist.`)
}

const requiredVersion = () => readJson(inProject('node_modules/electron/package.json')).version

function installedElectron() {
  const folder = inProject('node_modules/electron')
  try {
    const version = readFileSync(join(folder, 'dist/version'), 'utf8').trim().replace(/^v/, '')
    if (version !== requiredVersion()) return null
    const path = join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8'))
    return existsSync(path) ? path : null
  } catch {
    return null
  }
}

/**
 * Throws a `UserError` if a variable asks for the checksums of whoever serves Electron, which would accept any file.
 * Those of the `electron` package count, which package-lock.json fixes.
 */
export function refuseRemoteChecksums(environment = process.env) {
  const name = ['electron_use_remote_checksums', 'npm_config_electron_use_remote_checksums'].find(
    (variable) => environment[variable],
  )
  if (name !== undefined)
    throw new UserError(
      `${name} is set, but Electron is checked by the checksums of its npm package only. Unset it and try again.`,
    )
}

/** The Electron of a release, for packager: downloaded, and checked by the checksums of its npm package. */
export function releaseElectron() {
  refuseRemoteChecksums()
  const checksums = readJson(inProject('node_modules/electron/checksums.json'))
  return { electronVersion: requiredVersion(), download: { checksums } }
}

/** Runs Electron's own installer. Resolves to null, or to a short reason why there is still no Electron. */
async function fetchElectron() {
  const failure = (await findHostProblem()) ?? (await install())
  if (failure === null) {
    rmSync(failureFile, { force: true })
    return null
  }
  // Only with a test runtime to fall back on is a failure worth remembering.
  if (isTestRuntimeForbidden()) return failure
  mkdirSync(dirname(failureFile), { recursive: true })
  writeFileSync(failureFile, JSON.stringify({ atMs: Date.now(), version: requiredVersion(), failure }))
  return failure
}

async function install() {
  refuseRemoteChecksums()
  log(`Fetching Electron ${requiredVersion()} with its own installer (about 120 MB) …`)
  const installer = inProject('node_modules/electron/install.js')
  const { code, output, isTimedOut } = await run(process.execPath, [installer], {
    timeoutMs: DOWNLOAD_TIMEOUT_MS,
  })
  if (isTimedOut) return `not done after ${DOWNLOAD_TIMEOUT_MS / 60_000} minutes`
  if (code === 0 && installedElectron() !== null) return null
  return tail(output).split('\n')[0] || `its installer ended with code ${code}`
}

/**
 * Checks quickly whether the installer's host is reachable, to avoid waiting for a download that can't
 * succeed.
 */
async function findHostProblem() {
  // This check doesn't use a proxy, but the installer might.
  if (process.env.ELECTRON_GET_USE_PROXY || isInInstallerCache()) return null
  const mirror =
    process.env.ELECTRON_MIRROR ||
    process.env.npm_config_electron_mirror ||
    process.env.NPM_CONFIG_ELECTRON_MIRROR ||
    'https://github.com/'
  try {
    await fetch(mirror, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(HOST_CHECK_TIMEOUT_MS),
    })
    return null
  } catch (error) {
    const host = URL.canParse(mirror) ? new URL(mirror).host : mirror
    return `no answer from ${host}: ${error.cause?.code ?? error.cause?.message ?? error.message}`
  }
}

function isInInstallerCache() {
  const { electron_config_cache, LOCALAPPDATA, XDG_CACHE_HOME } = process.env
  const folder = {
    darwin: join(homedir(), 'Library/Caches/electron'),
    win32: join(LOCALAPPDATA ?? homedir(), 'electron/Cache'),
  }[process.platform]
  const cache =
    electron_config_cache || folder || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'electron')
  const archive = `electron-v${requiredVersion()}-${process.platform}-${process.arch}.zip`
  try {
    return readdirSync(cache, { recursive: true }).some((name) => name.endsWith(archive))
  } catch {
    return false
  }
}

function recentFailure() {
  try {
    const { atMs, version, failure } = readJson(failureFile)
    const ageMs = Date.now() - atMs
    return version === requiredVersion() && ageMs >= 0 && ageMs < FAILURE_CACHE_MS ? failure : null
  } catch {
    return null
  }
}
