import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run, tail } from './run.mjs'
import { log, UserError } from './log.mjs'

/*
 * Requirements on the operating system, checked by loading a library or finding a program on the PATH,
 * because they may not come from a package. Package names are Debian's; where they changed, the newer name
 * comes first.
 */
const LIBRARY_PACKAGES = {
  'libX11-xcb.so.1': ['libx11-xcb1'],
  'libX11.so.6': ['libx11-6'],
  'libXcomposite.so.1': ['libxcomposite1'],
  'libXdamage.so.1': ['libxdamage1'],
  'libXext.so.6': ['libxext6'],
  'libXfixes.so.3': ['libxfixes3'],
  'libXrandr.so.2': ['libxrandr2'],
  'libasound.so.2': ['libasound2t64', 'libasound2'],
  'libatk-1.0.so.0': ['libatk1.0-0t64', 'libatk1.0-0'],
  'libatk-bridge-2.0.so.0': ['libatk-bridge2.0-0t64', 'libatk-bridge2.0-0'],
  'libatspi.so.0': ['libatspi2.0-0t64', 'libatspi2.0-0'],
  'libcairo.so.2': ['libcairo2'],
  'libcups.so.2': ['libcups2t64', 'libcups2'],
  'libdbus-1.so.3': ['libdbus-1-3'],
  'libdrm.so.2': ['libdrm2'],
  'libexpat.so.1': ['libexpat1'],
  'libgbm.so.1': ['libgbm1'],
  'libgio-2.0.so.0': ['libglib2.0-0t64', 'libglib2.0-0'],
  'libglib-2.0.so.0': ['libglib2.0-0t64', 'libglib2.0-0'],
  'libgobject-2.0.so.0': ['libglib2.0-0t64', 'libglib2.0-0'],
  'libgtk-3.so.0': ['libgtk-3-0t64', 'libgtk-3-0'],
  'libnotify.so.4': ['libnotify4'],
  'libnspr4.so': ['libnspr4'],
  'libnss3.so': ['libnss3'],
  'libnssutil3.so': ['libnss3'],
  'libpango-1.0.so.0': ['libpango-1.0-0'],
  'libsecret-1.so.0': ['libsecret-1-0'],
  'libsmime3.so': ['libnss3'],
  'libudev.so.1': ['libudev1'],
  'libxcb.so.1': ['libxcb1'],
  'libxkbcommon.so.0': ['libxkbcommon0'],
}

/** Libraries that Electron opens at run time, so that the loader doesn't report them as missing. */
const RUNTIME_LIBRARIES = ['libgtk-3.so.0', 'libnotify.so.4', 'libsecret-1.so.0']

/** Programs of the desktop session that the end-to-end tests run in. */
const TEST_PROGRAMS = {
  Xvfb: ['xvfb'],
  openbox: ['openbox'],
  'dbus-daemon': ['dbus-daemon', 'dbus'],
  dunst: ['dunst'],
  'xfce4-panel': ['xfce4-panel'],
  'gnome-keyring-daemon': ['gnome-keyring'],
  'notify-send': ['libnotify-bin'],
  xset: ['x11-xserver-utils'],
  setpriv: ['util-linux'],
  'ssh-agent': ['openssh-client'],
  sshd: ['openssh-server'],
  script: ['bsdutils'],
  vttest: ['vttest'],
  xdotool: ['xdotool'],
  zip: ['zip'],
  fakeroot: ['fakeroot'],
}

/** Any of these is the browser of the browser tests. */
const BROWSERS = ['chromium', 'google-chrome', 'google-chrome-stable']
const BROWSER_PACKAGES = ['chromium']
const XFCONF_SERVICE = '/usr/share/dbus-1/services/org.xfce.Xfconf.service'

/**
 * Installs missing packages that Electron needs and, `forTests`, those of the tests' desktop session. Linux
 * only.
 */
export async function ensureSystemPackages({ electron, forTests }) {
  if (process.platform !== 'linux') return
  const missing = await findMissing(electron, forTests)
  if (missing.size === 0) return
  const names = [...missing.keys()].join(', ')
  if (!isInstalled('apt-get')) {
    const packages = [...missing.values()].map(([newest]) => newest)
    throw new UserError(
      `Missing on this system: ${names}. Debian has them in ${unique(packages).join(' ')}; install what your distribution calls these, then try again.`,
    )
  }
  const isRoot = process.getuid() === 0
  if (isRoot) {
    log('Refreshing the list of Debian packages …')
    // Not fatal: one broken package source may not matter, and a missing package fails the installation
    // anyway.
    await apt(['update'])
  }
  const packages = unique(await Promise.all([...missing.values()].map(findPackage)))
  if (!isRoot) {
    throw new UserError(
      `Missing on this system: ${names}. Please run this, then try again:\n  sudo apt-get install --no-install-recommends ${packages.join(' ')}`,
    )
  }
  log(`Installing Debian packages: ${packages.join(' ')} …`)
  const { code, output } = await apt(['install', '-y', '--no-install-recommends', ...packages])
  if (code !== 0) throw new UserError(`apt-get could not install them:\n${tail(output)}`)
  const stillMissing = await findMissing(electron, forTests)
  if (stillMissing.size > 0)
    throw new UserError(`Installed, and yet missing: ${[...stillMissing.keys()].join(', ')}.`)
}

/** Missing libraries and programs, each with its possible package names. */
async function findMissing(electron, forTests) {
  const libraries = [...(await unresolvedLibraries(electron)), ...(await missingLibraries(RUNTIME_LIBRARIES))]
  const missing = new Map(libraries.map((name) => [name, LIBRARY_PACKAGES[name] ?? [name]]))
  if (forTests) {
    for (const [name, packages] of Object.entries(TEST_PROGRAMS)) {
      if (!isInstalled(name)) missing.set(name, packages)
    }
    if (!BROWSERS.some(isInstalled)) missing.set('chromium', BROWSER_PACKAGES)
    if (!existsSync(XFCONF_SERVICE)) missing.set('xfconfd', ['xfconf'])
  }
  return missing
}

async function unresolvedLibraries(executable) {
  const { output } = await run('ldd', [executable], { env: { ...process.env, LC_ALL: 'C' } })
  return [...output.matchAll(/^\s*(\S+) => not found/gm)].map(([, name]) => name)
}

async function missingLibraries(names) {
  // Many users have no sbin folder on their PATH.
  const env = {
    ...process.env,
    LC_ALL: 'C',
    PATH: `${process.env.PATH}${delimiter}/usr/sbin${delimiter}/sbin`,
  }
  const { code, output } = await run('ldconfig', ['-p'], { env })
  return code === 0 ? names.filter((name) => !output.includes(`\t${name} `)) : []
}

function isInstalled(name) {
  return `${process.env.PATH}${delimiter}/usr/sbin`.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** The first of a package's names that this distribution has. */
async function findPackage(names) {
  for (const name of names) {
    const { output } = await run('apt-cache', ['policy', name], { env: { ...process.env, LC_ALL: 'C' } })
    if (/Candidate: (?!\(none\))/.test(output)) return name
  }
  return names[0]
}

function apt(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  return run('apt-get', ['-o', 'DPkg::Lock::Timeout=120', '-q', ...args], { env })
}

const unique = (names) => [...new Set(names)].toSorted((a, b) => a.localeCompare(b))
