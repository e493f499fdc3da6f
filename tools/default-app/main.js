/*
 * The part of Electron that starts an app for `electron [-r module]… [switches] <folder | file>`. The test
 * runtime lacks it, so this small version is packed into its resources as default_app.asar.
 */
const { app } = require('electron')
const fs = require('node:fs')
const Module = require('node:module')
const path = require('node:path')

const preloads = []
let target = null
const args = process.argv.slice(1)
for (let i = 0; i < args.length && target === null; i++) {
  const arg = args[i]
  if (arg === '-r' || arg === '--require') preloads.push(args[++i])
  else if (arg === '-v' || arg === '--version') {
    console.log(`v${process.versions.electron}`)
    process.exit(0)
  } else if (!arg.startsWith('-')) target = path.resolve(arg)
}
if (target === null) {
  console.error('usage: electron [-r module]… [switches] <folder | file>')
  process.exit(2)
}
for (const name of preloads) require(require.resolve(name, { paths: [process.cwd()] }))

// Like the original: apps use it to tell `electron .` from a packaged app.
Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true })
const packageFile = path.join(target, 'package.json')
const isFolder = fs.existsSync(packageFile)
if (isFolder) {
  const { name, productName, version, desktopName } = JSON.parse(fs.readFileSync(packageFile, 'utf8'))
  if (version) app.setVersion(version)
  app.name = productName || name || app.name
  app.setDesktopName(desktopName || `${app.name}.desktop`)
}
const entry = Module._resolveFilename(target, null, true)
app.setAppPath(isFolder ? target : path.dirname(entry))
Module._load(entry, null, true)
