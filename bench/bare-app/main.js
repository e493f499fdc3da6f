// The smallest possible Electron tray app: an icon, and a window with one word. It is the baseline of the benchmarks.
const fs = require('node:fs')
const path = require('node:path')
const { app, BrowserWindow, Menu, Tray } = require('electron')

// The app's newest build, which its entry starts.
const entry = path.join(__dirname, '../../out/main/index.js')
const [, build] = /\/builds\/([\w.-]+)\//.exec(fs.readFileSync(entry, 'utf8'))

app.on('window-all-closed', () => {})
void app.whenReady().then(() => {
  const tray = new Tray(path.join(__dirname, '../../out/builds', build, 'icons/calm-24.png'))
  tray.setContextMenu(Menu.buildFromTemplate([{ label: 'Quit', click: () => app.quit() }]))
  globalThis.tray = tray
  Menu.setApplicationMenu(null)
  if (process.argv.includes('--hidden')) return
  const window = new BrowserWindow({
    width: 400,
    height: 720,
    show: false,
    webPreferences: { sandbox: true },
  })
  window.once('ready-to-show', () => window.show())
  void window.loadFile(path.join(__dirname, 'index.html'))
})
