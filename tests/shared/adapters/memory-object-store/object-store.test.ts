import { memoryObjectStore } from '../../../../shared/adapters/memory/object-store.ts'
import { objectStoreContract } from '../../../contracts/object-store.ts'

objectStoreContract('memory', async () => memoryObjectStore())
