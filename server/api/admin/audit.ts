import { browseAudit } from '#server/services/admin/browse-audit'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { listAuditQuery } from '#shared/contracts/admin-records'

export default defineApiRoute({
  GET: apiMethod({
    access: 'admin',
    query: listAuditQuery,
    handle: ({ query: { entity_id: entityId, ...query } }) => browseAudit({ entityId, ...query }),
  }),
})
