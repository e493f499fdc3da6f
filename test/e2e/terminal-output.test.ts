import { useTerminalApp } from '../harness/app/start/terminal-app'
import { describeHidden } from './terminals/hidden'
import { describeHostile } from './terminals/hostile'
import { describeAttacks, describeProcess, SOON_STOPPED } from './terminals/process'
import { describeStream } from './terminals/stream'
import { describeVttest } from './terminals/vttest'

/* What programs on a real server write, from plain text to attacks, in one app. Each subject has a terminal of its own. */

const app = useTerminalApp({ settings: SOON_STOPPED })

// First, since it measures how much the app grows.
describeStream(app)
describeVttest(app)
describeHidden(app)
describeHostile(app)
describeProcess(app)
describeAttacks(app)
