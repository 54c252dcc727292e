// All steps of the bench as one function; deployed under each of their names.
import { functionHandler } from '../../infra/function/function-handler.ts'
import { benchToys } from './bridge-toys.ts'

export default functionHandler({
  name: 'bench',
  kind: 'room',
  steps: benchToys as never,
  others: [],
  wire: {},
  migrations: 1,
  version: 'bench',
})
