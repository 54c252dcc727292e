import { memoryLedger } from '../../../../shared/adapters/memory/ledger.ts'
import { memoryOrderStore } from '../../../../shared/adapters/memory/order-store.ts'
import { ledgerContract } from '../../../contracts/ledger.ts'
import { orderStoreContract } from '../../../contracts/order-store.ts'

ledgerContract('memory', async () => memoryLedger())
orderStoreContract('memory', async () => memoryOrderStore())
