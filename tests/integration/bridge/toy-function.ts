// The toys as a function; the test bundles it as `npm run build` bundles the real ones.
import { functionHandler } from '../../../infra/function/function-handler.ts'
import { toys } from './toys.ts'

export default functionHandler({
  name: 'toys',
  kind: 'room',
  steps: toys as never,
  others: [],
  wire: { database: ({ database }: { database: unknown }) => database } as never,
  migrations: 1,
  version: 'test',
})
