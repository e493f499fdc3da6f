import { testDetection } from '../harness/monitor/test-detection'

testDetection([
  ['four minutes late', 1_000_001],
  ['nothing is kept on', 1_000_001],
  ['quiet hours are not kept', 1_000_008],
])
