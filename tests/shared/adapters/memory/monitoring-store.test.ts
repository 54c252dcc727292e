import { memoryMonitoring } from '../../../../shared/adapters/memory/monitoring-store.ts'
import { monitoringStoreContract } from '../../../contracts/monitoring-store.ts'

monitoringStoreContract('memory', async () => memoryMonitoring())
