// The toys that take batches as a function; the test bundles it as `npm run build` bundles the real ones.
import { functionHandler } from '../../../infra/function/function-handler.ts'
import { batchToys } from './batch-toys.ts'

export default functionHandler({
  name: 'toys',
  kind: 'room',
  steps: batchToys as never,
  others: [],
  wire: { database: ({ database }: { database: unknown }) => database } as never,
  migrations: 1,
  version: 'test',
})
