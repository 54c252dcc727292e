import { memorySignals } from '../../../../shared/adapters/memory/signal-store.ts'
import { memoryUniverse } from '../../../../shared/adapters/memory/universe-store.ts'
import { signalStoreContract } from '../../../contracts/signal-store.ts'
import { universeStoreContract } from '../../../contracts/universe-store.ts'

universeStoreContract('memory', async () => memoryUniverse())
signalStoreContract('memory', async () => memorySignals())
