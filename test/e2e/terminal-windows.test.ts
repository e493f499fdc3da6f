import { useTerminalApp } from '../harness/app/start/terminal-app'
import { describeDock } from './terminals/dock'
import { describeMenu } from './terminals/menu'
import { describePodRestart } from './terminals/pod-restart'
import { describePullOut } from './terminals/pull-out'
import { describeTabs } from './terminals/tabs'
import { describeTypeAhead } from './terminals/type-ahead'
import { describeWindow } from './terminals/window'

/* What a person does with terminals over real OpenSSH, in one app. Each subject has a terminal of its own. */

const app = useTerminalApp()

// First, since the pointer of the desktop needs a window whose size no test has set.
describePullOut(app)
describeMenu(app)
// After that of the menu, since the dock keeps its height.
describeDock(app)
describeTabs(app)
describeWindow(app)
describeTypeAhead(app)
describePodRestart(app)
