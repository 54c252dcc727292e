import { memoryRebalances } from '../../../../shared/adapters/memory/rebalance-store.ts'
import { rebalanceStoreContract } from '../../../contracts/rebalance-store.ts'

rebalanceStoreContract('memory', async () => memoryRebalances())
