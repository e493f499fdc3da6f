import './terminal-parent-port'
import '../../../src/terminal-process/index'
